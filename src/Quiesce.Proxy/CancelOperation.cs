using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy;

/// <summary>Ends an operation under way: what a runtime has in hand is for the runtime to end, everything else is ended here. The operation answers for itself.</summary>
internal static class CancelOperation
{
    /// <summary>Ends the target; false where there was nothing to end.</summary>
    /// <param name="turn">From 1, for a cancel that asks more than once: the runtime would answer a repeat with its stored reply.</param>
    public static async Task<bool> EndAsync(GuestSessions sessions, Operation operation, int turn, Operation? target, CancellationToken stopping)
    {
        // One that is sent again may be at work in the guest although nobody here has asked yet: there first.
        if (target is { InHandOf: null, Request.Attempt: 1 })
            return await EndHereAsync(target);
        var session = target?.InHandOf ?? sessions.For(operation.Request.Guest);
        var id = turn == 1 ? operation.Request.OperationId : $"{operation.Request.OperationId}#{turn}";
        // The runtime may be gone, and then there is nothing to end.
        return (await ForwardedVerb.AskAsync(session, operation, id, operation.Request.Verb, operation.Request.Body, sessions.Options.ReplyAllowance, stopping) is { } answer
                && ForwardedVerb.Result(answer, ContractsJson.Default.CancelOperationReply, session.Guest.Machine).Found)
            || (target is { InHandOf: null } && await EndHereAsync(target));
    }

    private static async Task<bool> EndHereAsync(Operation target)
    {
        try
        {
            await target.Cancel.CancelAsync();
            return true;
        }
        catch (ObjectDisposedException)
        {
            // It ended just now.
            return false;
        }
    }

    public static Answer Found(bool found) => Answer.Of(new CancelOperationReply(found), ContractsJson.Default.CancelOperationReply);
}
