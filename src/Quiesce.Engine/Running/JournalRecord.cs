using System.Globalization;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>One entry of the journal, in Elsa's shape. Order by <see cref="Sequence"/>, which goes on across bursts.</summary>
public sealed record JournalRecord
{
    private readonly JournalSubject subject = JournalSubject.None;

    // Outcomes become JSON only when somebody reads them: most records are written once and seldom looked at.
    private object? payload;

    /// <summary>Unique. Derived from the activity instance and the sequence unless given, so that the same burst makes the same ids.</summary>
    public string Id
    {
        get => field ??= string.Create(CultureInfo.InvariantCulture, $"{ActivityInstanceId}-{Sequence:x}");
        init;
    }

    public string ActivityInstanceId { get; init; } = "";

    public string? ParentActivityInstanceId { get; init; }

    public string ActivityId { get => subject.ActivityId; init => subject = subject with { ActivityId = value }; }

    public string ActivityType { get => subject.ActivityType; init => subject = subject with { ActivityType = value }; }

    public int ActivityTypeVersion { get => subject.ActivityTypeVersion; init => subject = subject with { ActivityTypeVersion = value }; }

    public string? ActivityName { get => subject.ActivityName; init => subject = subject with { ActivityName = value }; }

    public string NodeId { get => subject.NodeId; init => subject = subject with { NodeId = value }; }

    public DateTimeOffset Timestamp { get; init; }

    public long Sequence { get; init; }

    public string EventName { get; init; } = "";

    public string? Message { get; init; }

    public string? Source { get; init; }

    public JsonNode? Payload
    {
        get
        {
            if (payload is string[] outcomes)
                payload = OutcomesJson.Write(outcomes);
            return payload as JsonNode;
        }
        init => payload = value;
    }

    internal JournalSubject Subject
    {
        init => subject = value;
    }

    internal object? RawPayload
    {
        init => payload = value;
    }
}

/// <summary>The part of a journal record that is the same for all records of an activity.</summary>
internal sealed record JournalSubject(string ActivityId, string ActivityType, int ActivityTypeVersion, string? ActivityName, string NodeId)
{
    public static JournalSubject None { get; } = new("", "", 1, null, "");
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
