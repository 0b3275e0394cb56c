using System.Data.Common;

namespace Quiesce.Storage;

/// <summary>Group commit: one thread and one connection write for everybody. Whatever has gathered while the last transaction was synced to disk goes into the next one,
/// so that many callers share one sync. A write that fails is undone alone; the others of its transaction are not touched.</summary>
internal sealed class WriteQueue
{
    private const string Savepoint = "SAVEPOINT one";
    private const string Release = "RELEASE one";
    private const string RollbackToSavepoint = "ROLLBACK TO one";
    private const string Commit = "COMMIT";
    private const string Rollback = "ROLLBACK";

    private readonly SqliteDialect _dialect;
    private readonly PreparedConnection _connection;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<PendingWrite> _gathering = [];
    private bool _isClosed;

    public WriteQueue(SqliteDialect dialect, PreparedConnection connection)
    {
        _dialect = dialect;
        _connection = connection;
        _thread = new Thread(Loop) { IsBackground = true, Name = "Quiesce store writer" };
        _thread.Start();
    }

    /// <summary>Runs the write in the next transaction; done when that is on disk. The write must touch nothing but the connection, because it may be undone.</summary>
    public Task<T> RunAsync<T>(Func<PreparedConnection, T> write)
    {
        var pending = new PendingWrite<T>(write);
        lock (_gate)
        {
            if (_isClosed)
                return Task.FromException<T>(Closed());
            _gathering.Add(pending);
            if (_gathering.Count == 1)
                Monitor.Pulse(_gate);
        }

        return pending.Task;
    }

    /// <summary>Takes nothing new, writes what is queued, and closes the connection.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }

        return _ended.Task;
    }

    public StorageException Closed() => new(StorageProblem.Closed, $"The database {_dialect.Path} is closed, because this process is shutting down. Nothing was written.");

    private void Loop()
    {
        var batch = new List<PendingWrite>();
        while (Take(ref batch))
        {
            Write(batch);
            batch.Clear();
        }

        _connection.Dispose();
        _ended.SetResult();
    }

    private bool Take(ref List<PendingWrite> batch)
    {
        lock (_gate)
        {
            while (_gathering.Count == 0 && !_isClosed)
                Monitor.Wait(_gate);
            (batch, _gathering) = (_gathering, batch);
            return batch.Count > 0;
        }
    }

    private void Write(List<PendingWrite> batch)
    {
        try
        {
            RollBack(); // nothing to do, unless undoing an earlier transaction failed as well
            _connection.Prepared(SqliteDialect.Begin).Run();
            foreach (var write in batch)
                WriteOne(write);
            // Durable from here on. A crash before it repeats nothing and loses only what nobody was told of.
            _connection.Prepared(Commit).Run();
        }
        catch (Exception e) // whatever it is, every caller must hear of it, and the thread must live
        {
            TryRollBack();
            var reason = _dialect.Translate(e);
            foreach (var write in batch)
                write.Fail(reason);
            return;
        }

        foreach (var write in batch)
            write.Complete();
    }

    private void WriteOne(PendingWrite write)
    {
        _connection.Prepared(Savepoint).Run();
        _connection.StartWrite();
        try
        {
            write.Run(_connection);
        }
        catch (Exception e) when (SqliteDialect.IsInTransaction(_connection.Db)) // otherwise the whole transaction is gone, and everybody has to know
        {
            write.Refuse(_dialect.Translate(e));
            _connection.Prepared(RollbackToSavepoint).Run();
        }

        if (_connection.IsUndone)
            _connection.Prepared(RollbackToSavepoint).Run();
        _connection.Prepared(Release).Run();
    }

    private void RollBack()
    {
        if (SqliteDialect.IsInTransaction(_connection.Db))
            _connection.Prepared(Rollback).Run();
    }

    private void TryRollBack()
    {
        try
        {
            RollBack();
        }
        catch (DbException)
        {
            // Tried again before the next transaction, whose callers then hear of it.
        }
    }
}
