using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>One page of instances.</summary>
/// <param name="Total">How many the query matches in all.</param>
public sealed record InstancePage(IReadOnlyList<InstanceSummary> Items, int Total);

/// <summary>Which journal records are wanted; null means any.</summary>
public sealed record JournalFilter
{
    /// <summary>Only records of these activities.</summary>
    public IReadOnlyList<string>? ActivityIds { get; init; }

    /// <summary>Only records of these nodes.</summary>
    public IReadOnlyList<string>? ActivityNodeIds { get; init; }

    /// <summary>No records of these activity types.</summary>
    public IReadOnlyList<string>? ExcludedActivityTypes { get; init; }

    /// <summary>Only these events, such as <c>Faulted</c>.</summary>
    public IReadOnlyList<string>? EventNames { get; init; }
}

/// <summary>A page of the journal, oldest first, in Elsa's record shape.</summary>
/// <param name="Total">How many records the filter matches in all.</param>
public sealed record JournalPage(IReadOnlyList<JsonObject> Items, int Total);

/// <summary>What somebody wants started.</summary>
public sealed record StartInstance
{
    public required string DefinitionId { get; init; }

    /// <summary>The published version unless told otherwise; drafts run with <see cref="VersionSelector.Latest"/>.</summary>
    public VersionSelector Version { get; init; } = VersionSelector.Published;

    public string? CorrelationId { get; init; }

    /// <summary>A name for people; null for none.</summary>
    public string? Name { get; init; }

    public JsonObject? Input { get; init; }

    /// <summary>The trigger that the start stands for; null for the ordinary start.</summary>
    public string? TriggerActivityId { get; init; }

    /// <summary>Who starts it: a key's name, <c>studio</c>, …</summary>
    public string By { get; init; } = "";

    /// <summary>True: the start is durable when the call returns, and the runner runs it. False: the first burst is durable, and its state comes back.</summary>
    public bool Dispatch { get; init; }
}

/// <summary>What became of a start.</summary>
/// <param name="InstanceId">The new instance; null when nothing was started.</param>
/// <param name="CannotStart">Why nothing was started, and what to do instead; null when it was.</param>
/// <param name="State">The state after the first burst; null when dispatched or not started.</param>
public sealed record StartedInstance(string? InstanceId, string? CannotStart, InstanceState? State);

/// <summary>How one activity, run alone, behaved.</summary>
/// <param name="ActivityState">Its evaluated inputs.</param>
public sealed record TestedActivity(JsonObject? ActivityState, JsonObject? Payload, JsonObject? Outputs, JsonObject? Exception, ActivityStatus Status);

/// <summary>A variable of an instance.</summary>
public sealed record InstanceVariable(string Id, string Name, JsonNode? Value);

/// <summary>An event from outside.</summary>
public sealed record TriggeredEvent
{
    public required string Name { get; init; }

    /// <summary>Narrows it to instances with this correlation id or none; instances that it starts get it.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Only this instance hears of it, and nothing is started.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Only this execution of an activity hears of it, and nothing is started.</summary>
    public string? ActivityInstanceId { get; init; }

    public JsonNode? Payload { get; init; }
}
