using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>The next starts of all jobs, by job.</summary>
    public Task<IReadOnlyList<ScheduleRow>> SchedulesAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<ScheduleRow>>(c => [.. c.Db.Query<ScheduleRow>("SELECT * FROM schedules ORDER BY job")], ct);

    /// <summary>The next start of a job; null while none was worked out.</summary>
    public Task<ScheduleRow?> ScheduleAsync(string job, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<ScheduleRow>("SELECT * FROM schedules WHERE job = @job", new { job }), ct);

    /// <summary>Jobs that were changed since their next start was worked out.</summary>
    public Task<IReadOnlyList<JobRow>> JobsToScheduleAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<JobRow>>(c => [.. c.Db.Query<JobRow>(
            "SELECT jobs.* FROM jobs LEFT JOIN schedules ON schedules.job = jobs.name WHERE schedules.revision IS NULL OR schedules.revision <> jobs.revision ORDER BY jobs.name")], ct);

    /// <summary>Writes the next start of a job. False when the job has changed meanwhile, or is gone; nothing was written then.</summary>
    public Task<bool> PutScheduleAsync(ScheduleRow row) =>
        WriteAsync(c => c.Db.Execute(
            """
            INSERT INTO schedules (job, revision, schedule, next_at, note)
            SELECT name, revision, @Schedule, @NextAt, @Note FROM jobs WHERE name = @Job AND revision = @Revision
            ON CONFLICT (job) DO UPDATE SET revision = excluded.revision, schedule = excluded.schedule, next_at = excluded.next_at, note = excluded.note
            """, row) > 0);

    /// <summary>Moves a job on from a slot that is not started. False when it is not at that slot any more.</summary>
    /// <param name="note">Why it is not started.</param>
    public Task<bool> SkipSlotAsync(string job, DateTimeOffset slot, DateTimeOffset? next, string note) =>
        WriteAsync(c => c.Db.Execute("UPDATE schedules SET next_at = @next, note = @note WHERE job = @job AND next_at = @slot", new { job, slot, next, note }) > 0);

    /// <summary>Lets a job's slot wait for the end of its running session, which then decides the next one. False when none is running.</summary>
    public Task<bool> AwaitEndAsync(string job, DateTimeOffset slot) =>
        WriteAsync(c => c.Db.Execute("UPDATE sessions SET follow_up_due = 1 WHERE job = @job AND ended_at IS NULL", new { job }) > 0
            && c.Db.Execute("UPDATE schedules SET next_at = NULL, note = NULL WHERE job = @job AND next_at = @slot", new { job, slot }) > 0);

    /// <summary>Slots that are due.</summary>
    public Task<IReadOnlyList<ScheduleRow>> DueSlotsAsync(DateTimeOffset now, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<ScheduleRow>>(c => [.. c.Db.Query<ScheduleRow>("SELECT * FROM schedules WHERE next_at <= @now ORDER BY next_at, job", new { now })], ct);

    /// <summary>Planned starts that are due, the oldest first.</summary>
    public Task<IReadOnlyList<PlannedStartRow>> DueStartsAsync(DateTimeOffset now, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<PlannedStartRow>>(c => [.. c.Db.Query<PlannedStartRow>("SELECT * FROM planned_starts WHERE due_at <= @now ORDER BY due_at, job", new { now })], ct);

    /// <summary>Every planned start, of one job or of all.</summary>
    public Task<IReadOnlyList<PlannedStartRow>> PlannedStartsAsync(string? job, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<PlannedStartRow>>(c => [.. c.Db.Query<PlannedStartRow>($"SELECT * FROM planned_starts {(job is null ? "" : "WHERE job = @job ")}ORDER BY due_at, job", new { job })], ct);

    /// <summary>When the next slot or planned start is due; null when there is none.</summary>
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken ct) =>
        ReadAsync(c => c.Db.ExecuteScalar<long?>("SELECT MIN(due) FROM (SELECT MIN(next_at) AS due FROM schedules WHERE next_at IS NOT NULL UNION ALL SELECT MIN(due_at) FROM planned_starts)") is { } due
            ? StoredTime.FromMicroseconds(due)
            : (DateTimeOffset?)null, ct);

    /// <summary>Ended sessions of which it has yet to be decided what follows, the oldest first.</summary>
    public Task<IReadOnlyList<SessionRow>> FollowUpsAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<SessionRow>>(c => [.. c.Db.Query<SessionRow>("SELECT * FROM sessions WHERE follow_up_due = 1 AND ended_at IS NOT NULL ORDER BY seq")], ct);

    /// <summary>Writes what follows the end of a session, and that it is decided, in one transaction. False when it was decided before; nothing was written then.</summary>
    /// <param name="nextRound">For a job that runs continuously: its next slot.</param>
    public Task<bool> FollowAsync(string sessionId, IReadOnlyList<PlannedStartRow> planned, (string Job, DateTimeOffset At)? nextRound) =>
        WriteAsync(c =>
        {
            if (c.Db.Execute("UPDATE sessions SET follow_up_due = 0 WHERE id = @sessionId AND follow_up_due = 1", new { sessionId }) == 0)
                return false;
            Plan(c, planned, nextRound);
            return true;
        });

    /// <summary>Calls a planned start off and writes what takes its place, in one transaction. False when it is not planned any more; nothing was written then.</summary>
    /// <param name="nextRound">For a job that runs continuously: its next slot.</param>
    /// <param name="note">What is said of it in the list of jobs.</param>
    public Task<bool> CallOffAsync(string plannedId, IReadOnlyList<PlannedStartRow> instead, (string Job, DateTimeOffset At)? nextRound, string note) =>
        WriteAsync(c =>
        {
            if (c.Db.ExecuteScalar<string?>("SELECT job FROM planned_starts WHERE id = @plannedId", new { plannedId }) is not { } job)
                return false;
            c.Db.Execute("DELETE FROM planned_starts WHERE id = @plannedId", new { plannedId });
            c.Db.Execute("UPDATE schedules SET note = @note WHERE job = @job", new { note, job });
            Plan(c, instead, nextRound);
            return true;
        });

    /// <summary>The jobs after that of a session are not started at its end, nor at the end of its retries. False when it is gone.</summary>
    public Task<bool> CancelChainAsync(string sessionId) =>
        WriteAsync(c => c.Db.Execute("UPDATE sessions SET starts_chain = 0 WHERE id = @sessionId", new { sessionId }) > 0);

    /// <summary>A session and all its retries, the oldest first.</summary>
    public Task<IReadOnlyList<SessionRow>> SessionWithRetriesAsync(string originalSessionId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<SessionRow>>(c => [.. c.Db.Query<SessionRow>(
            "SELECT * FROM sessions WHERE id = @originalSessionId OR original_session_id = @originalSessionId ORDER BY seq", new { originalSessionId })], ct);

    private static void Plan(PreparedConnection c, IReadOnlyList<PlannedStartRow> planned, (string Job, DateTimeOffset At)? nextRound)
    {
        if (nextRound is { } round)
            c.Db.Execute("UPDATE schedules SET next_at = @At WHERE job = @Job AND next_at IS NULL", new { round.Job, round.At });
        foreach (var row in planned)
            c.Db.Execute("INSERT INTO planned_starts (id, job, kind, session_id, due_at) VALUES (@Id, @Job, @Kind, @SessionId, @DueAt) ON CONFLICT (id) DO NOTHING", row);
    }

    /// <summary>Uses up what a start is claimed from. False when it is not due any more.</summary>
    private static bool Take(PreparedConnection c, string job, StartClaim? claim) => claim switch
    {
        StartClaim.Slot slot => c.Db.Execute("UPDATE schedules SET next_at = @Next, note = NULL WHERE job = @job AND next_at = @At", new { job, slot.At, slot.Next }) > 0,
        StartClaim.Planned planned => c.Db.Execute("DELETE FROM planned_starts WHERE id = @Id", new { planned.Id }) > 0,
        _ => true,
    };

    /// <summary>A retry that waited is superseded by any session of its job; the jobs after it start when that one has ended instead.</summary>
    private static void SupersedeRetries(PreparedConnection c, SessionRow session)
    {
        if (c.Db.ExecuteScalar<long>("SELECT COUNT(*) FROM planned_starts JOIN sessions ON sessions.id = planned_starts.session_id WHERE planned_starts.job = @Job AND kind = 'retry' AND starts_chain = 1", new { session.Job }) > 0)
            c.Db.Execute("UPDATE sessions SET starts_chain = 1, follow_up_due = 1 WHERE id = @Id", new { session.Id });
        c.Db.Execute("DELETE FROM planned_starts WHERE job = @Job AND kind = 'retry'", new { session.Job });
    }
}
