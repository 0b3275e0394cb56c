using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>How much there is of what.</summary>
    public Task<StoreCounts> CountsAsync(CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingle<StoreCounts>(
            """
            SELECT (SELECT COUNT(*) FROM jobs) AS jobs, (SELECT COUNT(*) FROM sessions) AS sessions,
                (SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL) AS running_sessions, (SELECT COUNT(*) FROM restore_points) AS restore_points,
                (SELECT COUNT(*) FROM instances) AS instances, (SELECT COUNT(*) FROM instances WHERE finished_at IS NULL) AS running_instances,
                (SELECT COUNT(*) FROM outbox WHERE awaits_reply = 1) AS awaited_replies, (SELECT COUNT(*) FROM obligations WHERE state = 'Leftover') AS leftovers
            """), ct);

    /// <summary>Sessions that ended before a moment, the oldest first.</summary>
    public Task<IReadOnlyList<SessionRow>> SessionsEndedBeforeAsync(DateTimeOffset before, int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<SessionRow>>(c => [.. c.Db.Query<SessionRow>("SELECT * FROM sessions WHERE ended_at < @before ORDER BY seq LIMIT @limit", new { before, limit })], ct);

    /// <summary>A page of leftovers, the oldest first, and how many there are in all; of one machine or all.</summary>
    public Task<(IReadOnlyList<ObligationRow> Items, int Total)> LeftoverPageAsync(string? machine, int skip, int take, CancellationToken ct) =>
        ReadAsync<(IReadOnlyList<ObligationRow>, int)>(c =>
        {
            var where = machine is null ? "WHERE state = 'Leftover'" : "WHERE state = 'Leftover' AND machine = @machine";
            return ([.. c.Db.Query<ObligationRow>($"SELECT * FROM obligations {where} ORDER BY created_at, sequence, id LIMIT @take OFFSET @skip", new { machine, skip, take })],
                c.Db.ExecuteScalar<int>($"SELECT COUNT(*) FROM obligations {where}", new { machine }));
        }, ct);

    /// <summary>A leftover; null when there is none of that id (any more).</summary>
    public Task<ObligationRow?> LeftoverAsync(string id, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<ObligationRow>("SELECT * FROM obligations WHERE id = @id AND state = 'Leftover'", new { id }), ct);
}

/// <summary>How much there is of what.</summary>
[method: ExplicitConstructor]
public sealed record StoreCounts(int Jobs, int Sessions, int RunningSessions, int RestorePoints, int Instances, int RunningInstances, int AwaitedReplies, int Leftovers);
