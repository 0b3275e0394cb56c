using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>One execution of an activity that this burst touched, as it stands at the end of the burst.</summary>
public sealed record ActivityExecutionRecord
{
    private readonly ActivityNode? node;
    private readonly object?[]? inputs;
    private readonly object?[]? outputs;
    private readonly string[]? outcomes;

    public ActivityExecutionRecord()
    {
    }

    internal ActivityExecutionRecord(ActivityNode node, object?[]? inputs, object?[]? outputs, string[]? outcomes)
    {
        this.node = node;
        this.inputs = inputs;
        this.outputs = outputs;
        this.outcomes = outcomes;
    }

    /// <summary>The activity instance id.</summary>
    public string Id { get; init; } = "";

    public string WorkflowInstanceId { get; init; } = "";

    public string ActivityId { get => field ?? node?.Id ?? ""; init; }

    public string ActivityNodeId { get => field ?? node?.NodeId ?? ""; init; }

    public string ActivityType { get => field ?? node?.TypeName ?? ""; init; }

    public int ActivityTypeVersion { get; init; } = 1;

    public string? ActivityName { get => field ?? node?.Name; init; }

    /// <summary>Evaluated inputs by Pascal-case name; sensitive ones are absent.</summary>
    public JsonObject? ActivityState { get => field ??= node?.InputsToJson(inputs); init; }

    /// <summary>Outputs by Pascal-case name.</summary>
    public JsonObject? Outputs { get => field ??= node?.OutputsToJson(outputs); init; }

    /// <summary>The journal data, such as <c>Outcomes</c>.</summary>
    public JsonObject? Payload
    {
        get => field ??= outcomes is null ? null : new JsonObject { ["Outcomes"] = new JsonArray([.. outcomes.Select(o => JsonValue.Create(o))]) };
        init;
    }

    public IncidentException? Exception { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public bool HasBookmarks { get; init; }

    public ActivityStatus Status { get; init; }

    public int AggregateFaultCount { get; init; }

    /// <summary>The execution that scheduled this one.</summary>
    public string? SchedulingActivityExecutionId { get; init; }
}
