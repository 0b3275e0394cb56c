using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs.Triggers;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>
/// The one loop (design §4): claim an instance by lease → load → <see cref="Burst.Run"/> → <see cref="Store.CommitAsync"/> → hand what was committed to the outbox pump.
/// Everything that can move an instance is a row before it moves it, so a crash at any point repeats a burst, never an effect.
/// </summary>
public sealed partial class SessionRunner
{
    private readonly Store _store;
    private readonly Owner _owner;
    private readonly DefinitionLookup _definitions;
    private readonly TimeProvider _time;
    private readonly RunnerOptions _options;
    private readonly ILogger<SessionRunner> _log;
    private readonly BurstStep _burst;
    private readonly TaskEnd _end;
    private readonly Compensation _compensation;
    private readonly SessionHostSource _hosts;
    private readonly Channel<string> _ready = Channel.CreateUnbounded<string>();
    private readonly Channel<OutboxRow> _outgoing = Channel.CreateUnbounded<OutboxRow>();
    // Queued: in the channel. Again: woken while a worker has it.
    private readonly ConcurrentDictionary<string, Attention> _attention = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (long Revision, InstanceState State)> _states = new(StringComparer.Ordinal);

    public SessionRunner(Store store, Owner owner, DefinitionLookup definitions, TimeProvider time, RunnerOptions options, ILogger<SessionRunner> log, TriggerLookup? triggers = null)
    {
        (_store, _owner, _definitions, _time, _options, _log, _direct) = (store, owner, definitions, time, options, log, new SemaphoreSlim(options.Workers));
        (_burst, _end, _compensation, _hosts) = (new BurstStep(triggers ?? (_ => [])), new TaskEnd(store), new Compensation(store, options), new SessionHostSource(store, definitions));
    }

    private enum Attention { Queued, Running, Again }

    /// <summary>Committed rows to publish, in the order of their commits.</summary>
    public ChannelReader<OutboxRow> Outgoing => _outgoing.Reader;

    /// <summary>Raised after a commit, with the session that it belongs to, or the instance where there is none.</summary>
    public event Action<string>? Changed;

    /// <summary>Raised after the commit that ends a session, with its id.</summary>
    public event Action<string>? SessionEnded;

    /// <summary>Raised after a commit, with the instance.</summary>
    public event Action<string>? InstanceChanged;

    /// <summary>Raised after a commit, with the instance as it was before and what the commit added to its journal; for one instance in the order of its commits.</summary>
    internal event Action<InstanceRow, IReadOnlyList<JournalRecord>>? Journaled;

    /// <summary>Who waits for an answer over HTTP.</summary>
    public HttpExchanges Exchanges { get; } = new();

    /// <summary>Says that an instance may have something to do. Never blocks; waking for nothing does no harm.</summary>
    public void Wake(string instanceId)
    {
        while (true)
        {
            if (_attention.TryAdd(instanceId, Attention.Queued))
            {
                _ready.Writer.TryWrite(instanceId);
                return;
            }

            if (!_attention.TryGetValue(instanceId, out var attention)) continue;
            if (attention is Attention.Queued or Attention.Again || _attention.TryUpdate(instanceId, Attention.Again, attention)) return;
        }
    }

    /// <summary>Writes a line for the operator into the journal of an instance: durable when this returns, dropped where the instance has ended.</summary>
    /// <param name="id">The same id twice is one line.</param>
    public async Task NoteAsync(string instanceId, string id, string level, string text)
    {
        var payload = new JsonObject { ["level"] = level, ["text"] = text }.ToJsonString();
        await _store.AddStimuliAsync([new StimulusRow(id, instanceId, StimulusKinds.Note, null, null, payload, _time.GetUtcNow(), null)]).ConfigureAwait(false);
        Wake(instanceId);
    }

