namespace Quiesce.Contracts.Rest;

/// <summary>A job as the list shows it. Status is one of the words of section 5.2.</summary>
/// <param name="NextStart">When it starts by itself next: by its schedule, or as a retry where <paramref name="NextIsRetry"/>; null where it does not.</param>
/// <param name="Schedule">The schedule in words.</param>
/// <param name="ScheduleNote">What became of the last start that was due and not made, or why there is no next one; null where there is nothing to say.</param>
public sealed record JobSummary(string Name, string Workflow, int Machines, string Status, string? LastSession, Result LastResult, DateTimeOffset? LastEndedAt, long Revision,
    DateTimeOffset? NextStart = null, bool NextIsRetry = false, bool IsEnabled = true, string Schedule = "by hand", string? ScheduleNote = null);

/// <summary>A job to apply: its document and the script files that it names, taken over with their hash.</summary>
/// <param name="Document">The file's text as the user wrote it, so that every complaint can name line and path.</param>
/// <param name="FileName">For the complaints.</param>
/// <param name="Scripts">File name as the document names it, to its bytes in base64.</param>
/// <param name="BaseFolder">Absolute folder of the file, for key files named relative to it; null from elsewhere.</param>
public sealed record ApplyJob(string Document, string FileName, IReadOnlyDictionary<string, string> Scripts, string? BaseFolder);

/// <summary>One complaint about a document.</summary>
/// <param name="Path">JSON pointer of the place.</param>
/// <param name="Level"><c>error</c>, or <c>warning</c> for what is taken over nevertheless.</param>
public sealed record Complaint(string File, int Line, string Path, string Message, string Level = "error");

public sealed record StartedSession(string SessionId, string Job);

/// <param name="RetryNumber">From 1; 0 for an original session.</param>
/// <param name="OriginalSessionId">For a retry: the session that it repeats.</param>
public sealed record SessionSummary(string Id, string Job, string State, Result Result, string? Message, bool IsCanceled, string InitiatedBy, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int Machines, int Succeeded, int Warnings, int Failed,
    int RetryNumber = 0, string? OriginalSessionId = null);

/// <param name="LastPointAt">When its newest complete restore point was made.</param>
/// <param name="Leftovers">How many things sessions had to leave behind there.</param>
/// <param name="Job">The first job that it belongs to; null for one that was only added by itself.</param>
public sealed record MachineSummary(string Name, string Connect, string? Identity, string Platform, string? LastTest, DateTimeOffset? LastTestAt, int RestorePoints, DateTimeOffset? LastPointAt = null, Consistency LastConsistency = Consistency.None, int Leftovers = 0, string? Job = null);

/// <summary>A machine that may be frozen for longer than it ever should: somebody has to look.</summary>
/// <param name="ThawAfterSeconds">When its own timer should have thawed it.</param>
public sealed record FrozenMachine(string Machine, string Session, DateTimeOffset Since, int ThawAfterSeconds, string Reason);

public sealed record MachineTest(string Machine, bool Reachable, string? Platform, string? Host, string? Account, IReadOnlyList<string> Problems, string? Code);

public sealed record RestorePoint(string Id, string Machine, string Job, string Session, string Provider, string SourcePath, string Location, Consistency Consistency, string? Reason, DateTimeOffset CreatedAt, long? Bytes, string? Method, string State);

/// <param name="To">Absolute path of a new or empty folder on the machine that holds the point.</param>
public sealed record RestoreRequest(string To);

public sealed record Restored(string Id, string Target, string Method, double DurationMs, long? Bytes);

/// <summary>The stable <c>code</c> member of every problem answer.</summary>
public static class ProblemCodes
{
    public const string NotFound = "not-found";
    public const string Invalid = "invalid";
    public const string Conflict = "conflict";
    public const string Unauthorized = "unauthorized";
    public const string Forbidden = "forbidden";
    public const string GuestFailed = "guest-failed";
    public const string Storage = "storage";
    /// <summary>What an If-Match was based on has changed since.</summary>
    public const string PreconditionFailed = "precondition-failed";
    /// <summary>An Idempotency-Key was used before, for something else.</summary>
    public const string KeyReused = "idempotency-key-reused";
    /// <summary>Too many wrong keys from one address.</summary>
    public const string TooMany = "too-many-requests";
    /// <summary>The route takes another method; the Allow header names which.</summary>
    public const string MethodNotAllowed = "method-not-allowed";
    /// <summary>The body is larger than the route takes.</summary>
    public const string TooLarge = "too-large";
    /// <summary>The body is of a type that the route does not take.</summary>
    public const string UnsupportedMediaType = "unsupported-media-type";
    /// <summary>A mistake of the server's.</summary>
    public const string Internal = "internal";
}
