using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs;

// Instances that somebody waits for: their first burst runs in the caller's time.
public sealed partial class SessionRunner
{
    // A burst costs a processor: no more of them at once than the workers would run.
    private readonly SemaphoreSlim _direct;

    /// <summary>Starts an instance of a definition outside any session and runs its first burst; both are durable, in one commit, when this returns.</summary>
    /// <param name="input">The workflow's input, or null.</param>
    /// <exception cref="StorageException">It could not be stored; nothing was started.</exception>
    /// <exception cref="InvalidOperationException">The definition version is not there, or the id is taken.</exception>
    public async Task StartAsync(string definitionId, int version, string versionId, string instanceId, JsonObject? input)
    {
        var now = _time.GetUtcNow();
        var payload = input is null ? null : new JsonObject { ["input"] = input.DeepClone() }.ToJsonString();
        var added = new NewInstance(NewInstances.Fresh(instanceId, definitionId, version, versionId, null, null, null, null, now),
            new StimulusRow("start", instanceId, StimulusKinds.Start, null, null, payload, now, null));
        await StartAsync(added, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Runs the first burst of a new instance and commits it together with the instance, if its guard holds in that very transaction: two at once start one.</summary>
    /// <returns>The state after the burst, or the id of the running instance that stands in the way; then nothing was written.</returns>
    /// <exception cref="StorageException">It could not be stored; nothing was started.</exception>
    /// <exception cref="InvalidOperationException">The definition version is not there, or the id is taken.</exception>
    internal async Task<(InstanceState? State, string? Standing)> StartAsync(NewInstance added, CancellationToken cancellationToken)
    {
        ClaimedInstance claimed = new(added.Instance, [added.Start!]);
        InstanceDraft draft = new(added.Instance, null, _time.GetUtcNow());
        await _direct.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await BurstAsync(draft, claimed, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _direct.Release();
        }

        _options.Checkpoint?.Invoke($"before commit {draft.Row.Id} 0");
        // Nothing is durable before this, and everything is after it.
        var result = await _store.CommitAsync(draft.ToCommit(_owner, claimed.Instance.Epoch) with { Create = true, Guard = added.Guard }).ConfigureAwait(false);
        if (result.Outcome == CommitOutcome.Refused) return (null, result.Standing);
        if (!result.IsCommitted) throw new InvalidOperationException($"there is an instance '{draft.Row.Id}' already; start with another id");
        Committed(draft, claimed, null, result);
        return (draft.State, null);
    }
}
