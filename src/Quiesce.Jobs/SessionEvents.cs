namespace Quiesce.Jobs;

/// <summary>The event names that Quiesce adds to Elsa's in the journal; the report is computed from them.</summary>
public static class SessionEvents
{
    public const string SessionStarted = "Session started";
    public const string SessionEnded = "Session ended";
    public const string StopRequested = "Stop requested";
    public const string TaskStarted = "Task started";
    public const string TaskEnded = "Task ended";
    public const string TaskCancelled = "Task cancelled";
    public const string ProxySelected = "Proxy selected";
    public const string OperationSent = "Operation sent";
    public const string OperationFinished = "Operation finished";
    public const string ScriptSkipped = "Script skipped";
    public const string TaskConcluded = "Task concluded";
    public const string ObligationOwed = "Obligation owed";
    public const string ObligationMet = "Obligation met";
    public const string ObligationLeft = "Obligation left";
    /// <summary>A line for the operator: payload <c>level</c> and <c>text</c>.</summary>
    public const string Note = "Note";
    public const string LateReply = "Late reply";
    public const string Incident = "Faulted";
}
