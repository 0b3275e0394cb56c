namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Outbox rows of instances that this owner holds, oldest first: after a start these are what must be sent (again).</summary>
    /// <param name="after">Only rows behind this id, for the next page; null from the beginning.</param>
    public Task<IReadOnlyList<OutboxRow>> UnansweredOutboxAsync(Owner owner, string? after, int limit, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>The outbox rows of one instance, oldest first.</summary>
    public Task<IReadOnlyList<OutboxRow>> OutboxAsync(string instanceId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Raises the attempts of rows durably, before they are sent again.</summary>
    public Task CountOutboxAttemptsAsync(IReadOnlyList<string> ids) => throw new NotImplementedException();

    /// <summary>Removes rows: events that were published, operations that nobody waits for.</summary>
    public Task DeleteOutboxAsync(IReadOnlyList<string> ids) => throw new NotImplementedException();
}
