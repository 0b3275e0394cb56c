using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Dapper;

namespace Quiesce.Storage;

/// <summary>The numbered scripts in Migrations/, embedded. Each runs once, in its own transaction together with the note that it ran.</summary>
internal static class SchemaMigrations
{
    private const string Prefix = "Quiesce.Storage.Migrations.";

    /// <exception cref="StorageException">The database has a migration that this program does not know.</exception>
    public static void Run(DbConnection connection, string path, TimeProvider time)
    {
        connection.Execute(SqliteDialect.Begin);
        try
        {
            connection.Execute("CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)");
            connection.Execute("COMMIT");
        }
        catch
        {
            if (SqliteDialect.IsInTransaction(connection))
                connection.Execute("ROLLBACK");
            throw;
        }

        var applied = connection.ExecuteScalar<int?>("SELECT MAX(number) FROM schema_migrations") ?? 0;
        var known = Embedded();
        if (applied > known.Count)
        {
            throw new StorageException(StorageProblem.NewerSchema,
                $"The database {path} was written by a newer program (its schema is number {applied}, this program knows up to {known.Count}). Nothing was changed. "
                + "Start the newer program, or give this one another data folder.");
        }

        foreach (var (number, name, sql) in known.Skip(applied))
            Apply(connection, number, name, sql, time);
    }

    /// <summary>All scripts by number.</summary>
    public static IReadOnlyList<(int Number, string Name, string Sql)> Embedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(SqliteDialect.MigrationSuffix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (int.Parse(name.AsSpan(Prefix.Length, 4), CultureInfo.InvariantCulture), name[Prefix.Length..], Text(assembly, name)))];
    }

    private static void Apply(DbConnection connection, int number, string name, string sql, TimeProvider time)
    {
        connection.Execute(SqliteDialect.Begin);
        try
        {
            connection.Execute(sql);
            connection.Execute("INSERT INTO schema_migrations (number, name, applied_at) VALUES (@number, @name, @at)", new { number, name, at = time.GetUtcNow() });
            connection.Execute("COMMIT");
        }
        catch
        {
            if (SqliteDialect.IsInTransaction(connection))
                connection.Execute("ROLLBACK");
            throw;
        }
    }

    private static string Text(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
