using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Something that a burst wants done, in order. Hosts define more of them.</summary>
public abstract record Effect;

/// <summary>What a parent wants to hear of a child.</summary>
[Flags]
public enum ParentWait
{
    None = 0,

    /// <summary>The end of the first burst, whatever came of it (Elsa.ExecuteWorkflow).</summary>
    FirstBurst = 1,

    /// <summary>The end of the child.</summary>
    Completion = 2,
}

/// <summary>Start another instance: <see cref="Stimulus.Start(string, StartWorkflow)"/>.</summary>
public sealed record StartWorkflow : Effect
{
    public required string InstanceId { get; init; }

    public required string DefinitionId { get; init; }

    /// <summary>The version that the engine found.</summary>
    public required string DefinitionVersionId { get; init; }

    public VersionSelector Version { get; init; } = VersionSelector.Published;

    public JsonObject? Input { get; init; }

    public string? CorrelationId { get; init; }

    public required string ParentInstanceId { get; init; }

    /// <summary>The bookmark that waits for the end of the child; null when the parent does not wait.</summary>
    public string? ParentBookmarkHash { get; init; }

    /// <summary>What the parent wants to hear of.</summary>
    public ParentWait ParentWait { get; init; }

    /// <summary>Properties that the child begins with.</summary>
    public JsonObject? Properties { get; init; }

    public bool ParentWaits => ParentWait != ParentWait.None;
}

/// <summary>A child ended, or its first burst did, and its parent waits: <see cref="ToStimulus"/>.</summary>
public sealed record NotifyParent : Effect
{
    public required string ParentInstanceId { get; init; }

    public required string ChildInstanceId { get; init; }

    public required WorkflowStatus Status { get; init; }

    public required WorkflowSubStatus SubStatus { get; init; }

    public JsonObject? Output { get; init; }

    public required string BookmarkHash { get; init; }

    /// <summary>The child's first burst just ended.</summary>
    public bool FirstBurst { get; init; }

    /// <summary>The resumption of the parent.</summary>
    public Stimulus ToStimulus(string id) =>
        Stimulus.Resume(
            id,
            BookmarkHash,
            input: new JsonObject
            {
                [nameof(ChildInstanceId)] = ChildInstanceId,
                ["WorkflowStatus"] = Status.ToString(),
                ["WorkflowSubStatus"] = SubStatus.ToString(),
                ["WorkflowOutput"] = Output?.DeepClone(),
                [nameof(FirstBurst)] = FirstBurst,
            });
}

/// <summary>
/// Tell everybody who waits for the event, and start what it triggers (trigger name <c>Elsa.Event</c>). A local event concerns only the
/// publishing instance and starts nothing.
/// </summary>
public sealed record PublishEvent(string Name, string? CorrelationId, bool IsLocal, JsonNode? Payload) : Effect
{
    /// <summary>Hash of the bookmarks and triggers that wait for this event.</summary>
    public string BookmarkHash => Activities.Event.HashOf(Name);

    /// <summary>The input that a waiting <c>Elsa.Event</c> takes its result from.</summary>
    public JsonObject ToInput() => new() { [Activities.Event.PayloadKey] = Payload?.DeepClone() };
}

/// <summary>A task for the host to do; it answers by resuming <see cref="BookmarkHash"/> with <c>{"Result": …}</c>.</summary>
public sealed record TaskRequested(string TaskId, string Name, JsonObject? Payload) : Effect
{
    public string BookmarkHash => Activities.RunTask.HashOf(TaskId, Name);
}
