using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>
/// Asks the edge for an operation outside a session: a machine test, a restore, a deletion. Nothing is durable here: who asks is still there to ask again, and every such
/// operation may be repeated (deleting twice is deleting once, R2.6).
/// </summary>
public sealed class Operations(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<OperationReply>> _waiting = new(StringComparer.Ordinal);
    private readonly Channel<OutboxRow> _outgoing = Channel.CreateUnbounded<OutboxRow>();

    /// <summary>Rows to publish; they are in no table.</summary>
    public ChannelReader<OutboxRow> Outgoing => _outgoing.Reader;

    /// <summary>Asks and waits for the reply. A guest's trouble is a reply with a failure; no reply in time is one too, of unknown outcome.</summary>
    public async Task<OperationReply> AskAsync<T>(string operationId, Guest guest, string verb, T request, JsonTypeInfo<T> type, TimeSpan patience, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToNode(request, type)!;
        var waiting = _waiting.GetOrAdd(operationId, _ => new TaskCompletionSource<OperationReply>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            _outgoing.Writer.TryWrite(new OutboxRow(operationId, "", Requests.OperationKind, Requests.Payload(verb, (string?)body["phase"], "", guest, body), 0, time.GetUtcNow(), true));
            return await waiting.Task.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var outcome = Replies.Outcome(verb, null, operationId, null);
            return new OperationReply(1, operationId, "", verb, outcome.Failure, null);
        }
        finally
        {
            _waiting.TryRemove(operationId, out _);
        }
    }

    /// <summary>Hands a reply to whoever asked. False where it belongs to an instance; a reply that nobody waits for any more is dropped.</summary>
    public bool TryTake(OperationReply reply)
    {
        if (reply.InstanceId.Length > 0) return false;
        if (_waiting.TryGetValue(reply.OperationId, out var waiting)) waiting.TrySetResult(reply);
        return true;
    }

    /// <summary>The verb's reply record, or the failure as an error for whoever asked.</summary>
    /// <exception cref="RefusedException">The operation failed, or its reply is not what the verb promises.</exception>
    public static T Expect<T>(OperationReply reply, JsonTypeInfo<T> type, string machine) where T : class
    {
        if (reply.Failure is { } failure) throw new RefusedException(ProblemCodes.GuestFailed, $"machine '{machine}': {failure.Code}: {failure.Message}");
        return reply.Body is { } body && body.Deserialize(type) is { } result
            ? result
            : throw new RefusedException(ProblemCodes.GuestFailed, $"machine '{machine}' answered '{reply.Verb}' with something that is no answer to it; check that its runtime is of this version");
    }
}
