using Dapper;

namespace Quiesce.Storage;

/// <summary>One run of a job. It is running until <see cref="EndedAt"/> is set; a job has at most one running session.</summary>
/// <param name="JobJson">The job document as it was at the start: a change of the job does not reach a session under way.</param>
/// <param name="OriginalSessionId">For a retry: the session that it repeats.</param>
[method: ExplicitConstructor]
public sealed record SessionRow(
    string Id, string Job, string JobJson, string WorkflowDefinitionId, int WorkflowVersion, string State, string? Result, string? Message, bool IsCancelled,
    string InitiatedBy, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int RetryNumber, string? OriginalSessionId)
{
    /// <summary>What made it start: one of <see cref="SessionOrigins"/>.</summary>
    public string Origin { get; init; } = SessionOrigins.Hand;
    /// <summary>The jobs after this one start when it has ended.</summary>
    public bool StartsChain { get; init; }
    /// <summary>What follows its end, a retry, the next job or the next round, has yet to be decided.</summary>
    public bool FollowUpDue { get; init; }
}

/// <summary>What makes a session start.</summary>
public static class SessionOrigins
{
    public const string Hand = "hand", Schedule = "schedule", Retry = "retry", Chain = "chain";
}

/// <summary>What a commit changes of its session. IsCancelled can only be set, never taken back.</summary>
public sealed record SessionUpdate(string Id, string State, string? Result, string? Message, bool IsCancelled, DateTimeOffset? EndedAt);

/// <summary>One machine of a session, as lists and progress show it.</summary>
[method: ExplicitConstructor]
public sealed record TaskRow(
    string SessionId, string Machine, string InstanceId, string State, string? Result, string? Consistency, string? Reason, string? CurrentStep, string? Proxy,
    double? FrozenMs, DateTimeOffset UpdatedAt);

/// <summary>Says that an instance works on a machine, so that no other session touches the same guest meanwhile.</summary>
/// <param name="MachineKey">What tells one guest from another, such as host and port.</param>
[method: ExplicitConstructor]
public sealed record MachineLock(string MachineKey, string SessionId, string InstanceId);

/// <summary>What became of a request to start a session.</summary>
public enum StartOutcome
{
    /// <summary>Session, instance and start stimulus are durable.</summary>
    Started,

    /// <summary>The job has a running session; nothing was written.</summary>
    AlreadyRunning,

    /// <summary>The same start was asked for before; nothing was written.</summary>
    Repeated,

    /// <summary>What was due is not due any more: it was started or called off meanwhile; nothing was written.</summary>
    NotDue,
}

/// <param name="SessionId">The session that was started, that runs already, or that the first request started.</param>
public sealed record StartResult(StartOutcome Outcome, string SessionId);
