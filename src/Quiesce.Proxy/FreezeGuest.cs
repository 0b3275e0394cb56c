using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy;

/// <summary>Freezes file systems of the guest; its own timer, armed first, thaws them whatever happens here (R4.30).</summary>
internal static class FreezeGuest
{
    public static async Task<Answer> HandleAsync(GuestSessions sessions, Operation operation, CancellationToken stopping)
    {
        var request = operation.Body(ContractsJson.Default.FreezeGuestRequest);
        var session = sessions.For(operation.Request.Guest);
        var limit = TimeSpan.FromSeconds(request.ThawAfterSeconds) + sessions.Options.ReplyAllowance;
        return await ForwardedVerb.AskAsync(session, operation, limit, stopping)
            ?? throw OrphanAnswer.Lost(session, operation, await OrphanAnswer.FindRecordAsync(session, stopping));
    }
}
