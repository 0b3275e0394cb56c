using Quiesce.Contracts.Bus;
using Quiesce.Jobs;
using Quiesce.Storage;

namespace Quiesce.Server.Bus;

/// <summary>Takes replies in: each becomes a row, once per operation, and is durable before its message is acknowledged. No workflow code runs here.</summary>
internal sealed class ReplyIntake(Store store, SessionRunner runner, Operations operations, RunnerOptions options, TimeProvider time)
{
    /// <exception cref="StorageException">It was not taken; the message has to come again.</exception>
    public async Task TakeAsync(OperationReply reply, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (operations.TryTake(reply))
            return;
        options.Checkpoint?.Invoke($"before reply {reply.OperationId}");
        // A reply that comes twice, before its operation is waited for, or after the end is a row that is ignored, waits, or is not written: the store knows.
        await store.AddStimuliAsync([Replies.Stimulus(reply, time.GetUtcNow())]);
        options.Checkpoint?.Invoke($"after reply {reply.OperationId}");
        runner.Wake(reply.InstanceId);
    }
}
