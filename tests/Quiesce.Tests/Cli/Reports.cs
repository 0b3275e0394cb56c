using Quiesce.Contracts.Rest;

namespace Quiesce.Tests.Cli;

/// <summary>Session reports as a server would send them.</summary>
internal static class Reports
{
    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static SessionReport Session(Result result, params TaskReport[] tasks) =>
        new("s1", "nightly-db", result, null, false, Start, Start.AddSeconds(3), new WorkflowReference("machine-snapshot", 1), tasks);

    public static SessionReport Running(params TaskReport[] tasks) => Session(Result.None, tasks) with { EndedAt = null };

    public static TaskReport Waiting(string machine) => new(machine, Result.None, Consistency.None, null, null, null, null, null, null, null, [], [], [], null, null, "Pending");

    public static TaskReport Working(string machine, string step) => Waiting(machine) with { StartedAt = Start, Step = step, State = "Working" };

    public static TaskReport Ended(string machine, Result result = Result.Success, string? reason = null) => Waiting(machine) with
    {
        Result = result,
        Reason = reason,
        Consistency = result == Result.Failed ? Consistency.None : Consistency.Application,
        RestorePoint = result == Result.Failed ? null : $"point-of-{machine}",
        Transport = "local",
        HeldMs = 123.4,
        Legs = new LegsReport(1, 2, 10, 3, 15.5),
        StartedAt = Start,
        EndedAt = Start.AddSeconds(2),
        State = "Stopped",
    };
}
