using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>A page of sessions: those under way first, then the newest. Total and page are of the same moment.</summary>
    public Task<SessionKeys> SessionKeysAsync(SessionFilter filter, int skip, int take, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(filter);
        List<string> conditions = [];
        if (filter.Job is not null)
            conditions.Add("job = @Job");
        if (filter.IsRunning is { } running)
            conditions.Add(running ? "ended_at IS NULL" : "ended_at IS NOT NULL");
        if (filter.Result is not null)
            conditions.Add("result = @Result");
        if (filter.IsCancelled is not null)
            conditions.Add("is_cancelled = @IsCancelled");
        var where = conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)} ";
        var values = new { filter.Job, filter.Result, filter.IsCancelled, skip, take };
        return ReadAsync(c => new SessionKeys(
            [.. c.Db.Query<SessionKey>($"SELECT id, ended_at FROM sessions {where}ORDER BY ended_at IS NOT NULL, seq DESC LIMIT @take OFFSET @skip", values)],
            c.Db.ExecuteScalar<int>($"SELECT COUNT(*) FROM sessions {where}", values)), ct);
    }

    /// <summary>The sessions of the same job right before and right after one; null where there is none.</summary>
    public Task<(string? Previous, string? Next)> SessionNeighboursAsync(string sessionId, CancellationToken ct) =>
        ReadAsync(c => (
            c.Db.ExecuteScalar<string?>("SELECT o.id FROM sessions s JOIN sessions o ON o.job = s.job AND o.seq < s.seq WHERE s.id = @sessionId ORDER BY o.seq DESC LIMIT 1", new { sessionId }),
            c.Db.ExecuteScalar<string?>("SELECT o.id FROM sessions s JOIN sessions o ON o.job = s.job AND o.seq > s.seq WHERE s.id = @sessionId ORDER BY o.seq LIMIT 1", new { sessionId })), ct);
}
