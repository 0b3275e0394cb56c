using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs;

/// <summary>One record of a journal as the report reads it.</summary>
public sealed record JournalEntry(DateTimeOffset At, string EventName, string? Message, JsonNode? Payload);

/// <summary>The report of a session: a pure function of its journals, so that REST, CLI and <c>--json</c> can only say the same.</summary>
public static class Report
{
    /// <summary>Builds the report.</summary>
    /// <param name="sessionId">The session, which is also its instance.</param>
    /// <param name="session">The session instance's journal, in order.</param>
    /// <param name="tasks">The reports of the machines, in the order of the job.</param>
    public static SessionReport Build(string sessionId, IEnumerable<JournalEntry> session, IReadOnlyList<TaskReport> tasks)
    {
        var report = new SessionReport(sessionId, "", Result.None, null, false, default, null, new WorkflowReference("", 0), tasks);
        foreach (var entry in session)
            report = entry.EventName switch
            {
                SessionEvents.SessionStarted => report with
                {
                    Job = (string?)entry.Payload?["job"] ?? "",
                    StartedAt = entry.At,
                    Workflow = new WorkflowReference((string?)entry.Payload?["workflow"] ?? "", (int?)entry.Payload?["version"] ?? 0),
                },
                SessionEvents.StopRequested => report with { IsCanceled = true, Message = (string?)entry.Payload?["reason"] ?? "cancelled by user" },
                SessionEvents.Incident when entry.Message is { } message => report with { Message = report.Message ?? message },
                SessionEvents.SessionEnded => report with
                {
                    EndedAt = entry.At,
                    Result = Enum.TryParse<Result>((string?)entry.Payload?["result"], out var result) ? result : Result.Failed,
                    Message = (string?)entry.Payload?["message"] ?? report.Message,
                },
                _ => report,
            };
        return report;
    }

    /// <summary>The names of the machines, in the order of the job, as the session's journal states them.</summary>
    public static IReadOnlyList<string> Machines(IEnumerable<JournalEntry> session) =>
        session.FirstOrDefault(entry => entry.EventName == SessionEvents.SessionStarted)?.Payload?["machines"] is JsonArray names ? [.. names.Select(name => (string?)name ?? "")] : [];

    /// <summary>A machine that has not begun yet, or never will because its session ended first.</summary>
    public static TaskReport NotStarted(string machine, bool sessionEnded) => new(
        machine, sessionEnded ? Result.Failed : Result.None, Consistency.None, sessionEnded ? "not started: the session ended first" : null, null, null, null, null, null, null, [], [], [], null, null, sessionEnded ? "Stopped" : "Pending");

    /// <summary>Builds one machine's part from its own journal.</summary>
    public static TaskReport BuildTask(string machine, IEnumerable<JournalEntry> journal)
    {
        var (facts, appMode, scriptMode) = (TaskFacts.None, AppMode.RequireSuccess, ScriptMode.RequireSuccess);
        DateTimeOffset? startedAt = null, endedAt = null;
        string? step = null;
        JsonNode? ended = null;
        List<ScriptReport> scripts = [];
        List<StepReport> steps = [];
        List<LogLine> log = [];
        Dictionary<string, string> owed = [];
        foreach (var entry in journal)
        {
            facts = facts.Apply(entry.EventName, entry.Message, entry.Payload);
            if (Line(entry) is { } line) log.Add(line);
            switch (entry.EventName)
            {
                case SessionEvents.TaskStarted:
                    startedAt = entry.At;
                    appMode = Enum.TryParse<AppMode>((string?)entry.Payload?["appMode"], out var app) ? app : appMode;
                    scriptMode = Enum.TryParse<ScriptMode>((string?)entry.Payload?["scriptMode"], out var script) ? script : scriptMode;
                    break;
                case SessionEvents.OperationSent:
                    step = Steps.Name((string?)entry.Payload?["verb"] ?? "", (string?)entry.Payload?["phase"]);
                    steps.Add(new StepReport(step, entry.At, null, false));
                    break;
                case SessionEvents.OperationFinished:
                    step = null;
                    var outcome = OperationOutcome.From(entry.Payload);
                    var reply = outcome.Verb == Verbs.RunScript ? outcome.Read(ContractsJson.Default.RunScriptReply) : null;
                    if (reply is { Started: true })
                        scripts.Add(new ScriptReport(reply.Phase, reply.ExitCode, reply.TimedOut, reply.DurationMs, reply.StdOut, reply.StdErr));
                    End(steps, Steps.Name(outcome.Verb, outcome.Phase), entry.At, outcome.Failure is not null || reply is { Succeeded: false });
                    break;
                case SessionEvents.ObligationOwed or SessionEvents.ObligationLeft:
                    owed[(string?)entry.Payload?["id"] ?? ""] = (string?)entry.Payload?["text"] ?? "";
                    break;
                case SessionEvents.ObligationMet:
                    owed.Remove((string?)entry.Payload?["id"] ?? "");
                    break;
                case SessionEvents.TaskEnded:
                    (endedAt, ended, step) = (entry.At, entry.Payload, null);
                    break;
            }
        }

        var verdict = ended is null ? null : Outcome.Decide(facts, appMode, scriptMode);
        return new TaskReport(
            machine,
            verdict?.Result ?? Result.None,
            verdict?.Consistency ?? Consistency.None,
            verdict?.Reason,
            verdict is { Keep: false } ? null : facts.Snapshot is { Taken: true } snapshot && !facts.Discarded ? snapshot.RestorePointId : null,
            facts.Proxy, facts.Transport, step, Held(facts),
            facts.Snapshot?.Legs is { } legs ? new LegsReport(legs.PrepareMs, legs.FreezeMs, legs.SnapshotMs, legs.ThawMs, legs.FrozenMs) : null,
            scripts, [.. owed.Values], log, startedAt, endedAt,
            ended is not null ? "Stopped" : startedAt is null ? "Pending" : "Working")
        {
            Steps = steps,
            Bytes = facts.Snapshot?.Bytes,
        };
    }

