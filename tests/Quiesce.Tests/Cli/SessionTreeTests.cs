using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Tests.Cli;

public sealed class SessionTreeTests
{
    [Fact]
    public void A_machine_shows_its_step_and_how_long_it_has_been_at_work()
    {
        var root = SessionTree.Of(Reports.Running(Reports.Working("db1", "take snapshot"), Reports.Waiting("db2")), Reports.Start.AddSeconds(1.5));

        Assert.Equal("db1: take snapshot", root.Children[0].Text);
        Assert.Equal("1.5 s", root.Children[0].Timing);
        Assert.Equal(NodeState.Waiting, root.Children[1].State);
    }

    [Fact]
    public void A_machine_that_is_done_shows_its_consistency_and_how_long_it_was_held_and_frozen()
    {
        var machine = SessionTree.Of(Reports.Session(Result.Success, Reports.Ended("db1")), Reports.Start).Children.Single();

        Assert.Equal("db1: success, application-consistent", machine.Text);
        Assert.Equal("db1: application held 123 ms, file systems frozen 15.5 ms, snapshot 10.0 ms", machine.Children.Single().Text);
    }

    [Fact]
    public void A_failed_machine_says_why_and_what_is_still_owed_to_it()
    {
        var failed = Reports.Ended("db1", Result.Failed, "GP-CONNECT: no route") with { HeldMs = null, Legs = null, Obligations = ["remove the runtime"] };

        var machine = SessionTree.Of(Reports.Session(Result.Failed, failed), Reports.Start).Children.Single();

        Assert.Equal(NodeState.Failed, machine.State);
        Assert.Contains("GP-CONNECT: no route", machine.Text, StringComparison.Ordinal);
        Assert.Equal("db1: still to do: remove the runtime", machine.Children.Single().Text);
    }

    [Fact]
    public void Of_a_thousand_machines_only_those_at_work_or_in_trouble_have_a_line()
    {
        TaskReport[] tasks =
        [
            .. Enumerable.Range(0, 500).Select(i => Reports.Ended($"well{i}")),
            .. Enumerable.Range(0, 3).Select(i => Reports.Ended($"bad{i}", Result.Failed, "why")),
            .. Enumerable.Range(0, 40).Select(i => Reports.Working($"busy{i}", "take snapshot")),
            .. Enumerable.Range(0, 457).Select(i => Reports.Waiting($"idle{i}")),
        ];

        var root = SessionTree.Of(Reports.Running(tasks), Reports.Start);

        Assert.InRange(root.Children.Count, 2, 32);
        Assert.Equal("500 well, 0 with warnings, 3 failed, 40 at work, 457 waiting", root.Children[0].Timing);
        Assert.Contains(root.Children, n => n.Text.StartsWith("bad2", StringComparison.Ordinal));
        Assert.DoesNotContain(root.Children, n => n.Text.StartsWith("well", StringComparison.Ordinal) || n.Text.StartsWith("idle", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.04, "0.0 ms")]
    [InlineData(12.34, "12.3 ms")]
    [InlineData(850, "850 ms")]
    [InlineData(12_345, "12.3 s")]
    [InlineData(184_000, "3:04")]
    [InlineData(3_784_000, "1:03:04")]
    public void A_duration_is_as_exact_as_people_need_it(double milliseconds, string expected) => Assert.Equal(expected, Duration.Text(milliseconds));
}
