using System.Collections.Concurrent;
using Quiesce.Engine;

namespace Quiesce.Jobs;

/// <summary>How a request over HTTP ended.</summary>
/// <param name="Response">What the workflow wrote; null when it wrote nothing.</param>
/// <param name="State">How the instance stood then; null when nobody took the request.</param>
/// <param name="Standing">The instance that the activation strategy does not allow another one beside; then nothing was started.</param>
public sealed record HttpOutcome(RespondHttp? Response, InstanceState? State, string? Standing = null);

/// <summary>
/// Requests that this process holds open for a workflow to answer. In memory only: a connection does not outlive its process, while the workflow that it moved goes on.
/// </summary>
public sealed class HttpExchanges
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<HttpOutcome>> _open = new(StringComparer.Ordinal);

    /// <summary>Waits for the outcome of a request from now on; it is complete once the commit behind it is durable.</summary>
    public Task<HttpOutcome> Open(string requestId) => _open.GetOrAdd(requestId, static _ => new TaskCompletionSource<HttpOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Nobody waits any more.</summary>
    public void Close(string requestId) => _open.TryRemove(requestId, out _);

    /// <summary>After a commit: answers what was answered, and lets those go whom this instance will not answer any more.</summary>
    internal void Settle(InstanceDraft draft, IEnumerable<string> taken, string? heldBefore)
    {
        if (_open.IsEmpty) return;
        foreach (var response in draft.Responses) Complete(response.RequestId, new HttpOutcome(response, draft.State));
        var held = draft.State?.HttpRequestId;
        foreach (var request in taken.Append(heldBefore).OfType<string>())
            if (request != held) Complete(request, new HttpOutcome(null, draft.State));
    }

    // The first word counts.
    private void Complete(string requestId, HttpOutcome outcome)
    {
        if (_open.TryRemove(requestId, out var waiting)) waiting.TrySetResult(outcome);
    }
}