    private static void End(List<StepReport> steps, string name, DateTimeOffset at, bool failed)
    {
        if (steps.FindLastIndex(step => step.EndedAt is null && step.Name == name) is var index and >= 0)
            steps[index] = steps[index] with { EndedAt = at, Failed = failed };
    }

    private static double? Held(TaskFacts facts) =>
        facts.Pre?.EndedAt is { } from && facts.Post?.EndedAt is { } to && to >= from ? Math.Round((to - from).TotalMilliseconds, 3) : null;

    private static LogLine? Line(JournalEntry entry)
    {
        var payload = entry.Payload;
        return entry.EventName switch
        {
            SessionEvents.Note => new LogLine(entry.At, (string?)payload?["level"] ?? "info", (string?)payload?["text"] ?? ""),
            SessionEvents.TaskStarted => new LogLine(entry.At, "info", $"started: {(string?)payload?["path"]} by provider {(string?)payload?["provider"]}"),
            SessionEvents.ProxySelected => new LogLine(entry.At, "info", $"guest interaction proxy: {(string?)payload?["proxy"]}"),
            SessionEvents.ScriptSkipped => new LogLine(entry.At, "info", (string?)payload?["text"] ?? "script skipped"),
            SessionEvents.OperationFinished => Finished(entry.At, OperationOutcome.From(payload)),
            SessionEvents.TaskCancelled => new LogLine(entry.At, "warning", "cancelled: what was begun is being undone"),
            SessionEvents.TaskConcluded => new LogLine(entry.At, "info", $"concluded: {(string?)payload?["result"]}, {(string?)payload?["consistency"]}"),
            SessionEvents.ObligationLeft => new LogLine(entry.At, "warning", $"{FailureCodes.Leftover}: still owed: {(string?)payload?["text"]}: {(string?)payload?["error"]}; it is retried until it is done"),
            SessionEvents.LateReply => new LogLine(entry.At, "info", $"a late reply was not needed any more: {(string?)payload?["stimulus"]}"),
            SessionEvents.Incident when entry.Message is { } message => new LogLine(entry.At, "error", message),
            _ => null,
        };
    }

    private static LogLine Finished(DateTimeOffset at, OperationOutcome outcome)
    {
        var step = Steps.Name(outcome.Verb, outcome.Phase);
        if (outcome.Failure is { } failure) return new LogLine(at, failure.Code == FailureCodes.Cancelled ? "warning" : "error", $"{step}: {failure.Code}: {failure.Message}");
        return outcome.Verb switch
        {
            Verbs.RunScript when outcome.Read(ContractsJson.Default.RunScriptReply) is { } script => new LogLine(at, script.Succeeded ? "info" : "error",
                script.TimedOut ? $"{step}: timed out after {Ms(script.DurationMs)} and was killed"
                : $"{step}: exit code {script.ExitCode} after {Ms(script.DurationMs)} on {script.Host} as {script.Account}{(script.ByOrphanRule ? ", run by the guest itself after the link was lost" : "")}{Tail(script)}"),
            Verbs.TakeSnapshot when outcome.Read(ContractsJson.Default.TakeSnapshotReply) is { } taken => new LogLine(at, taken.ThawedByTimer ? "warning" : "info",
                $"{step}: {taken.Method} in {Ms(taken.Legs.SnapshotMs)}, held for {Ms(taken.Legs.FrozenMs)}{(taken.FileSystemsFrozen.Count > 0 ? $", frozen: {string.Join(", ", taken.FileSystemsFrozen)}" : "")}{(taken.ThawedByTimer ? ", thawed by the guest's timer" : "")}"),
            Verbs.PrepareGuest when outcome.Read(ContractsJson.Default.PrepareGuestReply) is { } ready => new LogLine(at, "info", $"{step}: runtime {ready.RuntimeVersion} on {ready.Host} ({ready.Platform}) as {ready.Account} over {ready.Transport} after {Ms(ready.PrepareMs)}"),
            _ => new LogLine(at, "info", $"{step}: done"),
        };
    }

    // R4.13: text on stderr is no failure by default, but it is always shown.
    private static string Tail(RunScriptReply script)
    {
        var text = script.StdErr.Trim();
        return text.Length == 0 ? "" : $"; stderr: {(text.Length > 300 ? text[..300] + "…" : text)}";
    }

    private static string Ms(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.#} ms");
}

/// <summary>What a person calls the steps of a task.</summary>
public static class Steps
{
    /// <summary>The step that a verb and its phase stand for.</summary>
    public static string Name(string verb, string? phase) => verb switch
    {
        Verbs.PrepareGuest => "prepare guest",
        Verbs.RunScript => phase == "post" ? "post-snapshot script" : "pre-snapshot script",
        Verbs.FreezeGuest => "freeze",
        Verbs.ThawGuest => "thaw",
        Verbs.TakeSnapshot => "take snapshot",
        Verbs.DeleteSnapshot => "delete snapshot",
        Verbs.RestoreSnapshot => "restore",
        Verbs.DescribeSnapshot => "describe snapshot",
        Verbs.ReleaseGuest => "release guest",
        Verbs.TestMachine => "test machine",
        Verbs.CancelOperation => "cancel",
        _ => verb,
    };
}
