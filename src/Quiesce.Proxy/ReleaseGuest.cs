using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Proxy.Channels;

namespace Quiesce.Proxy;

/// <summary>Removes the runtime and everything it brought, and takes its record along. Removing a missing deployment is success (R2.6).</summary>
internal static class ReleaseGuest
{
    public static async Task<Answer> HandleAsync(GuestSessions sessions, Operation operation, CancellationToken stopping)
    {
        var session = sessions.For(operation.Request.Guest);
        try
        {
            var reply = await RemoveAsync(session, operation, operation.Request.OperationId, stopping);
            return Answer.Of(reply, ContractsJson.Default.ReleaseGuestReply);
        }
        finally
        {
            await sessions.ForgetAsync(session);
        }
    }

    /// <summary>Asks the runtime to remove itself, or clears up after one that is gone.</summary>
    public static async Task<ReleaseGuestReply> RemoveAsync(GuestSession session, Operation operation, string operationId, CancellationToken stopping)
    {
        // A repeat is a new try, and not the stored reply of one that failed.
        var id = operation.Request.Attempt > 1 ? $"{operationId}#{operation.Request.Attempt}" : operationId;
        var body = JsonSerializer.SerializeToElement(new ReleaseGuestRequest(), ContractsJson.Default.ReleaseGuestRequest);
        // A post script that is still owed is run by the runtime on its way out, so only silence bounds this.
        var answer = await ForwardedVerb.AskAsync(session, operation, id, Verbs.ReleaseGuest, body, limit: null, stopping);
        if (answer is not null)
        {
            var reply = ForwardedVerb.Result(answer, ContractsJson.Default.ReleaseGuestReply, session.Guest.Machine);
            await session.DropLinkAsync();
            await ClearAsync(session, stopping);
            return reply;
        }

        var record = await OrphanAnswer.FindRecordAsync(session, stopping);
        var removed = await ClearAsync(session, stopping);
        if (record is not null)
            await session.Channel.RemoveOrphanAsync(session.Deployment, stopping);
        return new ReleaseGuestReply(removed || record is not null, record);
    }

    // The runtime's last process removes the folder and ends; only what has no process is removed from here.
    private static async Task<bool> ClearAsync(GuestSession session, CancellationToken stopping)
    {
        var begun = session.Time.GetTimestamp();
        while (true)
        {
            switch (await session.Channel.RemainsAsync(session.Deployment, stopping))
            {
                case Remains.Nothing:
                    return false;
                case Remains.Folder:
                    await session.Channel.RemoveAsync(session.Deployment, stopping);
                    return true;
                case Remains.Busy when session.Time.GetElapsedTime(begun) > session.Options.OrphanWait:
                    throw new GuestFailureException(FailureCodes.Leftover, $"A runtime on {session.Guest.Machine} is still at work in {session.Deployment.Folder}; it removes itself when it is done. Ask again later.", retryable: true, leftBehind: session.Deployment.Folder);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), session.Time, stopping);
        }
    }
}
