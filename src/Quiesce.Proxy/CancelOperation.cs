using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy;

/// <summary>Ends an operation under way: what a runtime has in hand is for the runtime to end, everything else is ended here. The operation answers for itself.</summary>
internal static class CancelOperation
{
    public static async Task<Answer> HandleAsync(GuestSessions sessions, Operation operation, Operation? target, CancellationToken stopping)
    {
        if (target is { InHandOf: null })
        {
            try
            {
                await target.Cancel.CancelAsync();
                return Found(true);
            }
            catch (ObjectDisposedException)
            {
                // It ended just now.
                return Found(false);
            }
        }
        var session = target?.InHandOf ?? sessions.For(operation.Request.Guest);
        // The runtime may be gone, and then there is nothing to end.
        return await ForwardedVerb.AskAsync(session, operation, sessions.Options.ReplyAllowance, stopping) ?? Found(false);
    }

    public static Answer Found(bool found) => Answer.Of(new CancelOperationReply(found), ContractsJson.Default.CancelOperationReply);
}
