using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>The rows of an instance that has not run yet.</summary>
internal static class NewInstances
{
    /// <summary>An id for an instance: sortable by time.</summary>
    public static string NewId() => Guid.CreateVersion7().ToString("n");

    /// <summary>An instance that has not run yet: its state is empty.</summary>
    public static InstanceRow Fresh(string id, string definitionId, int version, string versionId, string? parentId, string? sessionId, string? correlationId, string? name, DateTimeOffset now) =>
        new(id, definitionId, version, versionId, parentId, sessionId, correlationId, nameof(WorkflowStatus.Running), nameof(WorkflowSubStatus.Pending), RunnerPhases.Running, [], 0, null, 0, now, now, null, name, 0);
}

/// <summary>The kinds of stimulus rows.</summary>
internal static class StimulusKinds
{
    public const string Start = "Start";
    public const string Resume = "Resume";
    public const string Reply = "Reply";
    public const string Timer = "Timer";
    public const string Cancel = "Cancel";
    public const string Note = "Note";
    /// <summary>A request over HTTP that a person or program waits for: it is never kept for later.</summary>
    public const string Http = "Http";
    /// <summary>An operator's wish to execute faulted activities once more.</summary>
    public const string Retry = "Retry";
    /// <summary>Variables that an operator sets.</summary>
    public const string Variables = "Variables";
}
