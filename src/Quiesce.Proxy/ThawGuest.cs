using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy;

/// <summary>Thaws what the deployment froze. A runtime that has ended by the orphan rule has thawed first, so its record answers.</summary>
internal static class ThawGuest
{
    public static async Task<Answer> HandleAsync(GuestSessions sessions, Operation operation, CancellationToken stopping)
    {
        var session = sessions.For(operation.Request.Guest);
        if (await ForwardedVerb.AskAsync(session, operation, sessions.Options.ReplyAllowance + sessions.Options.ReplyAllowance, stopping) is { } answer)
            return answer;
        return await OrphanAnswer.FindRecordAsync(session, stopping) is { } record
            ? Answer.Of(new ThawGuestReply(0, 0, record.Thawed), ContractsJson.Default.ThawGuestReply)
            : throw OrphanAnswer.Lost(session, operation, null);
    }
}
