using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Tests.Cli;

public sealed class PlainViewTests
{
    [Fact]
    public async Task A_step_is_one_line_however_often_it_is_reported()
    {
        var lines = await ShownAsync(
            Reports.Running(Reports.Working("db1", "prepare guest")),
            Reports.Running(Reports.Working("db1", "prepare guest")),
            Reports.Running(Reports.Working("db1", "take snapshot")),
            Reports.Session(Result.Success, Reports.Ended("db1")));

        Assert.Equal(
            [
                "Session s1 of nightly-db",
                "db1: prepare guest",
                "db1: take snapshot",
                "Session s1 of nightly-db: success (3.0 s)",
                "db1: success, application-consistent (2.0 s)",
                "db1: application held 123 ms, file systems frozen 15.5 ms, snapshot 10.0 ms",
            ],
            lines);
    }

    [Fact]
    public async Task Lines_carry_no_control_characters()
    {
        var lines = await ShownAsync(Reports.Session(Result.Failed, Reports.Ended("db1", Result.Failed, "[red]odd[/] text")));

        Assert.All(lines, line => Assert.DoesNotContain(line, char.IsControl));
        Assert.Contains(lines, line => line.Contains("[red]odd[/] text", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_thousand_machines_are_a_few_dozen_lines()
    {
        var reports = Enumerable.Range(0, 1001).Select(done => Reports.Running(
            [.. Enumerable.Range(0, 1000).Select(i => i < done ? Reports.Ended($"m{i}") : i < done + 8 ? Reports.Working($"m{i}", "take snapshot") : Reports.Waiting($"m{i}"))]));

        var lines = await ShownAsync([.. reports]);

        Assert.InRange(lines.Count, 5, 40);
    }

    private static async Task<List<string>> ShownAsync(params SessionReport[] reports)
    {
        var output = new StringWriter();
        await using (var view = new PlainView(CliRun.TerminalOf(output, TextWriter.Null)))
            foreach (var report in reports)
                view.Show(now => SessionTree.Of(report, now));
        // Each line begins with the time of day.
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line["HH:mm:ss ".Length..])];
    }
}
