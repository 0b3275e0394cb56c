namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Writes everything of a burst in one transaction, or nothing. Not cancellable: what was decided is written. Acknowledged means synced to disk.</summary>
    /// <exception cref="StorageException">The database could not write. Nothing was written; the same commit may be given again.</exception>
    public Task<CommitResult> CommitAsync(Commit commit) => throw new NotImplementedException();

    /// <summary>Adds unowned instances with their start stimuli. An id that exists already is left as it is.</summary>
    public Task AddInstancesAsync(IReadOnlyList<NewInstance> instances) => throw new NotImplementedException();

    /// <summary>Claims an instance and reads it with its due stimuli. Without a write when this owner has it already.
    /// Null when another live owner has it, when it has ended, or when it does not exist.</summary>
    public Task<ClaimedInstance?> ClaimAsync(string instanceId, Owner owner, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Gives an instance back, for others to claim. Nothing happens when the owner does not hold it in that epoch.</summary>
    public Task ReleaseAsync(string instanceId, Owner owner, long epoch) => throw new NotImplementedException();

    /// <summary>Ids of instances that are free or this owner's and have something to do: a due stimulus that is not marked waiting,
    /// or phase <see cref="Phases.Compensating"/> with no stimulus and no reply outstanding. Longest due first.</summary>
    public Task<IReadOnlyList<string>> ReadyInstancesAsync(Owner owner, int limit, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>When the next timer of any unfinished instance is due; null when there is none.</summary>
    public Task<DateTimeOffset?> NextTimerAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>An instance with its state document, whoever holds it; null when it does not exist.</summary>
    public Task<InstanceRow?> InstanceAsync(string instanceId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>A page of instances, newest first, without state documents.</summary>
    public Task<IReadOnlyList<InstanceSummary>> InstancesAsync(InstanceFilter filter, int skip, int take, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>How many instances the filter matches.</summary>
    public Task<int> CountInstancesAsync(InstanceFilter filter, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Deletes an ended instance with everything that belongs to it. False when it has not ended or does not exist.</summary>
    public Task<bool> DeleteInstanceAsync(string instanceId) => throw new NotImplementedException();

    /// <summary>Deletes what is left of instances that ended before the moment: instances without a session with their journals, and of all others stimuli, bookmarks and outbox rows;
    /// also starts remembered for idempotency that have run out. Returns how many instances were deleted.</summary>
    public Task<int> PurgeAsync(DateTimeOffset olderThan) => throw new NotImplementedException();
}
