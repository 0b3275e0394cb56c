using System.Text.Json.Nodes;

namespace Quiesce.Contracts.Rest;

/// <summary>Something that was done, or refused.</summary>
/// <param name="By">Name of the key; <c>system</c> for what the server does by itself.</param>
/// <param name="Action">What was asked for: an operation id of this API, or the words of the console.</param>
/// <param name="Subject">To what, such as <c>jobs/nightly-db</c>.</param>
/// <param name="Outcome"><c>done</c>, or the code of the refusal.</param>
/// <param name="Address">Where it came from; null for what the server does by itself.</param>
public sealed record AuditEntry(long Id, DateTimeOffset At, string By, string Role, string Action, string? Subject, string Outcome, string? Detail, string? Address);

/// <summary>How long things are kept.</summary>
public sealed record ServerSettings
{
    /// <summary>Weeks that ended sessions are kept with their journals, 0 for ever (R5.25). Restore points are not touched.</summary>
    public int SessionWeeks { get; set; }

    /// <summary>Days that the audit is kept, 0 for ever. What became of deleted sessions stays in it that long (R5.26).</summary>
    public int AuditDays { get; set; } = 365;
}

/// <summary>What runs here, and how much of everything there is.</summary>
/// <param name="DataBytes">Everything in the data folder.</param>
/// <param name="FreeBytes">What is free on its file system.</param>
/// <param name="Bus">How server and proxies talk, such as <c>in-memory</c>.</param>
public sealed record ServerFacts(string Version, DateTimeOffset StartedAt, double UptimeSeconds, string DataFolder, long DataBytes, long FreeBytes, string Bus, IReadOnlyList<string> Addresses, ServerCounts Counts);

/// <summary>How much there is of what.</summary>
/// <param name="AwaitedReplies">Operations that were sent to a proxy and not answered yet.</param>
/// <param name="Leftovers">What is still owed to guests after their sessions ended.</param>
public sealed record ServerCounts(int Jobs, int Machines, int Sessions, int RunningSessions, int RestorePoints, int Workflows, int Instances, int RunningInstances, int Keys, int AwaitedReplies, int Leftovers);

/// <summary>A guest interaction proxy.</summary>
/// <param name="Kind"><c>built-in</c>: it lives in the server's process.</param>
/// <param name="State"><c>ready</c>, or <c>busy</c> while every place is taken.</param>
/// <param name="Platforms">Platforms of the guests that it serves.</param>
/// <param name="Channels">How it reaches them.</param>
/// <param name="Providers">Snapshot providers that it carries.</param>
/// <param name="OperationsInHand">Operations it works on now, those that wait for a place included.</param>
/// <param name="OperationsWaiting">Those of them that wait for a place.</param>
/// <param name="Places">Operations that may work at the same time.</param>
public sealed record ProxySummary(string Name, string Kind, string State, string Host, string Version, IReadOnlyList<string> Platforms, IReadOnlyList<string> Channels, IReadOnlyList<string> Providers,
    int OperationsInHand, int OperationsWaiting, int Places);

/// <summary>Something that a session had to leave at a guest, and that is retried until it is done (R2.11).</summary>
/// <param name="Text">What is still to be done, in words.</param>
/// <param name="NextAttemptAt">Null when the attempts are given up: it has to be removed by hand, or retried from here.</param>
public sealed record LeftoverSummary(string Id, string Session, string Machine, string Kind, string Text, DateTimeOffset CreatedAt, int Attempts, DateTimeOffset? NextAttemptAt, string? LastError);

/// <summary>What an attempt to do away with a leftover came to.</summary>
/// <param name="Problem">Why it is still there; null when it is gone.</param>
public sealed record LeftoverRetried(string Id, bool Done, string? Problem);

/// <summary>A workflow instance as lists show it.</summary>
/// <param name="Incidents">How many incidents it has met.</param>
public sealed record WorkflowInstance(string Id, string DefinitionId, int Version, string? Name, string Status, string SubStatus, string? CorrelationId, string? Parent, string? Session, int Incidents,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt);

/// <summary>A workflow to run.</summary>
/// <param name="Version">Published where null; else <c>Latest</c> or a number.</param>
public sealed record RunWorkflow(string DefinitionId, string? Version = null, string? CorrelationId = null, string? Name = null, JsonObject? Input = null);

/// <summary>An instance that was started.</summary>
public sealed record StartedWorkflow(string InstanceId, string DefinitionId);

/// <summary>How many instances a request reached.</summary>
public sealed record InstancesTouched(int Count);
