using System.Text.Json.Nodes;
using Quiesce.Jobs.Definitions;
using Quiesce.Jobs.Triggers;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>Workflow instances as their users see them: list, look into, start, cancel, retry, delete.</summary>
public sealed partial class Instances
{
    private readonly Store _store;
    private readonly SessionRunner _runner;
    private readonly DefinitionCatalog _definitions;
    private readonly TriggerLookup _triggers;
    private readonly TimeProvider _time;
    private readonly ExecutionShelf _executions;

    public Instances(Store store, SessionRunner runner, DefinitionCatalog definitions, TriggerLookup triggers, TimeProvider time) =>
        (_store, _runner, _definitions, _triggers, _time, _executions) = (store, runner, definitions, triggers, time, new ExecutionShelf(store));

    /// <summary>Raised after each commit of an instance, with its id.</summary>
    public event Action<string>? Changed
    {
        add => _runner.InstanceChanged += value;
        remove => _runner.InstanceChanged -= value;
    }

    /// <summary>The variables of an instance, those of the workflow first.</summary>
    public Task<IReadOnlyList<InstanceVariable>> VariablesAsync(string instanceId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Sets variables of an instance that has not ended, by id or name.</summary>
    /// <exception cref="RefusedException">No such instance or variable, or it has ended.</exception>
    public Task SetVariablesAsync(string instanceId, JsonObject values, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Executes the faulted activities of instances once more: those named, or all of them. How many instances go on.</summary>
    public Task<int> RetryAsync(IReadOnlyList<string> instanceIds, IReadOnlyList<string>? activityIds, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Runs one activity of a definition's version alone, with the test values of the variables: nothing is stored and nothing is carried out.</summary>
    /// <exception cref="RefusedException">No such version or node.</exception>
    public Task<TestedActivity> TestActivityAsync(string versionId, string nodeId, CancellationToken ct) => throw new NotImplementedException();

}
