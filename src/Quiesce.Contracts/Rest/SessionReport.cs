using System.Text.Json.Serialization;

namespace Quiesce.Contracts.Rest;

/// <summary>Result words of section 5.2.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Result>))]
public enum Result { None, Success, Warning, Failed }

/// <summary>What a restore point is worth (R2.19).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Consistency>))]
public enum Consistency { None, Crash, FileSystem, Application }

/// <summary>The report of a session: one pure function of its journal, the same from REST, CLI and <c>--json</c>.</summary>
/// <param name="RetryNumber">From 1; 0 for an original session.</param>
/// <param name="OriginalSessionId">For a retry: the session that it repeats.</param>
/// <param name="InitiatedBy">Who started it: a person's key, <c>schedule</c>, <c>retry</c>, <c>after NAME</c>.</param>
public sealed record SessionReport(
    string Id, string Job, Result Result, string? Message, bool IsCanceled, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, WorkflowReference Workflow, IReadOnlyList<TaskReport> Tasks,
    int RetryNumber = 0, string? OriginalSessionId = null, string InitiatedBy = "");

/// <summary>The machine workflow that the session began with and keeps (pinned).</summary>
public sealed record WorkflowReference(string Id, int Version);

/// <summary>One machine of a session.</summary>
/// <param name="Consistency">What was reached: never silently less.</param>
/// <param name="Reason">Why it is less than asked, or why it failed; null when all is well.</param>
/// <param name="Step">The current step while the task runs, else null.</param>
/// <param name="HeldMs">From the pre script's end to the post script's end: how long the application was held. Null without scripts.</param>
/// <param name="Obligations">What is still owed to the guest, in words; empty when nothing is left behind.</param>
public sealed record TaskReport(
    string Machine, Result Result, Consistency Consistency, string? Reason, string? RestorePoint, string? Proxy, string? Transport, string? Step, double? HeldMs,
    LegsReport? Legs, IReadOnlyList<ScriptReport> Scripts, IReadOnlyList<string> Obligations, IReadOnlyList<LogLine> Log, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? State)
{
    /// <summary>The operations in order: when each was asked for and when its reply was taken.</summary>
    public IReadOnlyList<StepReport> Steps { get; set; } = [];

    /// <summary>Size of the restore point in bytes, as its provider states it; null where it does not.</summary>
    public long? Bytes { get; set; }
}

/// <summary>One operation of a machine.</summary>
/// <param name="Name">In words, such as <c>take snapshot</c>.</param>
/// <param name="EndedAt">Null while it is under way.</param>
/// <param name="Failed">It ended with a failure, or its script with another exit code than 0.</param>
public sealed record StepReport(string Name, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, bool Failed);

/// <summary>Milliseconds of each leg; frozen runs from before the freeze to after the thaw.</summary>
public sealed record LegsReport(double PrepareMs, double FreezeMs, double SnapshotMs, double ThawMs, double FrozenMs);

/// <param name="Phase"><c>pre</c> or <c>post</c>.</param>
public sealed record ScriptReport(string Phase, int? ExitCode, bool TimedOut, double DurationMs, string Stdout, string Stderr);

/// <param name="Level"><c>info</c>, <c>warning</c> or <c>error</c>.</param>
public sealed record LogLine(DateTimeOffset At, string Level, string Text);
