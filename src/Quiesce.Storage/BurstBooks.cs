using Dapper;

namespace Quiesce.Storage;

/// <summary>The rarer half of a burst's transaction: what people look at (session, tasks, restore points) and what is owed (obligations).</summary>
internal static class BurstBooks
{
    public const string InsertObligation = """
        INSERT INTO obligations (id, instance_id, session_id, machine, kind, payload, sequence, created_at, attempts, next_attempt_at, last_error, state)
        VALUES (@Id, @InstanceId, @SessionId, @Machine, @Kind, @Payload, @Sequence, @CreatedAt, @Attempts, @NextAttemptAt, @LastError, @State)
        """;

    public const string UpdateObligation = """
        UPDATE obligations SET payload = @Payload, attempts = @Attempts, next_attempt_at = @NextAttemptAt, last_error = @LastError, state = @State WHERE id = @Id
        """;

    public const string DeleteObligation = "DELETE FROM obligations WHERE id = @id";

    public const string PutRestorePoint = """
        INSERT INTO restore_points (id, session_id, machine, job, provider, source_path, guest, location, consistency, reason, created_at, state, bytes, method)
        VALUES (@Id, @SessionId, @Machine, @Job, @Provider, @SourcePath, @Guest, @Location, @Consistency, @Reason, @CreatedAt, @State, @Bytes, @Method)
        ON CONFLICT (id) DO UPDATE SET session_id = @SessionId, machine = @Machine, job = @Job, provider = @Provider, source_path = @SourcePath, guest = @Guest,
            location = @Location, consistency = @Consistency, reason = @Reason, created_at = @CreatedAt, state = @State, bytes = @Bytes, method = @Method
        """;

    public const string DeleteRestorePoint = "DELETE FROM restore_points WHERE id = @id";

    private const string PutTask = """
        INSERT INTO tasks (session_id, machine, instance_id, state, result, consistency, reason, current_step, proxy, frozen_ms, updated_at)
        VALUES (@SessionId, @Machine, @InstanceId, @State, @Result, @Consistency, @Reason, @CurrentStep, @Proxy, @FrozenMs, @UpdatedAt)
        ON CONFLICT (session_id, machine) DO UPDATE SET instance_id = @InstanceId, state = @State, result = @Result, consistency = @Consistency, reason = @Reason,
            current_step = @CurrentStep, proxy = @Proxy, frozen_ms = @FrozenMs, updated_at = @UpdatedAt
        """;

    private const string UpdateSession = """
        UPDATE sessions SET state = @State, result = @Result, message = @Message, is_cancelled = CASE WHEN @IsCancelled THEN 1 ELSE is_cancelled END, ended_at = COALESCE(@EndedAt, ended_at)
        WHERE id = @Id
        """;

    public static void Run(PreparedConnection connection, Commit commit)
    {
        foreach (var row in commit.ObligationsAdded)
            connection.Db.Execute(InsertObligation, row);
        foreach (var row in commit.ObligationsUpdated)
            connection.Db.Execute(UpdateObligation, row);
        foreach (var id in commit.ObligationsDischarged)
            connection.Db.Execute(DeleteObligation, new { id });
        foreach (var row in commit.Tasks)
            connection.Db.Execute(PutTask, row);
        foreach (var row in commit.RestorePoints)
            connection.Db.Execute(PutRestorePoint, row);
        foreach (var id in commit.RestorePointsDeleted)
            connection.Db.Execute(DeleteRestorePoint, new { id });
        if (commit.Session is { } session)
            connection.Db.Execute(UpdateSession, session);
    }
}
