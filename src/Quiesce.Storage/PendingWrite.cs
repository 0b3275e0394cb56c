namespace Quiesce.Storage;

/// <summary>A write that waits for its transaction. Its caller hears of it only when that transaction is on disk, or has failed.</summary>
internal abstract class PendingWrite
{
    /// <summary>Does the work and keeps the answer.</summary>
    public abstract void Run(PreparedConnection connection);

    /// <summary>Notes why this write alone was undone; delivered with <see cref="Complete"/>.</summary>
    public abstract void Refuse(Exception reason);

    /// <summary>The transaction is on disk: delivers the answer.</summary>
    public abstract void Complete();

    /// <summary>The transaction failed as a whole.</summary>
    public abstract void Fail(Exception reason);
}

/// <inheritdoc/>
internal sealed class PendingWrite<T>(Func<PreparedConnection, T> write) : PendingWrite
{
    // Continuations run elsewhere: the writer thread belongs to everybody.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _answer;
    private Exception? _refusal;

    public Task<T> Task => _completion.Task;

    public override void Run(PreparedConnection connection) => _answer = write(connection);

    public override void Refuse(Exception reason) => _refusal = reason;

    public override void Complete()
    {
        if (_refusal is null)
            _completion.SetResult(_answer!);
        else
            _completion.SetException(_refusal);
    }

    public override void Fail(Exception reason) => _completion.SetException(reason);
}
