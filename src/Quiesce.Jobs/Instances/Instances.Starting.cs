using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs.Triggers;
using Quiesce.Storage;

namespace Quiesce.Jobs;

// Starting instances and telling them events.
public sealed partial class Instances
{
    /// <summary>Starts an instance. Run, it is subject to its definition's activation strategy, checked in the transaction that creates it; dispatched, it always starts, as in Elsa.</summary>
    /// <returns>The new instance, or why there is none: nothing was written then.</returns>
    /// <exception cref="RefusedException">No such definition or version.</exception>
    public async Task<StartedInstance> ExecuteAsync(StartInstance start, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(start);
        var row = _definitions.Row(start.DefinitionId, start.Version)
            ?? throw new RefusedException(ProblemCodes.NotFound, $"there is no version '{start.Version}' of workflow '{start.DefinitionId}'; 'quiesce workflow list' shows those there are");
        if (_definitions.Graph(row) is not { } graph)
            return Cannot($"version {row.Version} of workflow '{row.DefinitionId}' does not compile; 'quiesce workflow validate' says why");
        if (SessionOnly.Reason(graph, _definitions.Find) is { } reason) return Cannot(reason);
        if (start.TriggerActivityId is { } trigger && graph.FindActivity(trigger) is null)
            return Cannot($"version {row.Version} of workflow '{row.DefinitionId}' has no activity '{trigger}'; name one of its triggers, or none for the ordinary start");
        var added = New(start, row, graph);
        if (start.Dispatch)
        {
            await _store.AddInstancesAsync([added with { Guard = null }]).ConfigureAwait(false);
            _runner.Wake(added.Instance.Id);
            return new StartedInstance(added.Instance.Id, null, null);
        }

        var (state, standing) = await _runner.StartAsync(added, ct).ConfigureAwait(false);
        return standing is null ? new StartedInstance(added.Instance.Id, null, state)
            : Cannot($"instance '{standing}' is running, and the activation strategy of workflow '{row.DefinitionId}' allows no other beside it; wait for its end or cancel it");
    }

    /// <summary>Tells an event: starts the workflows whose trigger matches (each subject to its activation strategy) and resumes those who wait for it.
    /// Durable, as a whole, when this returns. The ids of the instances that it started.</summary>
    public async Task<IReadOnlyList<string>> TriggerEventAsync(TriggeredEvent told, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(told);
        var now = _time.GetUtcNow();
        PublishEvent published = new(told.Name, told.CorrelationId, false, told.Payload ?? new JsonObject());
        var input = published.ToInput();
        if (told.ActivityInstanceId is { } execution)
        {
            if (await _executions.FindAsync(execution, ct).ConfigureAwait(false) is not { } found) return [];
            told = told with { InstanceId = found.InstanceId };
        }

        var starts = told.InstanceId is null ? _triggers(published.BookmarkHash).Select(trigger => trigger.Start(input, told.CorrelationId, now)).ToList() : [];
        var arrived = await _store.ArriveAsync(new Arrival
        {
            Starts = starts,
            Broadcasts = [new Broadcast($"event:{NewInstances.NewId()}", StimulusKinds.Resume, published.BookmarkHash, told.CorrelationId, input.ToJsonString(), now, told.InstanceId)],
        }).ConfigureAwait(false);
        foreach (var id in arrived.Started.Concat(arrived.Told)) _runner.Wake(id);
        return arrived.Started;
    }

    /// <summary>Hands in the result of a task that a workflow asked for (<c>Elsa.RunTask</c>). Durable when this returns; the same task twice is once. False when nobody waits for it.</summary>
    public async Task<bool> CompleteTaskAsync(string taskId, JsonNode? result, CancellationToken ct)
    {
        if (InstanceTag.Read(taskId) is not { } tag) return false;
        foreach (var instanceId in await _store.InstancesByTagAsync(tag, ct).ConfigureAwait(false))
            foreach (var bookmark in await _store.BookmarksAsync(instanceId, ct).ConfigureAwait(false))
            {
                if (bookmark.Name != "Elsa.RunTask" || bookmark.Payload is null || (string?)JsonNode.Parse(bookmark.Payload)?["taskId"] != taskId) continue;
                var payload = new JsonObject { [Engine.Activities.RunTask.ResultKey] = result?.DeepClone() };
                await _store.AddStimuliAsync([new StimulusRow($"task:{taskId}", instanceId, StimulusKinds.Resume, null, bookmark.Id, payload.ToJsonString(), _time.GetUtcNow(), null)]).ConfigureAwait(false);
                _runner.Wake(instanceId);
                return true;
            }

        return false;
    }

    private NewInstance New(StartInstance start, DefinitionRow row, WorkflowGraph graph)
    {
        var (id, now) = (NewInstances.NewId(), _time.GetUtcNow());
        var payload = new JsonObject { ["input"] = start.Input?.DeepClone(), ["triggerActivityId"] = start.TriggerActivityId };
        if (start.By.Length > 0) payload["properties"] = new JsonObject { ["StartedBy"] = start.By };
        return new NewInstance(
            NewInstances.Fresh(id, row.DefinitionId, row.Version, row.VersionId, null, null, start.CorrelationId, start.Name, now) with { IsSystem = graph.Definition.IsSystem },
            new StimulusRow("start", id, StimulusKinds.Start, null, null, payload.ToJsonString(), now, null),
            Activation.GuardOf(graph.Definition.Options.ActivationStrategyType, row.DefinitionId, start.CorrelationId));
    }

    private static StartedInstance Cannot(string reason) => new(null, reason, null);
}
