namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>The journal of an instance, oldest first: every segment that holds a record with this sequence number or a higher one.</summary>
    public Task<IReadOnlyList<JournalSegment>> JournalAsync(string instanceId, long fromSequence, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>The journals of a session: its own instance's and those of its machines, by instance and sequence.</summary>
    public Task<IReadOnlyList<JournalSegment>> SessionJournalAsync(string sessionId, CancellationToken ct) => throw new NotImplementedException();
}
