using System.Text;
using Quiesce.Storage;

namespace Quiesce.Tests.Storage;

/// <summary>What every database must keep. A subclass says how one is opened.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    protected static readonly CancellationToken Ct = CancellationToken.None;

    protected ManualTime Time { get; } = new();

    protected Store Store { get; private set; } = null!;

    protected Owner Me { get; private set; } = null!;

    protected DateTimeOffset Now => Time.GetUtcNow();

    public virtual async Task InitializeAsync()
    {
        Store = await OpenAsync(Time);
        Me = await Store.RegisterOwnerAsync("me", Lease);
    }

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    /// <summary>Opens the test's database, a new one at first.</summary>
    protected abstract Task<Store> OpenAsync(TimeProvider time);

    protected InstanceRow Instance(string id, string phase = "Running", string state = "{}", string? sessionId = null) => new(
        id, "machine-snapshot", 3, "machine-snapshot:3", null, sessionId, null, "Running", "Suspended", phase, Encoding.UTF8.GetBytes(state), 0, null, 0, Now, Now, null, null, 0);

    protected StimulusRow Stimulus(string id, string instanceId, DateTimeOffset? dueAt = null, string? bookmarkId = null) =>
        new(id, instanceId, "reply", null, bookmarkId, """{"ok":true}""", Now, dueAt);

    protected BookmarkRow Bookmark(string id, string instanceId, string hash = "hash", string? correlationId = null) =>
        new(id, instanceId, "Quiesce.RunScript", hash, correlationId, null, Now, null);

    protected OutboxRow Outbox(string id, string instanceId, bool awaitsReply = true) => new(id, instanceId, "RunScript", "{}", 1, Now, awaitsReply);

    protected ObligationRow Obligation(string id, string instanceId, long sequence = 1, string state = ObligationStates.Open, DateTimeOffset? nextAttemptAt = null) =>
        new(id, instanceId, "session", "db1", "thaw", "{}", sequence, Now, 0, nextAttemptAt, null, state);

    protected SessionRow Session(string id, string job = "nightly") =>
        new(id, job, "{}", "job-session", 1, "Running", null, null, false, "cli", Now, null, 0, null);

    /// <summary>Adds an instance with its start stimulus and claims it.</summary>
    protected async Task<ClaimedInstance> NewClaimedAsync(string id)
    {
        await Store.AddInstancesAsync([new NewInstance(Instance(id), Stimulus("start", id))]);
        return await ClaimAsync(id);
    }

    protected async Task<ClaimedInstance> ClaimAsync(string id)
    {
        var claimed = await Store.ClaimAsync(id, Me, Ct);
        Assert.NotNull(claimed);
        return claimed;
    }

    /// <summary>A commit that changes nothing but the instance's revision.</summary>
    protected Commit Next(ClaimedInstance claimed) => new() { Owner = Me, Instance = claimed.Instance with { UpdatedAt = Now }, Epoch = claimed.Instance.Epoch };

    protected Commit Ending(ClaimedInstance claimed) =>
        Next(claimed) with { Instance = claimed.Instance with { Status = "Finished", SubStatus = "Finished", FinishedAt = Now, UpdatedAt = Now } };

    protected async Task CommitAsync(Commit commit) => Assert.Equal(CommitOutcome.Committed, (await Store.CommitAsync(commit)).Outcome);

    protected Task<IReadOnlyList<string>> ReadyAsync(int limit = 100) => Store.ReadyInstancesAsync(Me, limit, Ct);
}
