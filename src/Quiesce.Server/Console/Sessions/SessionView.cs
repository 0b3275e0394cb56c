using Quiesce.Contracts.Rest;

namespace Quiesce.Server.Screens;

/// <summary>A line of the whole session's log.</summary>
/// <param name="Machine">Empty for a line about the session itself.</param>
public sealed record SessionLine(DateTimeOffset At, string Level, string Machine, string Text);

/// <summary>Milliseconds that a leg of the way took over all machines.</summary>
public sealed record LegShare(string Name, double Ms, double Share);

/// <summary>What the statistics window shows of a report (section 5.7): counted once per change, shared by everybody who watches.</summary>
public sealed class SessionView
{
    /// <summary>Steps that a machine usually takes; only for the progress of machines under way.</summary>
    private const double UsualSteps = 5;

    private readonly Lazy<IReadOnlyList<SessionLine>> _log;

    public SessionView(SessionReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Report = report;
        double progress = 0, snapshotMs = 0;
        long bytes = 0;
        var known = false;
        foreach (var task in report.Tasks)
        {
            Count(task);
            progress += task.EndedAt is not null || task.State == "Stopped" ? 1 : task.StartedAt is null ? 0 : Math.Min(0.9, task.Steps.Count(step => step.EndedAt is not null) / UsualSteps);
            if (task is { Bytes: { } size, RestorePoint: not null })
                (known, bytes, snapshotMs) = (true, bytes + size, snapshotMs + (task.Legs?.SnapshotMs ?? 0));
        }

        Progress = report.EndedAt is not null || report.Tasks.Count == 0 ? 1 : progress / report.Tasks.Count;
        Bytes = known ? bytes : null;
        BytesPerSecond = known && snapshotMs > 0 ? bytes / (snapshotMs / 1000) : null;
        Legs = LegsOf(report.Tasks);
        _log = new Lazy<IReadOnlyList<SessionLine>>(() => LinesOf(report));
    }

    /// <summary>What was counted.</summary>
    public SessionReport Report { get; }

    /// <summary>0 to 1.</summary>
    public double Progress { get; }

    public int Succeeded { get; private set; }
    public int Warnings { get; private set; }
    public int Failed { get; private set; }
    public int Running { get; private set; }
    public int Pending { get; private set; }

    /// <summary>Machines whose application is held or whose file systems are frozen at this moment, as far as the report knows.</summary>
    public int Held { get; private set; }

    /// <summary>Machines that are owed something.</summary>
    public int Leftovers { get; private set; }

    /// <summary>Bytes of the restore points; null where no provider states them.</summary>
    public long? Bytes { get; }

    /// <summary>Bytes of the restore points by the time of their snapshots; null where that is not known.</summary>
    public double? BytesPerSecond { get; }

    /// <summary>Where the time went, the longest first.</summary>
    public IReadOnlyList<LegShare> Legs { get; }

    /// <summary>The session's own log: machines that began and ended, and every warning and error, by time. The last thousands only: the rest is with the machines.</summary>
    public IReadOnlyList<SessionLine> Log => _log.Value;

    /// <summary>How long it runs, or ran.</summary>
    public TimeSpan Duration(DateTimeOffset now) => (Report.EndedAt ?? now) - Report.StartedAt is var length && length > TimeSpan.Zero ? length : TimeSpan.Zero;

    private void Count(TaskReport task)
    {
        switch (task.Result)
        {
            case Result.Success: Succeeded++; break;
            case Result.Warning: Warnings++; break;
            case Result.Failed: Failed++; break;
            default:
                if (task.StartedAt is null) Pending++; else Running++;
                break;
        }

        if (task.Obligations.Count > 0)
            if (task.EndedAt is null) Held++; else Leftovers++;
    }

    private static List<LegShare> LegsOf(IReadOnlyList<TaskReport> tasks)
    {
        Dictionary<string, double> legs = [];
        foreach (var task in tasks)
            foreach (var step in task.Steps)
                if (step.EndedAt is { } ended)
                    legs[step.Name] = legs.GetValueOrDefault(step.Name) + (ended - step.StartedAt).TotalMilliseconds;
        var all = legs.Values.Sum();
        return [.. legs.Select(leg => new LegShare(leg.Key, leg.Value, all > 0 ? leg.Value / all : 0)).OrderByDescending(leg => leg.Ms)];
    }

    private static List<SessionLine> LinesOf(SessionReport report)
    {
        const int most = 3_000;
        List<SessionLine> lines = [new(report.StartedAt, "info", "", $"session of job {report.Job} started with {report.Tasks.Count} machines, workflow {report.Workflow.Id} version {report.Workflow.Version}")];
        foreach (var task in report.Tasks)
        {
            if (task.StartedAt is { } began)
                lines.Add(new SessionLine(began, "info", task.Machine, "started"));
            lines.AddRange(task.Log.Where(line => line.Level != "info").Select(line => new SessionLine(line.At, line.Level, task.Machine, line.Text)));
            if (task.EndedAt is { } ended)
                lines.Add(new SessionLine(ended, task.Result switch { Result.Failed => "error", Result.Warning => "warning", _ => "info" }, task.Machine, task.Reason is null ? $"{task.Result}, {task.Consistency}" : $"{task.Result}: {task.Reason}"));
        }

        if (report.EndedAt is { } end)
            lines.Add(new SessionLine(end, report.Result switch { Result.Failed => "error", Result.Warning => "warning", _ => "info" }, "", report.Message is null ? $"session ended: {report.Result}" : $"session ended: {report.Result}: {report.Message}"));
        lines.Sort((a, b) => a.At.CompareTo(b.At));
        return lines.Count > most ? lines[^most..] : lines;
    }
}
