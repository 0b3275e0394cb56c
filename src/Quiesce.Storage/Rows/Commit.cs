using Dapper;

namespace Quiesce.Storage;

/// <summary>Everything that one burst writes: all of it in one transaction, or nothing.</summary>
public sealed record Commit
{
    /// <summary>Who commits. It must hold the instance in <see cref="Epoch"/>, otherwise the result is <see cref="CommitOutcome.Lost"/>.</summary>
    public required Owner Owner { get; init; }

    /// <summary>The instance as it shall be from now on, with the <see cref="InstanceRow.Revision"/> that the burst was computed from. Its OwnerId and Epoch are not read.</summary>
    public required InstanceRow Instance { get; init; }

    /// <summary>Insert the instance, held by <see cref="Owner"/> in epoch <see cref="Epoch"/>, instead of updating it. When the id exists already the result is Lost.</summary>
    public bool Create { get; init; }

    /// <summary>With <see cref="Create"/>: the instance is created only if this holds; otherwise the result is <see cref="CommitOutcome.Refused"/>, and nothing is written.</summary>
    public StartGuard? Guard { get; init; }

    /// <summary>The epoch in which the instance was claimed.</summary>
    public long Epoch { get; init; }

    /// <summary>Ids of this instance's stimuli that are used up. Unknown ids are ignored; a future timer may be named to cancel it.</summary>
    public IReadOnlyList<string> ConsumedStimuli { get; init; } = [];

    /// <summary>Ids of this instance's stimuli that nobody waits for yet: kept, and not reported ready until another commit of the instance.</summary>
    public IReadOnlyList<string> WaitingStimuli { get; init; } = [];

    public IReadOnlyList<BookmarkRow> BookmarksAdded { get; init; } = [];

    /// <summary>Ids of this instance's bookmarks.</summary>
    public IReadOnlyList<string> BookmarksRemoved { get; init; } = [];

    public JournalSegment? Journal { get; init; }

    /// <summary>The executions of activities that the burst touched, as a JSON array in UTF-8; null for none.</summary>
    public byte[]? Executions { get; init; }

    public IReadOnlyList<OutboxRow> OutboxAdded { get; init; } = [];

    /// <summary>Operation ids whose reply this commit consumes, or that nobody needs any more.</summary>
    public IReadOnlyList<string> OutboxRemoved { get; init; } = [];

    public IReadOnlyList<ObligationRow> ObligationsAdded { get; init; } = [];

    public IReadOnlyList<string> ObligationsDischarged { get; init; } = [];

    /// <summary>Rows whose attempts, next attempt, last error, payload and state are written over.</summary>
    public IReadOnlyList<ObligationRow> ObligationsUpdated { get; init; } = [];

    /// <summary>New unowned instances, each with its start stimulus. An id that exists already is left as it is.</summary>
    public IReadOnlyList<NewInstance> Children { get; init; } = [];

    /// <summary>Stimuli for this instance (timers) or others (a parent). Idempotent by id, and dropped when their instance has ended or does not exist.</summary>
    public IReadOnlyList<StimulusRow> StimuliAdded { get; init; } = [];

    /// <summary>Told to whoever waits for them in this very moment, this instance's new bookmarks included.</summary>
    public IReadOnlyList<Broadcast> Broadcasts { get; init; } = [];

    public SessionUpdate? Session { get; init; }

    /// <summary>Written over by (session, machine).</summary>
    public IReadOnlyList<TaskRow> Tasks { get; init; } = [];

    /// <summary>Written over by id.</summary>
    public IReadOnlyList<RestorePointRow> RestorePoints { get; init; } = [];

    public IReadOnlyList<string> RestorePointsDeleted { get; init; } = [];

    /// <summary>Machine keys this instance takes. One that another instance holds makes the result <see cref="CommitOutcome.MachineBusy"/>, and nothing is written.</summary>
    public IReadOnlyList<MachineLock> MachinesLocked { get; init; } = [];

    /// <summary>Machine keys this instance gives back. When the instance ends, all of its keys are given back anyway.</summary>
    public IReadOnlyList<string> MachinesReleased { get; init; } = [];
}

/// <summary>What became of a commit.</summary>
public enum CommitOutcome
{
    /// <summary>All of it is durable.</summary>
    Committed,

    /// <summary>Nothing was written: another owner holds the instance, it was committed from another revision, it is gone, or (Create) it exists already.</summary>
    Lost,

    /// <summary>Nothing was written: another instance holds one of the machine keys; <see cref="CommitResult.Holder"/> says whose session.</summary>
    MachineBusy,

    /// <summary>Nothing was written: the guard of the new instance does not hold; <see cref="CommitResult.Standing"/> is the instance in its way.</summary>
    Refused,
}

/// <param name="Revision">The revision that the next commit of this instance starts from (0 unless committed).</param>
/// <param name="Holder">For MachineBusy: the lock that stands in the way.</param>
/// <param name="Standing">For Refused: the id of the instance that stands in the way.</param>
/// <param name="Told">The instances that a broadcast reached; null when there was none.</param>
public sealed record CommitResult(CommitOutcome Outcome, long Revision, MachineLock? Holder = null, string? Standing = null, IReadOnlyList<string>? Told = null)
{
    /// <summary>True when everything is durable.</summary>
    public bool IsCommitted => Outcome == CommitOutcome.Committed;
}

/// <summary>The journal records of one commit: one row holding a JSON array.</summary>
/// <param name="FromSequence">Sequence number of the first record.</param>
/// <param name="Count">How many records the array holds.</param>
[method: ExplicitConstructor]
public sealed record JournalSegment(string InstanceId, long FromSequence, int Count, string Json);

/// <summary>A stimulus for everybody who waits at a bookmark with this hash, found in the transaction that tells it: no bookmark that is committed before it is missed.</summary>
/// <param name="Id">With the bookmark's id behind it, the id of each stimulus: the same broadcast twice is one.</param>
/// <param name="CorrelationId">Only bookmarks of instances with this correlation id or none; null: all.</param>
/// <param name="InstanceId">Only bookmarks of this instance; null: of all.</param>
public sealed record Broadcast(string Id, string Kind, string Hash, string? CorrelationId, string? Payload, DateTimeOffset CreatedAt, string? InstanceId = null);

/// <summary>Something from outside that starts and resumes instances, in one transaction.</summary>
public sealed record Arrival
{
    /// <summary>It is taken once per key; null: as often as it comes.</summary>
    public string? Key { get; init; }

    /// <summary>How long the key is remembered.</summary>
    public TimeSpan KeepKey { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Each with its guard; one whose guard does not hold is left out.</summary>
    public IReadOnlyList<NewInstance> Starts { get; init; } = [];

    public IReadOnlyList<Broadcast> Broadcasts { get; init; } = [];
}

/// <param name="Started">Ids of the instances that were added.</param>
/// <param name="Told">Ids of the instances that a broadcast reached.</param>
public sealed record ArrivalResult(IReadOnlyList<string> Started, IReadOnlyList<string> Told);
