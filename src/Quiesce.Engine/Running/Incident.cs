namespace Quiesce.Engine;

/// <summary>An activity that threw.</summary>
public sealed record Incident
{
    public required string ActivityId { get; init; }

    public required string ActivityNodeId { get; init; }

    public required string ActivityInstanceId { get; init; }

    public required string ActivityType { get; init; }

    public required string Message { get; init; }

    public IncidentException? Exception { get; init; }

    public DateTimeOffset Timestamp { get; init; }
}

/// <summary>An exception as an incident keeps it.</summary>
public sealed record IncidentException(string Type, string Message, string? StackTrace, IncidentException? InnerException)
{
    internal static IncidentException From(Exception e) =>
        new(e.GetType().FullName ?? e.GetType().Name, e.Message, e.StackTrace, e.InnerException is { } inner ? From(inner) : null);
}

/// <summary>What an activity throws to fault for a reason that a person can read.</summary>
public class ActivityFaultException : Exception
{
    /// <summary>A fault with a message for a person.</summary>
    public ActivityFaultException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Thrown by <c>Elsa.Fault</c>.</summary>
public sealed class FaultException(string code, string category, string faultType, string message) : ActivityFaultException(message)
{
    public string Code { get; } = code;

    public string Category { get; } = category;

    public string FaultType { get; } = faultType;
}
