using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    private const string IsFreeOrMine = $"(i.owner_id IS NULL OR i.owner_id = @me OR NOT EXISTS (SELECT 1 FROM owners o WHERE o.id = i.owner_id AND {IsLive}))";
    private const string IsNotWaiting = "(s.waiting_revision IS NULL OR s.waiting_revision < i.revision)";

    private const string ReadyStimuli = $"""
        FROM stimuli s JOIN instances i ON i.id = s.instance_id
        WHERE s.consumed = 0 AND {IsNotWaiting} AND i.finished_at IS NULL AND {IsFreeOrMine}
        """;

    // Timers first: they are few, and nothing that arrives all the time may starve a time limit.
    private const string ReadyByTimer = $"SELECT s.instance_id {ReadyStimuli} AND s.ready_at > 0 AND s.ready_at <= @now ORDER BY s.ready_at";
    private const string ReadyAtOnce = $"SELECT s.instance_id {ReadyStimuli} AND s.ready_at = 0 ORDER BY s.seq";

    private const string ReadyToCompensate = $"""
        SELECT i.id FROM instances i
        WHERE i.finished_at IS NULL AND i.phase = 'Compensating' AND {IsFreeOrMine}
            AND NOT EXISTS (SELECT 1 FROM stimuli s WHERE s.instance_id = i.id AND s.consumed = 0 AND {IsNotWaiting})
            AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.instance_id = i.id AND b.awaits_reply = 1)
        ORDER BY i.seq
        """;

    /// <summary>Adds stimuli. A repeat of an id is ignored, also when the first was consumed; so is one for an instance that has ended or does not exist. True when at least one was new.</summary>
    public Task<bool> AddStimuliAsync(IReadOnlyList<StimulusRow> rows) => WriteAsync(c =>
    {
        var isNew = false;
        foreach (var row in rows)
            isNew |= BurstCommit.Add(c, row);
        return isNew;
    });

    /// <summary>Claims an instance and reads it with its due stimuli. Without a write when this owner has it already.
    /// Null when another live owner has it, when it has ended, or when it does not exist.</summary>
    public async Task<ClaimedInstance?> ClaimAsync(string instanceId, Owner owner, CancellationToken ct) =>
        await ReadAsync(c => InstanceClaim.ReadMine(c, instanceId, owner.Id, Now), ct).ConfigureAwait(false)
        ?? await WriteAsync(c => InstanceClaim.Take(c, instanceId, owner.Id, Now)).ConfigureAwait(false);

    /// <summary>Ids of instances that are free or this owner's and have something to do: a due stimulus that is not marked waiting,
    /// or phase <see cref="Phases.Compensating"/> with no stimulus and no reply outstanding. Due timers first, then in order of arrival.</summary>
    public Task<IReadOnlyList<string>> ReadyInstancesAsync(Owner owner, int limit, CancellationToken ct) => ReadAsync<IReadOnlyList<string>>(c =>
    {
        var now = Now;
        OrderedSet ready = new(limit);
        Collect(c.Prepared(ReadyByTimer), ready, owner.Id, now);
        Collect(c.Prepared(ReadyAtOnce), ready, owner.Id, now);
        Collect(c.Prepared(ReadyToCompensate), ready, owner.Id, now);
        return ready.Ids;
    }, ct);

    /// <summary>When the next timer of any unfinished instance is due; null when there is none. It may lie in the past.</summary>
    public Task<DateTimeOffset?> NextTimerAsync(CancellationToken ct) => ReadAsync(c =>
        c.Db.ExecuteScalar<long?>("SELECT MIN(ready_at) FROM stimuli WHERE consumed = 0 AND ready_at > 0") is { } due ? StoredTime.FromMicroseconds(due) : (DateTimeOffset?)null, ct);

    /// <summary>All unconsumed stimuli of an instance, also waiting ones and future timers, oldest first.</summary>
    public Task<IReadOnlyList<StimulusRow>> StimuliAsync(string instanceId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<StimulusRow>>(c => InstanceClaim.Stimuli(c, InstanceClaim.SelectStimuli, instanceId, DateTimeOffset.MaxValue), ct);

    /// <summary>Bookmarks with this hash in all unfinished instances, oldest first; with a correlation id only those of it or of none.</summary>
    public Task<IReadOnlyList<BookmarkRow>> BookmarksByHashAsync(string hash, string? correlationId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<BookmarkRow>>(c => [.. c.Db.Query<BookmarkRow>(
            $"""
            SELECT {BookmarkColumns} FROM bookmarks WHERE hash = @hash AND (@correlationId IS NULL OR correlation_id IS NULL OR correlation_id = @correlationId)
            ORDER BY created_at, instance_id, ordinal
            """,
            new { hash, correlationId })], ct);

    /// <summary>What instances wait for at HTTP endpoints: a hash and the payload of one bookmark with it.</summary>
    public Task<IReadOnlyList<(string Hash, string Payload)>> HttpBookmarksAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<(string, string)>>(c => [.. c.Db.Query<(string, string)>("SELECT hash, MIN(payload) FROM bookmarks WHERE name = 'Elsa.HttpEndpoint' AND payload IS NOT NULL GROUP BY hash")], ct);

    /// <summary>The bookmarks of an instance, oldest first.</summary>
    public Task<IReadOnlyList<BookmarkRow>> BookmarksAsync(string instanceId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<BookmarkRow>>(c => [.. c.Db.Query<BookmarkRow>(
            $"SELECT {BookmarkColumns} FROM bookmarks WHERE instance_id = @instanceId ORDER BY ordinal", new { instanceId })], ct);

    private const string BookmarkColumns = "id, instance_id, name, hash, correlation_id, payload, created_at, due_at";

    private static void Collect(Statement query, OrderedSet ready, string ownerId, DateTimeOffset now)
    {
        if (ready.IsFull)
            return;
        using var row = query.Read(ownerId, now);
        while (!ready.IsFull && row.Read())
            ready.Add(row.GetString(0));
    }

    /// <summary>Up to so many different ids, in the order in which they came.</summary>
    private sealed class OrderedSet(int limit)
    {
        private readonly HashSet<string> _seen = [];

        public List<string> Ids { get; } = [];

        public bool IsFull => Ids.Count >= limit;

        public void Add(string id)
        {
            if (_seen.Add(id))
                Ids.Add(id);
        }
    }
}
