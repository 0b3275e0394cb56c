using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    private const string JournalColumns = "j.instance_id, j.from_sequence, j.count, j.json";

    /// <summary>The journal of an instance, oldest first: every segment that holds a record with this sequence number or a higher one.</summary>
    public Task<IReadOnlyList<JournalSegment>> JournalAsync(string instanceId, long fromSequence, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<JournalSegment>>(c => [.. c.Db.Query<JournalSegment>(
            $"SELECT {JournalColumns} FROM journal j WHERE j.instance_id = @instanceId AND j.from_sequence + j.count > @fromSequence ORDER BY j.from_sequence",
            new { instanceId, fromSequence })], ct);

    /// <summary>The journals of a session: its own instance's and those of its machines, by instance and sequence.</summary>
    public Task<IReadOnlyList<JournalSegment>> SessionJournalAsync(string sessionId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<JournalSegment>>(c => [.. c.Db.Query<JournalSegment>(
            $"SELECT {JournalColumns} FROM journal j JOIN instances i ON i.id = j.instance_id WHERE i.session_id = @sessionId ORDER BY i.seq, j.from_sequence",
            new { sessionId })], ct);
}
