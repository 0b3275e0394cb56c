using Quiesce.Contracts.Rest;
using Quiesce.Server.Screens;

namespace Quiesce.Tests.Console;

public sealed class SessionViewTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Machines_are_counted_by_what_became_of_them()
    {
        var view = new SessionView(Session([Ended("a", Result.Success), Ended("b", Result.Warning), Ended("c", Result.Failed), Running("d"), Waiting("e")]));

        Assert.Equal((1, 1, 1, 1, 1), (view.Succeeded, view.Warnings, view.Failed, view.Running, view.Pending));
    }

    [Fact]
    public void Progress_grows_with_the_steps_of_machines_under_way_and_is_whole_at_the_end()
    {
        var running = Session([Ended("a", Result.Success), Running("b"), Waiting("c"), Waiting("d")]);

        var progress = new SessionView(running).Progress;

        Assert.InRange(progress, 0.26, 0.49);
        Assert.Equal(1, new SessionView(running with { EndedAt = Start.AddSeconds(9) }).Progress);
    }

    [Fact]
    public void The_bottleneck_is_the_operation_that_took_longest_over_all_machines()
    {
        var view = new SessionView(Session([Ended("a", Result.Success), Ended("b", Result.Success)]));

        Assert.Equal("take snapshot", view.Legs[0].Name);
        Assert.Equal(1, view.Legs.Sum(leg => leg.Share), 6);
    }

    [Fact]
    public void Data_is_the_bytes_of_restore_points_that_were_kept_and_not_known_where_no_provider_says()
    {
        var kept = Ended("a", Result.Success) with { RestorePoint = "p", Bytes = 4_000, Legs = new LegsReport(0, 0, 2_000, 0, 0) };
        var discarded = Ended("b", Result.Failed) with { RestorePoint = null, Bytes = 9_000 };

        var view = new SessionView(Session([kept, discarded]));

        Assert.Equal(4_000, view.Bytes);
        Assert.Equal(2_000, view.BytesPerSecond);
        Assert.Null(new SessionView(Session([discarded])).Bytes);
    }

    [Fact]
    public void The_log_of_the_session_is_in_order_and_holds_every_warning()
    {
        var loud = Running("d") with { Log = [new LogLine(Start.AddSeconds(2), "warning", "slow"), new LogLine(Start.AddSeconds(2), "info", "quiet")] };

        var log = new SessionView(Session([Ended("a", Result.Failed), loud])).Log;

        Assert.Equal(log.OrderBy(line => line.At).Select(line => line.Text), log.Select(line => line.Text));
        Assert.Contains(log, line => line is { Machine: "d", Level: "warning", Text: "slow" });
        Assert.DoesNotContain(log, line => line.Text == "quiet");
        Assert.Contains(log, line => line is { Machine: "a", Level: "error" });
    }

    [Fact]
    public void A_session_of_no_machines_is_no_division_by_zero()
    {
        var view = new SessionView(Session([]));

        Assert.Equal(1, view.Progress);
        Assert.Empty(view.Legs);
        Assert.Null(view.BytesPerSecond);
    }

    [Theory]
    [InlineData(0.34, "340 ms")]
    [InlineData(4.24, "4.2 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7_500, "2 h 5 min")]
    [InlineData(-1, "0 ms")]
    public void Durations_read_as_people_say_them(double seconds, string words) => Assert.Equal(words, Words.Duration(TimeSpan.FromSeconds(seconds)));

    private static SessionReport Session(IReadOnlyList<TaskReport> tasks) => new("s", "job", Result.None, null, false, Start, null, new WorkflowReference("w", 1), tasks);

    private static TaskReport Waiting(string machine) => new(machine, Result.None, Consistency.None, null, null, null, null, null, null, null, [], [], [], null, null, "Pending");

    private static TaskReport Running(string machine) => Waiting(machine) with { StartedAt = Start, State = "Working", Step = "take snapshot", Steps = [new StepReport("prepare guest", Start, Start.AddSeconds(1), false), new StepReport("take snapshot", Start.AddSeconds(1), null, false)] };

    private static TaskReport Ended(string machine, Result result) => Running(machine) with
    {
        Result = result, State = "Stopped", Step = null, EndedAt = Start.AddSeconds(5),
        Steps = [new StepReport("prepare guest", Start, Start.AddSeconds(1), false), new StepReport("take snapshot", Start.AddSeconds(1), Start.AddSeconds(5), result == Result.Failed)],
    };
}
