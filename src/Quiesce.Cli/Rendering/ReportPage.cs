using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Rendering;

/// <summary>The report of a session for people: a table, what went wrong, and the log.</summary>
internal static class ReportPage
{
    public static void Write(Terminal terminal, SessionReport report)
    {
        var output = terminal.Out;
        var took = Duration.Between(report.StartedAt, report.EndedAt, terminal.Time.GetUtcNow());
        output.WriteLine();
        output.WriteLine($"Session {report.Id} of {report.Job}: {Words.Of(report)}, {took}, workflow {report.Workflow.Id} version {report.Workflow.Version}");
        if (report.Message is not null)
            output.WriteLine(report.Message);
        output.WriteLine();
        var shown = report.Tasks.Count <= SessionTree.MachinesShown ? report.Tasks : [.. report.Tasks.Where(t => t.Result != Result.Success)];
        WriteTable(output, report, shown);
        foreach (var task in shown)
            WriteTroubles(output, task);
        WriteLog(terminal, report, shown);
    }

    private static void WriteTable(TextWriter output, SessionReport report, IReadOnlyList<TaskReport> shown)
    {
        Columns.Write(
            output,
            ["MACHINE", "RESULT", "CONSISTENCY", "RESTORE POINT", "HELD", "FROZEN", "SNAPSHOT", "TRANSPORT"],
            [.. shown.Select(t => new[]
            {
                t.Machine, Words.Of(t.Result), Words.Of(t.Consistency), t.RestorePoint ?? "-", Ms(t.HeldMs), Ms(t.Legs is { FreezeMs: > 0 } frozen ? frozen.FrozenMs : null), Ms(t.Legs?.SnapshotMs), t.Transport ?? "-",
            })],
            report.Tasks.Count == 0 ? "No machine was reached." : "Every machine succeeded.");
        if (shown.Count < report.Tasks.Count)
            output.WriteLine($"{report.Tasks.Count - shown.Count} of {report.Tasks.Count} machines succeeded and are not listed.");
    }

    private static string Ms(double? milliseconds) => milliseconds is { } value ? Duration.Text(value) : "-";

    private static void WriteTroubles(TextWriter output, TaskReport task)
    {
        if (task.Reason is not null)
            output.WriteLine($"{task.Machine}: {task.Reason}");
        foreach (var owed in task.Obligations)
            output.WriteLine($"{task.Machine}: still to do: {owed}");
        foreach (var script in task.Scripts.Where(s => s.ExitCode != 0 || s.TimedOut))
        {
            output.WriteLine($"{task.Machine}: {script.Phase} script {(script.TimedOut ? "timed out" : $"ended with exit code {script.ExitCode}")} after {Duration.Text(script.DurationMs)}");
            foreach (var line in (script.Stderr + "\n" + script.Stdout).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                output.WriteLine("    " + line.TrimEnd());
        }
    }

    private static void WriteLog(Terminal terminal, SessionReport report, IReadOnlyList<TaskReport> shown)
    {
        var lines = shown.SelectMany(t => t.Log.Select(l => (t.Machine, Line: l))).OrderBy(l => l.Line.At).ToList();
        if (lines.Count == 0)
            return;
        terminal.Out.WriteLine();
        foreach (var (machine, line) in lines)
        {
            var level = line.Level == "info" ? "" : line.Level + ": ";
            var at = TimeZoneInfo.ConvertTime(line.At, terminal.Time.LocalTimeZone);
            terminal.Out.WriteLine($"{at:HH:mm:ss.fff} {(report.Tasks.Count > 1 ? machine + " " : "")}{level}{line.Text}");
        }
    }
}
