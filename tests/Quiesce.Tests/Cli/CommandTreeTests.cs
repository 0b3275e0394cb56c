using System.CommandLine;
using Quiesce.Cli;

namespace Quiesce.Tests.Cli;

public sealed class CommandTreeTests
{
    public static TheoryData<string> EveryCommand()
    {
        var data = new TheoryData<string>();
        foreach (var path in Paths(CommandTree.Create(CliRun.TerminalOf(TextWriter.Null, TextWriter.Null)), []))
            data.Add(path);
        return data;
    }

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public async Task Every_command_has_help_with_a_description_an_example_and_the_exit_codes(string command)
    {
        var run = await CliRun.OfAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Matches(@"Description:\s+\S", run.Out);
        Assert.Matches(@"Examples?:\s+quiesce " + command, run.Out);
        Assert.Contains("--json", run.Out, StringComparison.Ordinal);
        foreach (var code in new[] { "0    success", "1    failed", "2    usage", "3    finished with warnings", "130  cancelled" })
            Assert.Contains(code, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tree_has_every_command_of_the_issue()
    {
        string[] expected =
        [
            "serve", "run", "demo", "job apply", "job list", "job show", "job start", "job stop", "job delete", "session list", "session show", "session watch", "session cancel",
            "machine list", "machine add", "machine remove", "machine test", "restorepoint list", "restorepoint restore", "restorepoint delete",
            "console", "key create", "key list", "key delete", "settings show", "settings set", "audit list", "proxy list", "leftover list", "leftover retry",
            "instance list", "instance show", "instance cancel", "instance retry",
            "workflow list", "workflow validate", "workflow import", "workflow export", "workflow diff", "workflow versions", "workflow publish", "workflow retract", "workflow rollback", "workflow delete", "workflow file", "workflow run",
        ];

        Assert.Empty(expected.Except(Paths(CommandTree.Create(CliRun.TerminalOf(TextWriter.Null, TextWriter.Null)), [])));
    }

    [Fact]
    public async Task The_application_of_the_demo_is_not_listed()
    {
        var run = await CliRun.OfAsync("--help");

        Assert.DoesNotContain("demo-writer", run.Out, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Paths(Command command, string[] before) =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Paths(c, [.. before, c.Name])).Prepend(string.Join(' ', before)).Where(p => p.Length > 0);
}
