using System.Text.Json.Nodes;
using Quiesce.Jobs.Definitions;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>Workflow instances as their users see them: list, look into, start, cancel, retry, delete.</summary>
public sealed partial class Instances
{
    private readonly Store _store;
    private readonly SessionRunner _runner;
    private readonly DefinitionCatalog _definitions;
    private readonly TimeProvider _time;
    private readonly ExecutionShelf _executions;

    public Instances(Store store, SessionRunner runner, DefinitionCatalog definitions, TimeProvider time) =>
        (_store, _runner, _definitions, _time, _executions) = (store, runner, definitions, time, new ExecutionShelf(store));

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

    /// <summary>Starts an instance, subject to its definition's activation strategy.</summary>
    /// <exception cref="RefusedException">No such definition or version.</exception>
    public Task<StartedInstance> ExecuteAsync(StartInstance start, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Cancels instances and those that they started, below those that have ended too. How many of them had not ended; unknown ids are no error.</summary>
    public Task<int> CancelAsync(IReadOnlyList<string> instanceIds, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Cancels every instance of a definition, or of one of its versions, that has not ended.</summary>
    public Task<int> CancelAllAsync(InstanceQuery query, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Deletes instances with everything that belongs to them; one that has not ended is cancelled first. How many were deleted.</summary>
    /// <exception cref="RefusedException">One belongs to a session, or does not end.</exception>
    public Task<int> DeleteAsync(IReadOnlyList<string> instanceIds, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Executes the faulted activities of instances once more: those named, or all of them. How many instances go on.</summary>
    public Task<int> RetryAsync(IReadOnlyList<string> instanceIds, IReadOnlyList<string>? activityIds, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Runs one activity of a definition's version alone, with the test values of the variables: nothing is stored and nothing is carried out.</summary>
    /// <exception cref="RefusedException">No such version or node.</exception>
    public Task<TestedActivity> TestActivityAsync(string versionId, string nodeId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Tells an event: starts the workflows whose trigger matches and resumes those who wait for it. Durable when this returns. The ids of the instances it started.</summary>
    public Task<IReadOnlyList<string>> TriggerEventAsync(TriggeredEvent told, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Hands in the result of a task that a workflow asked for (<c>Elsa.RunTask</c>). False when nobody waits for it.</summary>
    public Task<bool> CompleteTaskAsync(string taskId, JsonNode? result, CancellationToken ct) => throw new NotImplementedException();
}
