namespace Quiesce.Storage;

/// <summary>The database: rows in, rows out. It decides nothing. Safe for many callers at once; every write is synced to disk before its task completes.</summary>
public sealed partial class Store : IAsyncDisposable
{
    private readonly SqliteDialect _dialect;
    private readonly TimeProvider _time;
    private readonly WriteQueue _writes;
    private readonly ReadPool _reads;

    private Store(SqliteDialect dialect, TimeProvider time, PreparedConnection writer, int readers)
    {
        _dialect = dialect;
        _time = time;
        _reads = new ReadPool(dialect, readers);
        _writes = new WriteQueue(dialect, writer);
    }

    /// <summary>The database file.</summary>
    public string Path => _dialect.Path;

    /// <summary>Opens or creates the database, checks it, and runs the migrations that are missing.</summary>
    /// <exception cref="StorageException">The file is damaged, locked, not writable, or was written by a newer program.</exception>
    public static Task<Store> OpenAsync(string path, TimeProvider time, CancellationToken ct) => OpenAsync(path, time, new StoreOptions(), ct);

    /// <summary>The same with other settings than the usual ones.</summary>
    /// <exception cref="StorageException">The file is damaged, locked, not writable, or was written by a newer program.</exception>
    public static Task<Store> OpenAsync(string path, TimeProvider time, StoreOptions options, CancellationToken ct) => Task.Run(() => Open(path, time, options), ct);

    /// <summary>Finishes what is queued, then closes. Later calls throw <see cref="StorageException"/> (Closed).</summary>
    public async ValueTask DisposeAsync()
    {
        // Readers first: whoever closes last folds the log into the database file, and that must be the writer.
        _reads.Dispose();
        await _writes.CloseAsync().ConfigureAwait(false);
    }

    private static Store Open(string path, TimeProvider time, StoreOptions options)
    {
        var dialect = new SqliteDialect(System.IO.Path.GetFullPath(path), options.BusyTimeout);
        PreparedConnection? writer = null;
        try
        {
            StoredTime.TeachDapper();
            writer = new PreparedConnection(dialect.OpenWriter());
            dialect.CheckIntegrity(writer.Db);
            SchemaMigrations.Run(writer.Db, dialect.Path, time);
            return new Store(dialect, time, writer, options.Readers);
        }
        catch (Exception e)
        {
            writer?.Dispose();
            var translated = dialect.Translate(e);
            if (translated == e)
                throw;
            throw translated;
        }
    }

    private DateTimeOffset Now => _time.GetUtcNow();

    private Task<T> WriteAsync<T>(Func<PreparedConnection, T> write) => _writes.RunAsync(write);

    private Task<T> ReadAsync<T>(Func<PreparedConnection, T> query, CancellationToken ct) => _reads.RunAsync(query, ct);
}

/// <summary>Settings of a store.</summary>
public sealed record StoreOptions
{
    /// <summary>How long a call waits for another process that holds the database before it throws.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many queries run at once.</summary>
    public int Readers { get; init; } = Math.Max(4, Environment.ProcessorCount);
}
