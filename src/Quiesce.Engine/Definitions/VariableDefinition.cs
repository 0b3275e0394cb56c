using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Where a variable's value lives between bursts. Only <see cref="WorkflowInstance"/> survives a suspension.</summary>
public enum StorageDriver
{
    /// <summary>No driver: back to the default at the first suspension.</summary>
    None,

    /// <summary>In memory: the same here.</summary>
    Memory,

    /// <summary>Stored with the instance.</summary>
    WorkflowInstance,
}

/// <summary>A variable of a workflow or of a container.</summary>
public sealed record VariableDefinition
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Alias of the type, arrays as <c>X[]</c>.</summary>
    public required string TypeName { get; init; }

    /// <summary>The default in text form, converted to the type when the container starts.</summary>
    public string? DefaultText { get; init; }

    public StorageDriver Driver { get; init; }

    internal ValueType Type { get; init; } = ValueType.Object;

    /// <summary>Reads a driver leniently: any text that contains the class name selects it.</summary>
    public static StorageDriver ReadDriver(string? text) => text switch
    {
        null => StorageDriver.None,
        _ when text.Contains("WorkflowInstanceStorageDriver", StringComparison.Ordinal) => StorageDriver.WorkflowInstance,
        _ when text.Contains("WorkflowStorageDriver", StringComparison.Ordinal) => StorageDriver.WorkflowInstance,
        _ when text.Contains("MemoryStorageDriver", StringComparison.Ordinal) => StorageDriver.Memory,
        _ => StorageDriver.None,
    };
}

/// <summary>A declared input of a workflow. A missing one reads as null.</summary>
public sealed record InputDefinition(string Name, string TypeName)
{
    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public string? Category { get; init; }

    public string? UiHint { get; init; }

    /// <summary>Only inputs with <see cref="StorageDriver.WorkflowInstance"/> survive the first suspension.</summary>
    public StorageDriver Driver { get; init; }

    internal ValueType Type { get; init; } = ValueType.Object;
}

/// <summary>A declared output of a workflow.</summary>
public sealed record OutputDefinition(string Name, string TypeName)
{
    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    internal ValueType Type { get; init; } = ValueType.Object;
}

/// <summary>What happens to an instance when one of its activities throws.</summary>
public enum IncidentStrategy
{
    /// <summary>The instance is Finished/Faulted at once; what is already queued in this burst still runs.</summary>
    Fault,

    /// <summary>Other branches go on; the faulted activity never completes.</summary>
    ContinueWithIncidents,
}

/// <summary>The <c>options</c> of a definition.</summary>
public sealed record WorkflowOptions
{
    public bool UsableAsActivity { get; init; }

    public bool AutoUpdateConsumingWorkflows { get; init; }

    public string? ActivityCategory { get; init; }

    public string? ActivationStrategyType { get; init; }

    public IncidentStrategy IncidentStrategy { get; init; }

    public string? CommitStrategyName { get; init; }
}
