using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Rendering;

/// <summary>The picture of a session at a moment: one pure function of its report.</summary>
internal static class SessionTree
{
    /// <summary>Above this many machines only those at work and those in trouble have a line, and the rest are counts.</summary>
    public const int MachinesShown = 16;

    public static ProgressNode Of(SessionReport report, DateTimeOffset now) => new(
        report.Id,
        StateOf(report.Result, report.StartedAt, report.EndedAt, report.IsCanceled),
        $"Session {report.Id} of {report.Job}{(report.EndedAt is null ? "" : $": {Words.Of(report)}")}",
        Duration.Between(report.StartedAt, report.EndedAt, now),
        report.Tasks.Count <= MachinesShown ? [.. report.Tasks.Select(t => Machine(report, t, now))] : Crowd(report, now));

    private static List<ProgressNode> Crowd(SessionReport report, DateTimeOffset now)
    {
        var working = report.Tasks.Where(IsWorking).ToList();
        var troubled = report.Tasks.Where(t => t.EndedAt is not null && t.Result is Result.Failed or Result.Warning).ToList();
        var ended = report.Tasks.Count(t => t.EndedAt is not null);
        // In plain lines a tenth of the machines is worth a line; in the tree the figures are always the latest.
        var tenths = 10 * ended / report.Tasks.Count;
        var nodes = new List<ProgressNode>
        {
            new(
                $"{report.Id}/counts",
                report.EndedAt is null ? NodeState.Working : NodeState.Done,
                $"{report.Tasks.Count} machines, {10 * tenths} % done",
                $"{ended - troubled.Count} well, {troubled.Count(t => t.Result == Result.Warning)} with warnings, {troubled.Count(t => t.Result == Result.Failed)} failed, "
                + $"{working.Count} at work, {report.Tasks.Count - ended - working.Count} waiting"),
        };
        nodes.AddRange(troubled.TakeLast(MachinesShown / 2).Select(t => Machine(report, t, now)));
        // A step of one among a thousand is shown in the tree, where it is overwritten, and is no line of its own.
        nodes.AddRange(working.Take(MachinesShown).Select(t => new ProgressNode($"{report.Id}/{t.Machine}", NodeState.Waiting, Text(t), Duration.Between(t.StartedAt, null, now))));
        return nodes;
    }

    private static ProgressNode Machine(SessionReport report, TaskReport task, DateTimeOffset now)
    {
        var key = $"{report.Id}/{task.Machine}";
        var details = new List<ProgressNode>();
        if (Figures(task) is { } figures)
            details.Add(new ProgressNode(key + "/held", task.EndedAt is null ? NodeState.Waiting : NodeState.Done, $"{task.Machine}: {figures}"));
        // What is owed while a task runs is the plan; what is owed when it has ended was left behind.
        if (task.EndedAt is not null)
            details.AddRange(task.Obligations.Select((o, i) => new ProgressNode($"{key}/owed/{i}", NodeState.Warning, $"{task.Machine}: still to do: {o}")));
        return new ProgressNode(key, StateOf(task.Result, task.StartedAt, task.EndedAt, false), Text(task), Timing(task, now), details);
    }

    private static string Text(TaskReport task) => task switch
    {
        { EndedAt: not null } => $"{task.Machine}: {Words.Of(task.Result)}, {Words.Of(task.Consistency)}{(task.Reason is null ? "" : $": {task.Reason}")}",
        { StartedAt: null } => $"{task.Machine}: waiting",
        _ => $"{task.Machine}: {Step(task).Name}",
    };

    private static string? Timing(TaskReport task, DateTimeOffset now)
    {
        var elapsed = Duration.Between(task.StartedAt, task.EndedAt, now);
        return Step(task).Progress is { } progress ? $"{progress}, {elapsed}" : elapsed;
    }

    /// <summary>A running step may carry its last sign of life after a colon.</summary>
    private static (string Name, string? Progress) Step(TaskReport task) => task.Step?.Split(": ", 2) switch
    {
        null => ("working", null),
        [var name, var progress] => (name, progress),
        var name => (name[0], null),
    };

    private static string? Figures(TaskReport task)
    {
        var parts = new List<string>();
        if (task.HeldMs is { } held)
            parts.Add($"application held {Duration.Text(held)}");
        if (task.Legs is { FreezeMs: > 0 } frozen)
            parts.Add($"file systems frozen {Duration.Text(frozen.FrozenMs)}");
        if (task.Legs is { } legs)
            parts.Add($"snapshot {Duration.Text(legs.SnapshotMs)}");
        return parts.Count == 0 ? null : string.Join(", ", parts);
    }

    private static bool IsWorking(TaskReport task) => task is { StartedAt: not null, EndedAt: null };

    private static NodeState StateOf(Result result, DateTimeOffset? started, DateTimeOffset? ended, bool cancelled) => (started, ended, result) switch
    {
        (null, null, _) => NodeState.Waiting,
        (_, null, _) => NodeState.Working,
        _ when cancelled => NodeState.Warning,
        (_, _, Result.Failed) => NodeState.Failed,
        (_, _, Result.Warning) => NodeState.Warning,
        _ => NodeState.Done,
    };
}
