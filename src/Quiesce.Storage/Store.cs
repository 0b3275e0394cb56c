namespace Quiesce.Storage;

/// <summary>The database: rows in, rows out. It decides nothing.</summary>
public sealed partial class Store : IAsyncDisposable
{
    /// <summary>Opens or creates the database, checks it, and runs the migrations that are missing.</summary>
    /// <exception cref="StorageException">The file is damaged, locked, not writable, or was written by a newer program.</exception>
    public static Task<Store> OpenAsync(string path, TimeProvider time, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>The database file.</summary>
    public string Path => throw new NotImplementedException();

    /// <summary>Finishes what is queued, then closes. Later calls throw <see cref="StorageException"/> (Closed).</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
