using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>An instance between bursts. Immutable: a burst makes a new one, so a commit that fails loses nothing.</summary>
public sealed record InstanceState
{
    public required string Id { get; init; }

    public required string DefinitionId { get; init; }

    public required string DefinitionVersionId { get; init; }

    public int DefinitionVersion { get; init; }

    public string? ParentInstanceId { get; init; }

    public string? CorrelationId { get; init; }

    public string? Name { get; init; }

    public WorkflowStatus Status { get; init; }

    public WorkflowSubStatus SubStatus { get; init; }

    public bool IsSystem { get; init; }

    public IReadOnlyList<Bookmark> Bookmarks { get; init; } = [];

    public IReadOnlyList<Incident> Incidents { get; init; } = [];

    /// <summary>The last sequence number that the journal used.</summary>
    public long LogSequence { get; init; }

    /// <summary>The inputs that survive a suspension.</summary>
    public JsonObject Input { get; init; } = new();

    public JsonObject Output { get; init; } = new();

    public JsonObject Properties { get; init; } = new();

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    internal string? TriggerActivityId { get; init; }

    internal string? ParentBookmarkHash { get; init; }

    /// <summary>The HTTP request that can still be answered, kept only while waiting for something that is in-process in a stock engine.</summary>
    public string? HttpRequestId { get; init; }

    internal IReadOnlyList<ContextState> Contexts { get; init; } = [];

    /// <summary>The state in the shape of Elsa's <c>workflowState</c>.</summary>
    public JsonObject ToJson() => InstanceStateWriter.Write(this);

    /// <summary>The same as UTF-8.</summary>
    public byte[] ToUtf8() => InstanceStateWriter.WriteUtf8(this);

    /// <exception cref="FormatException">The object is not an instance state.</exception>
    public static InstanceState FromJson(JsonObject json) => InstanceStateJson.Read(json);

    /// <exception cref="FormatException">The text is not an instance state.</exception>
    public static InstanceState FromUtf8(ReadOnlySpan<byte> json) => InstanceStateJson.Read(json);
}

/// <summary>An open execution of an activity, as it is kept between bursts.</summary>
internal sealed record ContextState
{
    public required string Id { get; init; }

    public string? ParentId { get; init; }

    public required string NodeId { get; init; }

    public string? Tag { get; init; }

    /// <summary>The execution whose end led to this one.</summary>
    public string? SchedulerId { get; init; }

    public string? SchedulerActivityId { get; init; }

    public int CallStackDepth { get; init; }

    public ActivityStatus Status { get; init; }

    public int FaultCount { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The activity's own state; variables with a driver are under <c>Variables</c>.</summary>
    public JsonObject? Properties { get; init; }

    public IReadOnlyList<DynamicVariableState> DynamicVariables { get; init; } = [];

    /// <summary>A workflow used as an activity: the version whose body runs inside.</summary>
    public string? BodyVersionId { get; init; }

    /// <summary>Values of variables without a driver, kept only while waiting for something that is in-process in a stock engine.</summary>
    public JsonObject? Volatile { get; init; }
}

internal sealed record DynamicVariableState(string Id, string Name, string TypeName, JsonNode? Value, bool IsTransient);
