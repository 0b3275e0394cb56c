using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Notes what was done. The row's own Seq is not used.</summary>
    public Task AddAuditAsync(AuditRow row) =>
        WriteAsync(c => c.Db.Execute(
            "INSERT INTO audit (at, by, role, action, subject, outcome, detail, address) VALUES (@At, @By, @Role, @Action, @Subject, @Outcome, @Detail, @Address)", row));

    /// <summary>A page of what was done, the newest first, and how much there is in all; by one key or on one subject, or everything.</summary>
    public Task<(IReadOnlyList<AuditRow> Items, int Total)> AuditAsync(string? by, string? subject, int skip, int take, CancellationToken ct) =>
        ReadAsync<(IReadOnlyList<AuditRow>, int)>(c =>
        {
            var where = (by, subject) switch
            {
                (null, null) => "",
                (_, null) => "WHERE by = @by",
                (null, _) => "WHERE subject = @subject",
                _ => "WHERE subject = @subject AND by = @by",
            };
            var values = new { by, subject, skip, take };
            return ([.. c.Db.Query<AuditRow>($"SELECT * FROM audit {where} ORDER BY seq DESC LIMIT @take OFFSET @skip", values)],
                c.Db.ExecuteScalar<int>($"SELECT COUNT(*) FROM audit {where}", values));
        }, ct);

    /// <summary>Forgets what was done before a moment.</summary>
    public Task<int> TrimAuditAsync(DateTimeOffset before) => WriteAsync(c => c.Db.Execute("DELETE FROM audit WHERE at < @before", new { before }));

    /// <summary>What was answered under a key that has not expired; null when nothing was.</summary>
    public Task<AnswerRow?> AnswerAsync(string key, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<AnswerRow>("SELECT * FROM answers WHERE key = @key AND expires_at > @now", new { key, now = Now }), ct);

    /// <summary>Keeps an answer, and forgets those that have expired. The first under a key stays.</summary>
    public Task KeepAnswerAsync(AnswerRow answer) =>
        WriteAsync(c =>
        {
            c.Db.Execute("DELETE FROM answers WHERE expires_at <= @now", new { now = Now });
            return c.Db.Execute(
                "INSERT INTO answers (key, request_hash, status, content_type, body, expires_at) VALUES (@Key, @RequestHash, @Status, @ContentType, @Body, @ExpiresAt) ON CONFLICT (key) DO NOTHING", answer);
        });
}
