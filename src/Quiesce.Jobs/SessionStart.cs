using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs.Activities;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>What made a session start, and what is to follow its end.</summary>
/// <param name="By">Who, in words: a key's name, <c>schedule</c>, <c>retry</c>, <c>after NAME</c>.</param>
/// <param name="Origin">One of <see cref="SessionOrigins"/>.</param>
/// <param name="StartsChain">The jobs after this one start when it has ended (R5.17, R5.18).</param>
/// <param name="Claim">The row that the start uses up.</param>
/// <param name="Key">An idempotency key.</param>
internal sealed record SessionCause(string By, string Origin, bool StartsChain, StartClaim? Claim = null, string? Key = null);

public sealed partial class Sessions
{
    private const string ByUser = "cancelled by user";
    private static readonly TimeSpan KeepKeys = TimeSpan.FromDays(1);

    /// <summary>Starts a session of a job by hand; durable when this returns. The same key starts one session only. A retry that waits is superseded.</summary>
    /// <param name="initiatedBy">Who: a key's name, <c>cli</c>, …</param>
    /// <param name="startChainedJobs">Whether the jobs after this one start when it has ended (R5.18).</param>
    /// <exception cref="RefusedException">No such job or workflow, or a session of the job is running (R5.15).</exception>
    public async Task<StartedSession> StartAsync(string job, string initiatedBy, string? idempotencyKey, bool startChainedJobs, CancellationToken cancellationToken)
    {
        var row = await store.JobAsync(job, cancellationToken).ConfigureAwait(false)
            ?? throw new RefusedException(ProblemCodes.NotFound, $"there is no job '{job}'; 'quiesce job list' shows those there are");
        var cause = new SessionCause(initiatedBy, SessionOrigins.Hand, startChainedJobs, Key: idempotencyKey is null ? null : $"{job}:{idempotencyKey}");
        var started = await StartAsync(row, cause).ConfigureAwait(false);
        return started.Outcome != StartOutcome.AlreadyRunning ? new StartedSession(started.SessionId, job) : throw Running(job, started.SessionId);
    }

    /// <summary>The same without the jobs after it.</summary>
    /// <exception cref="RefusedException">No such job or workflow, or a session of the job is running (R5.15).</exception>
    public Task<StartedSession> StartAsync(string job, string initiatedBy, string? idempotencyKey, CancellationToken cancellationToken) => StartAsync(job, initiatedBy, idempotencyKey, startChainedJobs: false, cancellationToken);

    /// <summary>Starts a session of a job as it is now. A job that runs already, or a claim that is not due any more, is an answer.</summary>
    /// <exception cref="RefusedException">A workflow that it needs is not in force.</exception>
    internal Task<StartResult> StartAsync(JobRow row, SessionCause cause)
    {
        var document = JsonSerializer.Deserialize(row.Json, RestJson.Default.JobDocument)!;
        var machine = Published(document.Workflow, row.Name);
        return StartAsync(document, row.Json, machine.Definition.DefinitionId, machine.Definition.Version, 0, null, cause);
    }

    /// <summary>Stops the running session of a job: gracefully (machines in hand finish, R5.21), or now (they are cancelled and undone). Where none runs, a retry that waits is called off (R5.6).</summary>
    /// <param name="cancelChainedJobs">Whether the jobs after this one are not started then (R5.18).</param>
    /// <exception cref="RefusedException">No session of the job is running, and none is to be retried.</exception>
    public async Task<StartedSession> StopAsync(string job, bool now, bool cancelChainedJobs, CancellationToken cancellationToken)
    {
        var session = await store.RunningSessionAsync(job, cancellationToken).ConfigureAwait(false);
        if (session is null && await CallRetryOffAsync(job, cancelChainedJobs, cancellationToken).ConfigureAwait(false) is { } waiting) return new StartedSession(waiting, job);
        if (session is null) throw new RefusedException(ProblemCodes.Conflict, $"no session of job '{job}' is running; 'quiesce session list --job {job}' shows the last ones");
        if (cancelChainedJobs) await store.CancelChainAsync(session.Id).ConfigureAwait(false);
        await TellToStopAsync(session.Id, now, ByUser).ConfigureAwait(false);
        return new StartedSession(session.Id, job);
    }

    /// <summary>The same, and the jobs after it start at its end where they would have.</summary>
    /// <exception cref="RefusedException">No session of the job is running.</exception>
    public Task<StartedSession> StopAsync(string job, bool now, CancellationToken cancellationToken) => StopAsync(job, now, cancelChainedJobs: false, cancellationToken);

    /// <summary>Tells a running session to stop; telling it twice is telling it once.</summary>
    internal async Task TellToStopAsync(string sessionId, bool now, string reason)
    {
        var payload = new JsonObject { ["stop"] = true, ["now"] = now, ["reason"] = reason }.ToJsonString();
        // A graceful stop that is followed by an immediate one is two stimuli; the same one twice is one.
        await store.AddStimuliAsync([new StimulusRow(now ? "stop-now" : "stop", sessionId, StimulusKinds.Resume, ProtectMachines.BookmarkHash, null, payload, time.GetUtcNow(), null)]).ConfigureAwait(false);
        runner.Wake(sessionId);
    }

    private async Task<StartResult> StartAsync(JobDocument document, string json, string workflowId, int workflowVersion, int retryNumber, string? originalSessionId, SessionCause cause)
    {
        var session = Published(JobSession, document.Name);
        var (id, now) = (NewId(), time.GetUtcNow());
        var instance = NewInstances.Fresh(id, session.Definition.DefinitionId, session.Definition.Version, session.Definition.Id, null, id, null, $"{document.Name} {now:u}", now);
        var input = new JsonObject { ["input"] = new JsonObject { ["SessionId"] = id, ["Job"] = document.Name } };
        var followed = cause.StartsChain || cause.Origin != SessionOrigins.Hand || document.Schedule?.Kind == ScheduleKind.Continuous;
        var started = await store.StartSessionAsync(
            new SessionRow(id, document.Name, json, workflowId, workflowVersion, "Working", null, null, false, cause.By, now, null, retryNumber, originalSessionId)
            {
                Origin = cause.Origin, StartsChain = cause.StartsChain, FollowUpDue = followed,
            },
            new NewInstance(instance, new StimulusRow("start", id, StimulusKinds.Start, null, null, input.ToJsonString(), now, null)), cause.Key, KeepKeys, cause.Claim).ConfigureAwait(false);
        if (started.Outcome is StartOutcome.Started or StartOutcome.Repeated) runner.Wake(started.SessionId);
        return started;
    }

    private static RefusedException Running(string job, string sessionId) => new(ProblemCodes.Conflict,
        $"session {sessionId} of job '{job}' is still running; wait for it ('quiesce session watch {sessionId}') or stop it ('quiesce job stop {job}')");

    private WorkflowGraph Published(string definitionId, string job) =>
        definitions(new DefinitionReference { DefinitionId = definitionId, Version = VersionSelector.Published })
        ?? throw new RefusedException(ProblemCodes.Conflict, $"job '{job}' needs the workflow '{definitionId}', which is not in force; 'quiesce workflow list' shows why");

    // Short, sortable by time, safe in paths and host names.
    private string NewId() => $"s{time.GetUtcNow().ToUnixTimeMilliseconds():x}{Random.Shared.Next(0x10000):x4}";
}
