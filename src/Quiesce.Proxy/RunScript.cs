using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy;

/// <summary>Runs a script in the guest, once per operation id, whatever becomes of links and processes.</summary>
internal static class RunScript
{
    // TERM, then 10 s, then KILL (R4.14).
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(10);

    public static async Task<Answer> HandleAsync(GuestSessions sessions, Operation operation, CancellationToken stopping)
    {
        var script = operation.Body(ContractsJson.Default.RunScriptRequest);
        var session = sessions.For(operation.Request.Guest);
        var limit = TimeSpan.FromSeconds(script.TimeoutSeconds) + KillGrace + sessions.Options.ReplyAllowance;
        if (await ForwardedVerb.AskAsync(session, operation, limit, stopping) is { } answer)
            return answer;
        var record = await OrphanAnswer.FindRecordAsync(session, stopping);
        return (record is null ? null : OrphanAnswer.Script(record, operation.Request.OperationId, script))
            ?? throw OrphanAnswer.Lost(session, operation, record);
    }
}
