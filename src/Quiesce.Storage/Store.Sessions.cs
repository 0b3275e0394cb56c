using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Starts a session: its row, its instance and the start stimulus in one transaction. With a key, a repeat within the time given answers with the first session.</summary>
    /// <param name="key">Chosen by who asks, so that asking twice starts once; null for no such protection.</param>
    /// <param name="claim">The slot or planned start that this uses up; null for a start by hand.</param>
    public Task<StartResult> StartSessionAsync(SessionRow session, NewInstance instance, string? key, TimeSpan keepKey, StartClaim? claim = null) =>
        WriteAsync(c =>
        {
            if (key is not null && c.Db.ExecuteScalar<string?>("SELECT session_id FROM dedup WHERE key = @key AND expires_at > @now", new { key, now = Now }) is { } first)
                return new StartResult(StartOutcome.Repeated, first);
            if (c.Db.ExecuteScalar<string?>("SELECT id FROM sessions WHERE job = @Job AND ended_at IS NULL", new { session.Job }) is { } running)
                return new StartResult(StartOutcome.AlreadyRunning, running);
            if (!Take(c, session.Job, claim))
                return new StartResult(StartOutcome.NotDue, session.Id);
            c.Db.Execute(
                """
                INSERT INTO sessions (id, job, job_json, workflow_definition_id, workflow_version, state, result, message, is_cancelled, initiated_by, started_at, ended_at,
                    retry_number, original_session_id, origin, starts_chain, follow_up_due)
                VALUES (@Id, @Job, @JobJson, @WorkflowDefinitionId, @WorkflowVersion, @State, @Result, @Message, @IsCancelled, @InitiatedBy, @StartedAt, @EndedAt,
                    @RetryNumber, @OriginalSessionId, @Origin, @StartsChain, @FollowUpDue)
                """, session);
            SupersedeRetries(c, session);
            BurstCommit.Add(c, instance);
            if (key is not null)
            {
                c.Db.Execute(
                    "INSERT INTO dedup (key, session_id, expires_at) VALUES (@key, @Id, @expires) ON CONFLICT (key) DO UPDATE SET session_id = @Id, expires_at = @expires",
                    new { key, session.Id, expires = Now + keepKey });
            }

            return new StartResult(StartOutcome.Started, session.Id);
        });

    /// <summary>Marks a running session cancelled and adds the stimuli that tell its instances, in one transaction. False when it has ended or does not exist.</summary>
    public Task<bool> CancelSessionAsync(string sessionId, string? message, IReadOnlyList<StimulusRow> stimuli) =>
        WriteAsync(c =>
        {
            var found = c.Db.Execute(
                "UPDATE sessions SET is_cancelled = 1, message = COALESCE(@message, message) WHERE id = @sessionId AND ended_at IS NULL", new { sessionId, message });
            if (found == 0)
                return false;
            foreach (var stimulus in stimuli)
                BurstCommit.Add(c, stimulus);
            return true;
        });

    /// <summary>A session; null when it does not exist.</summary>
    public Task<SessionRow?> SessionAsync(string sessionId, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<SessionRow>("SELECT * FROM sessions WHERE id = @sessionId", new { sessionId }), ct);

    /// <summary>A page of sessions, the newest first; of one job or of all.</summary>
    public Task<IReadOnlyList<SessionRow>> SessionsAsync(string? job, int skip, int take, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<SessionRow>>(c => [.. c.Db.Query<SessionRow>(
            $"SELECT * FROM sessions {(job is null ? "" : "WHERE job = @job ")}ORDER BY seq DESC LIMIT @take OFFSET @skip", new { job, skip, take })], ct);

    /// <summary>Sessions that have not ended, the oldest first.</summary>
    public Task<IReadOnlyList<SessionRow>> RunningSessionsAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<SessionRow>>(c => [.. c.Db.Query<SessionRow>("SELECT * FROM sessions WHERE ended_at IS NULL ORDER BY seq")], ct);

    /// <summary>The running session of a job; null when there is none.</summary>
    public Task<SessionRow?> RunningSessionAsync(string job, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<SessionRow>("SELECT * FROM sessions WHERE job = @job AND ended_at IS NULL", new { job }), ct);

    /// <summary>The machines of a session, by name.</summary>
    public Task<IReadOnlyList<TaskRow>> TasksAsync(string sessionId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<TaskRow>>(c => [.. c.Db.Query<TaskRow>(
            "SELECT * FROM tasks WHERE session_id = @sessionId ORDER BY machine", new { sessionId })], ct);

    /// <summary>Deletes an ended session with its tasks, instances and journals. Restore points and obligations that are left stay. False when it has not ended or does not exist.</summary>
    public Task<bool> DeleteSessionAsync(string sessionId) =>
        WriteAsync(c =>
        {
            if (c.Db.Execute("DELETE FROM sessions WHERE id = @sessionId AND ended_at IS NOT NULL", new { sessionId }) == 0)
                return false;
            c.Db.Execute("DELETE FROM tasks WHERE session_id = @sessionId", new { sessionId });
            DeleteInstances(c, "SELECT id FROM instances WHERE session_id = @sessionId AND finished_at IS NOT NULL", new { sessionId });
            return true;
        });
}
