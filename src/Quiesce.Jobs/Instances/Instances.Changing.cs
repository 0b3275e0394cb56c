using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs;

// Variables, retries, and trying one activity.
public sealed partial class Instances
{
    /// <summary>The workflow's variables in an instance; empty when there is no such instance, or its version is gone.</summary>
    public async Task<IReadOnlyList<InstanceVariable>> VariablesAsync(string instanceId, CancellationToken ct) =>
        await GetAsync(instanceId, ct).ConfigureAwait(false) is { State.Length: > 0 } row && Graph(row) is { } graph
            ? [.. InstanceVariables.Read(graph, InstanceState.FromUtf8(row.State)).Select(variable => new InstanceVariable(variable.Id, variable.Name, variable.Value))]
            : [];

    /// <summary>Sets variables of an instance that has not ended, by id or name. Durable when this returns; the instance sees them from its next burst on.</summary>
    /// <exception cref="RefusedException">No such instance, it has ended, or it has no such variable that survives a suspension.</exception>
    public async Task SetVariablesAsync(string instanceId, JsonObject values, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(values);
        var row = await GetAsync(instanceId, ct).ConfigureAwait(false) ?? throw new RefusedException(ProblemCodes.NotFound, $"there is no instance '{instanceId}'; the list of instances shows those there are");
        if (row.FinishedAt is { } ended) throw new RefusedException(ProblemCodes.Conflict, $"instance '{instanceId}' ended at {ended:u}; its variables do not change any more");
        var graph = Graph(row) ?? throw new RefusedException(ProblemCodes.Conflict, $"version {row.DefinitionVersion} of workflow '{row.DefinitionId}', which instance '{instanceId}' runs, is not there any more; import it again");
        foreach (var (name, _) in values)
            if (InstanceVariables.Settable(graph, name) is null)
                throw new RefusedException(ProblemCodes.Invalid, $"workflow '{row.DefinitionId}' has no variable '{name}' that is stored with its instances; there are {string.Join(", ", graph.Definition.Variables.Select(variable => variable.Name))}");
        await _store.AddStimuliAsync([new StimulusRow($"variables:{NewInstances.NewId()}", instanceId, StimulusKinds.Variables, null, null, values.ToJsonString(), _time.GetUtcNow(), null)]).ConfigureAwait(false);
        _runner.Wake(instanceId);
    }

    /// <summary>Executes the faulted activities of instances once more: those named, or all of them. What waited beside them waits anew. Durable when this returns. How many instances go on;
    /// one without such a fault does not.</summary>
    /// <exception cref="RefusedException">One belongs to a session: a task is undone when it fails, so that only a new session can try again.</exception>
    public async Task<int> RetryAsync(IReadOnlyList<string> instanceIds, IReadOnlyList<string>? activityIds, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instanceIds);
        var retried = 0;
        foreach (var id in instanceIds.Distinct(StringComparer.Ordinal))
        {
            if (await GetAsync(id, ct).ConfigureAwait(false) is not { State.Length: > 0 } row) continue;
            if (row.SessionId is { } session)
                throw new RefusedException(ProblemCodes.Conflict, $"instance '{id}' belongs to session {session}, and what it began is undone; retry the session's failed machines instead ('quiesce session retry {session}')");
            var state = InstanceState.FromUtf8(row.State);
            if (!state.Incidents.Any(incident => activityIds is not { Count: > 0 } || activityIds.Contains(incident.ActivityId))) continue;
            var payload = activityIds is { Count: > 0 } ? new JsonObject { ["activityIds"] = new JsonArray([.. activityIds.Select(one => JsonValue.Create(one))]) }.ToJsonString() : null;
            // Asked twice before it has run, it is one retry.
            if (!await _store.ReopenAsync(id, new StimulusRow($"retry:{row.Revision}", id, StimulusKinds.Retry, null, null, payload, _time.GetUtcNow(), null)).ConfigureAwait(false)) continue;
            _runner.Wake(id);
            retried++;
        }

        return retried;
    }

    /// <summary>Runs one activity of a definition's version alone, its workflow's variables at their defaults: nothing is stored and nothing is carried out.</summary>
    /// <exception cref="RefusedException">No such version or node, or the activity works only inside a session.</exception>
    public Task<TestedActivity> TestActivityAsync(string versionId, string nodeId, CancellationToken ct)
    {
        if (_definitions.RowByVersionId(versionId) is not { } row || _definitions.Graph(row) is not { } graph)
            throw new RefusedException(ProblemCodes.NotFound, $"there is no version '{versionId}' of any workflow that compiles; save the workflow first");
        if ((graph.FindNode(nodeId) ?? graph.FindActivity(nodeId)) is not { } node)
            throw new RefusedException(ProblemCodes.NotFound, $"version {row.Version} of workflow '{row.DefinitionId}' has no activity '{nodeId}'; save the workflow first");
        // A script of it may take its time, which is not the caller's thread's.
        return Task.Run(() =>
        {
            var record = ActivityTest.Run(node, new BurstContext { Time = _time, Definitions = _definitions.Find, CancellationToken = ct });
            return new TestedActivity(record.ActivityState, record.Payload, record.Outputs, record.Exception is { } exception ? ExecutionText.Of(exception) : null, record.Status);
        }, ct);
    }

    private WorkflowGraph? Graph(InstanceRow row) => _definitions.Find(new DefinitionReference { VersionId = row.DefinitionVersionId });
}
