using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Quiesce.Storage;

/// <summary>Everything that is SQLite's own: how to connect, how to begin, what its errors mean. Another database is another class like this and its own migrations.</summary>
internal sealed class SqliteDialect(string path, TimeSpan busyTimeout)
{
    // Reading a whole big file takes seconds at every start; beyond this size damage is found when it is touched.
    private const long LargestCheckedBytes = 256L << 20;

    public string Path => path;

    /// <summary>What migration files for this database are called behind their number and name.</summary>
    public static string MigrationSuffix => ".sqlite.sql";

    /// <summary>IMMEDIATE takes the write lock at once, so that a batch never fails half-way because somebody else wrote.</summary>
    public static string Begin => "BEGIN IMMEDIATE";

    /// <summary>The one connection that writes; creates the file.</summary>
    public DbConnection OpenWriter()
    {
        CreateFile();
        var connection = Open(SqliteOpenMode.ReadWriteCreate);
        // FULL: an acknowledged commit is in the log and the log is on the disk. NORMAL would lose the last ones when the power goes.
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;");
        return connection;
    }

    /// <summary>A connection for queries: it cannot write even by mistake.</summary>
    public DbConnection OpenReader()
    {
        var connection = Open(SqliteOpenMode.ReadWrite);
        Execute(connection, "PRAGMA query_only = 1;");
        return connection;
    }

    /// <exception cref="StorageException">The file is damaged.</exception>
    public void CheckIntegrity(DbConnection connection)
    {
        if (new FileInfo(path).Length > LargestCheckedBytes)
            return;
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        if (command.ExecuteScalar() is not "ok" and var complaint)
            throw new StorageException(StorageProblem.Corrupt, Damaged($"{complaint}"));
    }

    /// <summary>Some errors, such as a full disk, make SQLite roll the whole transaction back by itself.</summary>
    public static bool IsInTransaction(DbConnection connection) => raw.sqlite3_get_autocommit(((SqliteConnection)connection).Handle) == 0;

    /// <summary>What the exception means to somebody who has to do something about it.</summary>
    public Exception Translate(Exception exception) => exception is not SqliteException e ? exception : e.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new StorageException(StorageProblem.Locked,
            $"The database {path} is locked by another process and did not come free within {busyTimeout.TotalSeconds:0.#} s; nothing was written. "
            + "Close the program that holds it, such as a database browser or a copy job; the call may then be repeated.", e),
        raw.SQLITE_FULL => Full(e),
        raw.SQLITE_IOERR when e.SqliteExtendedErrorCode is raw.SQLITE_IOERR_SHMSIZE => Full(e),
        raw.SQLITE_IOERR => new StorageException(StorageProblem.Other,
            $"The disk reported an error on the database {path} ({e.Message}, {e.SqliteExtendedErrorCode}); nothing was written. Look at the system's log for that disk.", e),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new StorageException(StorageProblem.Corrupt, Damaged(e.Message), e),
        raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => new StorageException(StorageProblem.Unusable,
            $"The database {path} cannot be opened for writing ({e.Message}). Check that its folder exists, that this user may write there, and that the file system is not read-only.", e),
        _ => new StorageException(StorageProblem.Other, $"The database {path} refused a statement: {e.Message} Nothing was written. This is a defect of the program: please report it.", e),
    };

    // Its user's alone, as is what SQLite creates beside it: it holds scripts and what guests said.
    private void CreateFile()
    {
        if (OperatingSystem.IsWindows() || File.Exists(path) || !Directory.Exists(System.IO.Path.GetDirectoryName(path)))
            return;
        new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }).Dispose();
    }

    private StorageException Full(SqliteException e) => new(StorageProblem.Full,
        $"There is no room left on the disk of the database {path}; nothing was written, and everything acknowledged before is safe. Make room there; the work then goes on by itself.", e);

    private string Damaged(string complaint) =>
        $"The database {path} is damaged or is not a SQLite database ({complaint}). Stop this process, put the file and its -wal file aside, "
        + "and bring back a copy of the data folder, or start with an empty one.";

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        // The pool is ours. The default timeout makes the driver give up as soon as SQLite's own busy_timeout has run out.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 1 }.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout = {(long)busyTimeout.TotalMilliseconds}; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
