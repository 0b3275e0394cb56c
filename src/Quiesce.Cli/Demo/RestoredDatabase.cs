using Microsoft.Data.Sqlite;

namespace Quiesce.Cli.Demo;

/// <summary>What the restored database turned out to be.</summary>
/// <param name="Integrity">SQLite's own verdict; <c>ok</c> when all is well.</param>
/// <param name="Orders">Rows in it.</param>
/// <param name="Missing">The first acknowledged order that is not there or not what was written; null when every one is.</param>
internal sealed record RestoredDatabase(string Integrity, long Orders, long? Missing)
{
    public bool Holds(long acknowledged) => Integrity == "ok" && Missing is null && Orders >= acknowledged;

    /// <summary>Opens the database as any application would, which recovers whatever its log holds, and checks it.</summary>
    public static RestoredDatabase Check(string file, long acknowledged)
    {
        if (!File.Exists(file))
            return new RestoredDatabase($"the file {Path.GetFileName(file)} was not restored", 0, acknowledged > 0 ? 1 : null);
        try
        {
            using var database = new SqliteConnection($"Data Source={file};Mode=ReadWrite;Pooling=False");
            database.Open();
            var integrity = (string)Scalar(database, "PRAGMA integrity_check")!;
            return new RestoredDatabase(integrity, (long)Scalar(database, "SELECT count(*) FROM orders")!, FirstMissing(database, acknowledged));
        }
        catch (SqliteException e)
        {
            return new RestoredDatabase(e.Message, 0, 1);
        }
    }

    private static long? FirstMissing(SqliteConnection database, long acknowledged)
    {
        using var command = database.CreateCommand();
        command.CommandText = "SELECT id, item FROM orders WHERE id <= $last ORDER BY id";
        command.Parameters.AddWithValue("$last", acknowledged);
        using var reader = command.ExecuteReader();
        long expected = 1;
        while (reader.Read() && reader.GetInt64(0) == expected && reader.GetString(1) == DemoWriter.ItemOf(expected))
            expected++;
        return expected <= acknowledged ? expected : null;
    }

    private static object? Scalar(SqliteConnection database, string query)
    {
        using var command = database.CreateCommand();
        command.CommandText = query;
        return command.ExecuteScalar();
    }
}
