using Quiesce.Cli;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Tests.Cli;

public sealed class LiveViewTests
{
    [Fact]
    public async Task A_view_that_was_shown_nothing_closes_without_harm()
    {
        await using var view = new LiveView(Live(new StringWriter()));
    }

    [Fact]
    public async Task The_last_picture_and_the_notes_stay()
    {
        var output = new StringWriter();
        await using (var view = new LiveView(Live(output)))
        {
            view.Show(now => SessionTree.Of(Reports.Session(Result.Success, Reports.Ended("db1")), now));
            view.Note("Cancelling [now]");
        }

        Assert.Contains("db1: success, application-consistent", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Cancelling [now]", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, typeof(PlainView))]
    [InlineData(true, false, typeof(LiveView))]
    [InlineData(true, true, typeof(SilentView))]
    public async Task The_view_fits_the_terminal_and_json(bool live, bool json, Type expected)
    {
        await using var view = ProgressViews.Open(live ? Live(new StringWriter()) : CliRun.TerminalOf(TextWriter.Null, TextWriter.Null), json);

        Assert.IsType(expected, view);
    }

    private static Terminal Live(TextWriter output) => new() { Out = output, Error = TextWriter.Null, IsLive = true, Environment = _ => null };
}
