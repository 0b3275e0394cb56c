using System.Globalization;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>One entry of the journal, in Elsa's shape. Order by <see cref="Sequence"/>, which goes on across bursts.</summary>
public sealed record JournalRecord
{
    private string[]? outcomes;

    /// <summary>Unique. Derived from the activity instance and the sequence unless given, so that the same burst makes the same ids.</summary>
    public string Id
    {
        get => field ??= string.Create(CultureInfo.InvariantCulture, $"{ActivityInstanceId}-{Sequence:x}");
        init;
    }

    public string ActivityInstanceId { get; init; } = "";

    public string? ParentActivityInstanceId { get; init; }

    public string ActivityId { get; init; } = "";

    public string ActivityType { get; init; } = "";

    public int ActivityTypeVersion { get; init; } = 1;

    public string? ActivityName { get; init; }

    public string NodeId { get; init; } = "";

    public DateTimeOffset Timestamp { get; init; }

    public long Sequence { get; init; }

    public string EventName { get; init; } = "";

    public string? Message { get; init; }

    public string? Source { get; init; }

    public JsonNode? Payload
    {
        get => field ??= outcomes is null ? null : new JsonObject { [nameof(Outcomes)] = new JsonArray([.. outcomes.Select(o => JsonValue.Create(o))]) };
        init;
    }

    // Outcomes become JSON only when somebody reads them: most records are written once and seldom looked at.
    internal string[]? Outcomes
    {
        init => outcomes = value;
    }
}

/// <summary>Words that the journal uses.</summary>
public static class JournalEvents
{
    public const string Started = "Started";
    public const string Resumed = "Resumed";
    public const string Suspended = "Suspended";
    public const string Completed = "Completed";
    public const string Faulted = "Faulted";
    public const string Canceled = "Canceled";
    public const string WorkflowCancelled = "Workflow cancelled";
}
