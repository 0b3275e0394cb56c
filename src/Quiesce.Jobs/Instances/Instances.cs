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
}
