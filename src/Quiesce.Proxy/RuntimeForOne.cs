using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy;

/// <summary>Operations on restore points need a runtime and no session: they use the deployment's if it is up, and otherwise one of their own, removed afterwards.</summary>
internal static class RuntimeForOne
{
    private static readonly PrepareGuestRequest Settings = new(GraceSeconds: 60, ExpirySeconds: 24 * 3600);

    /// <summary>Has the operation done by whichever runtime there is.</summary>
    public static async Task<Answer> AskAsync(GuestSessions sessions, Operation operation, CancellationToken stopping)
    {
        var session = sessions.For(operation.Request.Guest);
        if (await ForwardedVerb.AskAsync(session, operation, limit: null, stopping) is { } answer)
            return answer;
        await sessions.ForgetAsync(session);
        return await WithOwnAsync(sessions, operation, operation.Request.OperationId, own => ForwardedVerb.AskAsync(own, operation, limit: null, stopping), stopping);
    }

    /// <summary>Deploys a runtime named after <paramref name="id"/>, uses it, and removes it however that went.</summary>
    public static async Task<Answer> WithOwnAsync(GuestSessions sessions, Operation operation, string id, Func<GuestSession, Task<Answer?>> use, CancellationToken stopping)
    {
        await using var own = sessions.AdHoc(operation.Request.Guest, id);
        await PrepareGuest.DeployAsync(own, Settings, operation, stopping);
        try
        {
            return await use(own) ?? throw OrphanAnswer.Lost(own, operation, await OrphanAnswer.FindRecordAsync(own, stopping));
        }
        finally
        {
            await RemoveAsync(own, operation, id);
        }
    }

    private static async Task RemoveAsync(GuestSession own, Operation operation, string id)
    {
        // After a cancel too; a guest that does not answer any more is bounded by the reconnect policy.
        try
        {
            await ReleaseGuest.RemoveAsync(own, operation, id + "/release", CancellationToken.None);
        }
        catch (GuestFailureException e)
        {
            operation.Report("warning", $"{e.Failure.Message} Until then the runtime removes itself after its grace time.");
        }
    }
}
