using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    private const string OutboxColumns = "b.id, b.instance_id, b.kind, b.payload, b.attempts, b.created_at, b.awaits_reply";

    /// <summary>Outbox rows of instances that this owner holds, oldest first: after a start these are what must be sent (again).</summary>
    /// <param name="after">Only rows behind this id, for the next page; null, or an id that is gone meanwhile: from the beginning. With no limit to speak of, one call reads all.</param>
    public Task<IReadOnlyList<OutboxRow>> UnansweredOutboxAsync(Owner owner, string? after, int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<OutboxRow>>(c => [.. c.Db.Query<OutboxRow>(
            $"""
            SELECT {OutboxColumns} FROM outbox b JOIN instances i ON i.id = b.instance_id
            WHERE i.owner_id = @me AND b.seq > COALESCE((SELECT seq FROM outbox WHERE id = @after), 0) ORDER BY b.seq LIMIT @limit
            """,
            new { me = owner.Id, after, limit })], ct);

    /// <summary>The outbox rows of one instance, oldest first.</summary>
    public Task<IReadOnlyList<OutboxRow>> OutboxAsync(string instanceId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<OutboxRow>>(c => [.. c.Db.Query<OutboxRow>(
            $"SELECT {OutboxColumns} FROM outbox b WHERE b.instance_id = @instanceId ORDER BY b.seq", new { instanceId })], ct);

    /// <summary>Raises the attempts of rows durably, before they are sent again.</summary>
    public Task CountOutboxAttemptsAsync(IReadOnlyList<string> ids) => ForEachAsync("UPDATE outbox SET attempts = attempts + 1 WHERE id = @id", ids);

    /// <summary>Removes rows: events that were published, operations that nobody waits for.</summary>
    public Task DeleteOutboxAsync(IReadOnlyList<string> ids) => ForEachAsync("DELETE FROM outbox WHERE id = @id", ids);

    /// <summary>Runs a statement with one parameter for every id, in one transaction.</summary>
    private Task ForEachAsync(string sql, IReadOnlyList<string> ids) => ids.Count == 0
        ? Task.CompletedTask
        : WriteAsync(c =>
        {
            var statement = c.Prepared(sql);
            var changed = 0;
            foreach (var id in ids)
                changed += statement.Run(id);
            return changed;
        });
}
