namespace Quiesce.Contracts.Bus;

/// <summary>A session has begun (R5.3). Published once its start is durable.</summary>
/// <param name="InitiatedBy">Who started it: a key's name, <c>schedule</c>, <c>message</c>, …</param>
/// <param name="RetryNumber">0 for a first run.</param>
/// <param name="OriginalSessionId">For a retry: the session that it repeats.</param>
public sealed record SessionStarted(string SessionId, string Job, string InitiatedBy, int Machines, int RetryNumber, string? OriginalSessionId, DateTimeOffset StartedAt);

/// <summary>A session has ended (R5.3). Published once its end is durable.</summary>
/// <param name="Result"><c>Success</c>, <c>Warning</c> or <c>Failed</c>.</param>
/// <param name="Message">The reason, in words, where it was not a plain success.</param>
/// <param name="WillBeRetried">Whether failed machines are tried again by themselves.</param>
public sealed record SessionEnded(
    string SessionId, string Job, string InitiatedBy, string Result, string? Message, bool IsCancelled, int RetryNumber, string? OriginalSessionId, bool WillBeRetried, DateTimeOffset EndedAt);

/// <summary>The task of one machine has ended (R5.3). Published once its end is durable.</summary>
/// <param name="InstanceId">The task's workflow instance.</param>
/// <param name="Result"><c>Success</c>, <c>Warning</c> or <c>Failed</c>.</param>
/// <param name="Consistency">What was reached: <c>Application</c>, <c>Crash</c> or <c>None</c>.</param>
/// <param name="Reason">Why it is not more, in words.</param>
/// <param name="RestorePointId">The restore point that was kept, or null.</param>
public sealed record TaskEnded(string SessionId, string Job, string Machine, string InstanceId, string Result, string Consistency, string? Reason, string? RestorePointId, DateTimeOffset EndedAt);
