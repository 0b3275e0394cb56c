using System.Text.Json;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Schedules;
using Quiesce.Storage;

namespace Quiesce.Jobs;

public sealed partial class Sessions
{
    /// <summary>Runs the failed machines of a session again, in a session of their own with the job and the workflow version that the first one had (R5.5, R5.7, R5.9). Durable when this returns.</summary>
    /// <param name="sessionId">The session or one of its retries: what counts is how each machine ended last.</param>
    /// <param name="machines">Some of those that failed; null for all of them.</param>
    /// <param name="by">Who asks.</param>
    /// <exception cref="RefusedException">No such session, none of its machines failed, one that is named did not, or a session of the job is running: one retry at a time.</exception>
    public async Task<StartedSession> RetryAsync(string sessionId, IReadOnlyList<string>? machines, string by, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(sessionId, cancellationToken).ConfigureAwait(false);
        if (await store.RunningSessionAsync(session.Job, cancellationToken).ConfigureAwait(false) is { } running) throw Busy(session, running.Id);
        var family = await SessionFamily.ReadAsync(store, session, cancellationToken).ConfigureAwait(false);
        if (family.Failed.Count == 0)
            throw new RefusedException(ProblemCodes.Conflict, $"no machine of session {sessionId} failed, or each succeeded in a retry; start the job anew: quiesce job start {session.Job}");
        if (machines is [])
            throw new RefusedException(ProblemCodes.Invalid, $"the list of machines to retry is empty; name some of {Names(family.Failed)}, or leave it out for all of them");
        if (machines?.FirstOrDefault(name => !family.Failed.Contains(name)) is { } other)
            throw new RefusedException(ProblemCodes.Conflict, $"machine '{other}' did not fail in session {sessionId}; a retry is for {Names(family.Failed)}");
        var started = await RetryAsync(family, machines ?? family.Failed, new SessionCause(by, SessionOrigins.Hand, StartsChain: false)).ConfigureAwait(false);
        return started.Outcome == StartOutcome.AlreadyRunning ? throw Busy(session, started.SessionId) : new StartedSession(started.SessionId, session.Job);
    }

    /// <summary>Starts a retry of some machines.</summary>
    /// <exception cref="RefusedException">The workflow of sessions is not in force.</exception>
    internal Task<StartResult> RetryAsync(SessionFamily family, IReadOnlyList<string> machines, SessionCause cause)
    {
        var original = family.Original;
        var job = JsonSerializer.Deserialize(original.JobJson, RestJson.Default.JobDocument)!;
        job = job with { Machines = [.. job.Machines.Where(machine => machines.Contains(machine.Name))] };
        return StartAsync(job, JsonSerializer.Serialize(job, RestJson.Default.JobDocument), original.WorkflowDefinitionId, original.WorkflowVersion, family.Last.RetryNumber + 1, original.Id, cause);
    }

    /// <summary>Calls a waiting retry off. The session that it was of; null where none waits.</summary>
    private async Task<string?> CallRetryOffAsync(string job, bool cancelChainedJobs, CancellationToken cancellationToken)
    {
        var planned = (await store.PlannedStartsAsync(job, cancellationToken).ConfigureAwait(false)).FirstOrDefault(row => row.Kind == SessionOrigins.Retry);
        if (planned is null || await store.SessionAsync(planned.SessionId, cancellationToken).ConfigureAwait(false) is not { } session) return null;
        if (cancelChainedJobs)
        {
            await store.CancelChainAsync(session.Id).ConfigureAwait(false);
            session = session with { StartsChain = false };
        }

        var (starts, round) = await FollowUp.WithoutRetryAsync(store, session, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return await store.CallOffAsync(planned.Id, starts, round, "its retry was called off by hand").ConfigureAwait(false) ? session.Id : null;
    }

    private static RefusedException Busy(SessionRow session, string runningId) => new(ProblemCodes.Conflict,
        $"session {session.Id} is not retried now, because session {runningId} of job '{session.Job}' is still running; wait for it ('quiesce session watch {runningId}') or stop it ('quiesce job stop {session.Job}')");

    private static string Names(IReadOnlyList<string> machines) => machines.Count <= 10 ? string.Join(", ", machines) : $"{string.Join(", ", machines.Take(10))} and {machines.Count - 10} more";
}
