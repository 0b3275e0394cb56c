using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Proxy.Deploy;

namespace Quiesce.Proxy;

/// <summary>Deploys the runtime and attaches to it, or finds the one that this deployment already has (R2.6).</summary>
internal static class PrepareGuest
{
    public static async Task<Answer> HandleAsync(GuestSessions sessions, Operation operation, CancellationToken stopping)
    {
        var settings = operation.Body(ContractsJson.Default.PrepareGuestRequest);
        var session = sessions.For(operation.Request.Guest);
        var begun = sessions.Time.GetTimestamp();
        try
        {
            var link = session.Attached || operation.Request.Attempt > 1 ? await FindAsync(session, operation, stopping) : null;
            if (link is null)
            {
                operation.Report("info", $"Deploying to {session.Guest.Machine}");
                link = await DeployAsync(session, settings, operation, stopping);
            }
            var orphans = await CollectAsync(session, sessions, stopping);
            return Answer.Of(
                new PrepareGuestReply(link.Hello.RuntimeVersion, link.Hello.Platform, link.Hello.Host, link.Hello.Account, session.Channel.Transport, sessions.Time.GetElapsedTime(begun).TotalMilliseconds, orphans),
                ContractsJson.Default.PrepareGuestReply);
        }
        catch (Exception e) when (e is GuestFailureException or OperationCanceledException)
        {
            // Whatever was started and never answered ends by its own grace time; a repeat makes a connection of its own.
            await sessions.ForgetAsync(session);
            throw;
        }
    }

    /// <summary>Starts a runtime, which is idempotent by deployment id, and attaches to it.</summary>
    public static async Task<Channels.GuestLink> DeployAsync(GuestSession session, PrepareGuestRequest settings, Operation operation, CancellationToken stopping)
    {
        await session.Channel.StartAsync(session.Deployment, settings, text => operation.Report("info", text), stopping);
        return await session.LinkAsync((level, text) => operation.Report(level, text), stopping)
            ?? throw new GuestFailureException(FailureCodes.Start, $"The agent on {session.Guest.Machine} said that it was ready and ended at once. See the guest's own log for what ended it.", retryable: true);
    }

    // A runtime of this deployment that has ended after doing something must not be replaced: what it did is in its record, and a second one would do it again.
    private static async Task<Channels.GuestLink?> FindAsync(GuestSession session, Operation operation, CancellationToken stopping)
    {
        if (await session.LinkAsync((level, text) => operation.Report(level, text), stopping) is { } link)
            return link;
        if (await OrphanAnswer.FindRecordAsync(session, stopping) is { Operations.Count: > 0 } record)
            throw new GuestFailureException(FailureCodes.GuestLost, $"The runtime of deployment {session.Deployment.Id} on {session.Guest.Machine} ended on its own after it had done something: {record.Reason}. Start the machine's task again as a new one.", mayHaveStarted: true);
        return null;
    }

    // Records of others are left alone while somebody may still come back for them.
    private static async Task<IReadOnlyList<OrphanRecord>> CollectAsync(GuestSession session, GuestSessions sessions, CancellationToken stopping)
    {
        var collected = new List<OrphanRecord>();
        var oldest = sessions.Time.GetUtcNow() - sessions.Options.OrphanAge;
        foreach (var record in await session.Channel.ReadOrphansAsync(stopping))
        {
            if (!Deployment.IsId(record.DeploymentId) || (record.DeploymentId != session.Deployment.Id && record.EndedAt > oldest))
                continue;
            await session.Channel.RemoveOrphanAsync(Deployment.Of(record.DeploymentId, session.Deployment.RuntimeFolder), stopping);
            collected.Add(record);
        }
        return collected;
    }
}