    /// <summary>Runs until <paramref name="stopping"/>: then nothing new is claimed and the bursts in hand are finished (two tokens: a user's cancel is a stimulus, not this).</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var workers = Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync(stopping)).ToList();
        workers.Add(PollAsync(stopping));
        await Task.WhenAll(workers).ConfigureAwait(false);
    }

    private async Task PollAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    foreach (var id in await _store.ReadyInstancesAsync(_owner, 1000, stopping).ConfigureAwait(false)) Wake(id);
                }
                catch (StorageException e)
                {
                    _log.LogError(e, "Looking for instances that are ready failed; trying again in {Poll}", _options.Poll);
                }

                await Task.Delay(_options.Poll, _time, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping: nothing new is looked for.
        }
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var id in _ready.Reader.ReadAllAsync(stopping).ConfigureAwait(false))
            {
                _attention[id] = Attention.Running;
                var again = await StepAsync(id, stopping).ConfigureAwait(false);
                if (again is not null) _ = WakeLaterAsync(id, again.Value, stopping);
                if (_attention.TryUpdate(id, Attention.Queued, Attention.Again)) _ready.Writer.TryWrite(id);
                else if (!_attention.TryRemove(new KeyValuePair<string, Attention>(id, Attention.Running)))
                {
                    // Woken between the two checks.
                    _attention[id] = Attention.Queued;
                    _ready.Writer.TryWrite(id);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping: nothing new is claimed.
        }
    }

    private async Task WakeLaterAsync(string id, TimeSpan wait, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(wait, _time, stopping).ConfigureAwait(false);
            Wake(id);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The poll of the next start finds it.
        }
    }

    // One step of one instance; what comes back is when to try again, or null.
    private async Task<TimeSpan?> StepAsync(string id, CancellationToken stopping)
    {
        try
        {
            if (await _store.ClaimAsync(id, _owner, stopping).ConfigureAwait(false) is not { } claimed || claimed.Instance.FinishedAt is not null) return null;
            var host = await _hosts.OfAsync(claimed.Instance, stopping).ConfigureAwait(false);
            var draft = new InstanceDraft(claimed.Instance, host, _time.GetUtcNow());
            if (claimed.Instance.Phase == Phases.Compensating) await CompensateAsync(draft, claimed, stopping).ConfigureAwait(false);
            else if (claimed.Stimuli.Count == 0) return null;
            else await BurstAsync(draft, claimed, stopping).ConfigureAwait(false);
            return await CommitAsync(draft, claimed).ConfigureAwait(false);
        }
        catch (StorageException e)
        {
            _log.LogError(e, "Instance {Instance}: the step could not be stored and is tried again in {Again}", id, _options.Again);
            return _options.Again;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            // A bug of ours in one instance must not end the loop for the others; the rows are untouched.
            _log.LogError(e, "Instance {Instance}: the step failed and is tried again in {Again}", id, _options.Again * 10);
            return _options.Again * 10;
        }
    }

    private async Task BurstAsync(InstanceDraft draft, ClaimedInstance claimed, CancellationToken stopping)
    {
        var before = State(claimed.Instance);
        var first = before is null;
        if (_definitions(new DefinitionReference { VersionId = claimed.Instance.DefinitionVersionId }) is not { } graph)
            throw new InvalidOperationException($"definition version '{claimed.Instance.DefinitionVersionId}' of '{claimed.Instance.DefinitionId}' is not there; import it again, instance '{claimed.Instance.Id}' goes on then");
        if (first) await BeginAsync(draft, stopping).ConfigureAwait(false);
        before = IncomingStimuli.Variables(draft, claimed, graph, before);
        if (!first && !claimed.Stimuli.Any(IncomingStimuli.Moves))
        {
            // They move nothing: no activity is looked at.
            draft.State = before;
            IncomingStimuli.Notes(draft, claimed);
            return;
        }

        var result = Burst.Run(graph, before, IncomingStimuli.Of(claimed), new BurstContext { Time = _time, Definitions = _definitions, Host = draft.Host, NewId = ExecutionText.IdsOf(draft.Row.Id), MaxActivities = _options.MaxActivities, Scripts = _options.Scripts, CancellationToken = stopping });
        _burst.Fill(draft, claimed, before, result);
        IncomingStimuli.Notes(draft, claimed);
        if (draft.IsTask)
        {
            if (first) draft.Locks = [new MachineLock(MachineKey(draft.Host!), draft.Host!.SessionId, draft.Row.Id)];
            draft.Task = TaskEnd.Row(draft, "Working", null, null);
        }

        if (result.State.Status != WorkflowStatus.Finished) return;
        if (await TaskEnd.SettleAsync(draft, _store, stopping).ConfigureAwait(false)) await _end.WriteAsync(draft, claimed, stopping).ConfigureAwait(false);
        else draft.Phase = RunnerPhases.Compensating;
    }

    private async Task CompensateAsync(InstanceDraft draft, ClaimedInstance claimed, CancellationToken stopping)
    {
        draft.State = State(claimed.Instance);
        draft.Phase = RunnerPhases.Compensating;
        IncomingStimuli.Notes(draft, claimed);
        if (draft.IsSession)
        {
            draft.Consumed.UnionWith(claimed.Stimuli.Select(row => row.Id));
            if (await TaskEnd.SettleAsync(draft, _store, stopping).ConfigureAwait(false)) await _end.WriteAsync(draft, claimed, stopping).ConfigureAwait(false);
            return;
        }

        if (!await _compensation.StepAsync(draft, claimed, stopping).ConfigureAwait(false))
        {
            draft.Task = TaskEnd.Row(draft, "Stopping", null, null);
            return;
        }

        // A snapshot that turned out to exist only now (its reply came after the cancel) is owed its deletion: settle once more.
        if (await TaskEnd.SettleAsync(draft, _store, stopping).ConfigureAwait(false)) await _end.WriteAsync(draft, claimed, stopping).ConfigureAwait(false);
    }

    private async Task<TimeSpan?> CommitAsync(InstanceDraft draft, ClaimedInstance claimed)
    {
        var id = draft.Row.Id;
        var before = State(claimed.Instance);
        _options.Checkpoint?.Invoke($"before commit {id} {claimed.Instance.Revision}");
        var result = await _store.CommitAsync(draft.ToCommit(_owner, claimed.Instance.Epoch)).ConfigureAwait(false);
        if (!result.IsCommitted)
        {
            _states.TryRemove(id, out _);
            // Lost: somebody else has it now, and works from the rows. Busy: another session has the machine; the start waits as a row.
            return result.Outcome == CommitOutcome.MachineBusy ? _options.Again : null;
        }

        Committed(draft, claimed, before, result);
        return null;
    }

    // What follows a commit. All of it is only faster than looking into the store: a crash here loses nothing.
    private void Committed(InstanceDraft draft, ClaimedInstance claimed, InstanceState? before, CommitResult result)
    {
        var id = draft.Row.Id;
        _options.Checkpoint?.Invoke($"after commit {id} {claimed.Instance.Revision}");
        if (draft.EndedAt is null) _states[id] = (result.Revision, draft.State!);
        else _states.TryRemove(id, out _);
        if (draft.EndedAt is not null && draft.IsSession) _hosts.Forget(id);
        foreach (var row in draft.OutboxAdded) _outgoing.Writer.TryWrite(row);
        foreach (var child in draft.Children) Wake(child.Instance.Id);
        foreach (var stimulus in draft.Stimuli)
            if (stimulus.DueAt is null) Wake(stimulus.InstanceId);
        foreach (var told in result.Told ?? []) Wake(told);
        if (draft.Phase == RunnerPhases.Compensating && claimed.Instance.Phase != Phases.Compensating) Wake(id);
        Journaled?.Invoke(draft.Row, draft.Journal);
        Changed?.Invoke(draft.Row.SessionId ?? id);
        if (draft.EndedAt is not null && draft.IsSession) SessionEnded?.Invoke(id);
        InstanceChanged?.Invoke(id);
        Exchanges.Settle(draft, IncomingStimuli.Requests(claimed), before?.HttpRequestId);
    }

    private InstanceState? State(InstanceRow row)
    {
        if (row.State.Length == 0) return null;
        return _states.TryGetValue(row.Id, out var cached) && cached.Revision == row.Revision ? cached.State : InstanceState.FromUtf8(row.State);
    }

    // One unfinished task per machine: two sessions never quiesce and resume the same applications across each other.
    private static string MachineKey(SessionHost host) => host.Machine.Machine.Connect;
}
