using System.Text.Json;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Jobs.Schedules;

/// <summary>What follows the end of a session: a retry (R5.4–R5.6), else the jobs after it (R5.17) and the next round of a job that runs continuously.</summary>
internal static class FollowUp
{
    /// <summary>A continuous job that failed, or that was stopped, rests this long: it would fail as fast as it can otherwise.</summary>
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromMinutes(1);

    /// <summary>The retry of a session that ended; null where it gets none.</summary>
    public static async Task<PlannedStartRow?> RetryAsync(Store store, SessionRow session, CancellationToken cancellationToken)
    {
        var job = Job(session);
        var isMachineMade = session.Origin is SessionOrigins.Schedule or SessionOrigins.Chain or SessionOrigins.Retry;
        if (!isMachineMade || session.IsCancelled || session.Result != nameof(Result.Failed) || session.RetryNumber >= job.Retry.Count) return null;
        if ((await SessionFamily.ReadAsync(store, session, cancellationToken).ConfigureAwait(false)).Failed.Count == 0) return null;
        var wait = job.Schedule?.Kind == ScheduleKind.Continuous ? TimeSpan.Zero : TimeSpan.FromSeconds(job.Retry.WaitSeconds);
        var due = session.EndedAt!.Value + wait;
        return IsOpen(job, due) ? new PlannedStartRow($"retry:{session.Id}", session.Job, SessionOrigins.Retry, session.Id, due) : null;
    }

    /// <summary>What follows where there is no retry, or no further one.</summary>
    public static async Task<(IReadOnlyList<PlannedStartRow> Starts, (string Job, DateTimeOffset At)? Round)> WithoutRetryAsync(Store store, SessionRow session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<PlannedStartRow> starts = [];
        (string Job, DateTimeOffset At)? round = null;
        foreach (var row in await store.JobsAsync(cancellationToken).ConfigureAwait(false))
        {
            var job = JsonSerializer.Deserialize(row.Json, RestJson.Default.JobDocument)!;
            // Looked up now and not at the start: a job that was put after this one meanwhile starts too (R5.19).
            if (session.StartsChain && job.IsEnabled && JobChain.Predecessor(job) == session.Job)
                starts.Add(new PlannedStartRow($"chain:{session.Id}:{row.Name}", row.Name, SessionOrigins.Chain, session.Id, now));
            if (row.Name == session.Job && job is { IsEnabled: true, Schedule: { Kind: ScheduleKind.Continuous } schedule } && Next(schedule, session) is { } next)
                round = (row.Name, next);
        }

        return (starts, round);
    }

    /// <summary>Whether a job's backup window is open.</summary>
    public static bool IsOpen(JobDocument job, DateTimeOffset at) => job.Schedule is not { BackupWindow: not null } schedule || new ScheduleTimes(schedule).IsOpen(at);

    /// <summary>The job as it was when the session began.</summary>
    public static JobDocument Job(SessionRow session) => JsonSerializer.Deserialize(session.JobJson, RestJson.Default.JobDocument)!;

    private static DateTimeOffset? Next(ScheduleSettings schedule, SessionRow session)
    {
        var rest = session.Result == nameof(Result.Failed) || session.IsCancelled ? RestAfterFailure : TimeSpan.Zero;
        return new ScheduleTimes(schedule).FirstAllowed(session.EndedAt!.Value + rest);
    }
}
