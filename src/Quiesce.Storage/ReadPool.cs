using System.Collections.Concurrent;

namespace Quiesce.Storage;

/// <summary>A few connections for queries. Readers do not wait for the writer, nor it for them (write-ahead log); each sees everything committed before it began.</summary>
internal sealed class ReadPool(SqliteDialect dialect, int size) : IDisposable
{
    private readonly ConcurrentBag<PreparedConnection> _idle = [];
    private readonly SemaphoreSlim _free = new(size);
    private volatile bool _isClosed;

    /// <summary>Runs a query. SQLite has no asynchronous calls: the query itself runs on the caller's thread.</summary>
    public async Task<T> RunAsync<T>(Func<PreparedConnection, T> query, CancellationToken ct)
    {
        ThrowIfClosed();
        await _free.WaitAsync(ct).ConfigureAwait(false);
        PreparedConnection? connection = null;
        try
        {
            ThrowIfClosed();
            if (!_idle.TryTake(out connection))
                connection = new PreparedConnection(dialect.OpenReader());
            return query(connection);
        }
        catch (Exception e) when (dialect.Translate(e) is StorageException translated && translated != e)
        {
            // After trouble a fresh connection is cheap, and cannot carry it on.
            connection?.Dispose();
            connection = null;
            throw translated;
        }
        finally
        {
            if (connection is not null)
                _idle.Add(connection);
            _free.Release();
            if (_isClosed)
                Drain();
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        Drain();
    }

    private void Drain()
    {
        while (_idle.TryTake(out var connection))
            connection.Dispose();
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
            throw new StorageException(StorageProblem.Closed, $"The database {dialect.Path} is closed, because this process is shutting down.");
    }
}
