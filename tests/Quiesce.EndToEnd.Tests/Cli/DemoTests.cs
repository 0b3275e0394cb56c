namespace Quiesce.EndToEnd.Tests.Cli;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_restores_every_acknowledged_commit_and_leaves_nothing_behind()
    {
        using var folder = new TestFolder();

        await using var demo = await QuiesceProcess.RunAsync(folder, "demo", "--json");

        Assert.True(demo.ExitCode == 0, demo.ToString());
        var report = demo.OutJson;
        Assert.True(report.GetProperty("verified").GetBoolean());
        Assert.InRange(report.GetProperty("acknowledged").GetInt64(), 100, report.GetProperty("restored").GetInt64());
        Assert.Equal("Success", report.GetProperty("result").GetString());
        var task = report.GetProperty("tasks")[0];
        Assert.Equal("Application", task.GetProperty("consistency").GetString());
        Assert.True(task.GetProperty("heldMs").GetDouble() > 0);
        Assert.Equal(2, task.GetProperty("scripts").GetArrayLength());
        Assert.Empty(task.GetProperty("obligations").EnumerateArray());
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Temporary));
    }

    [Fact]
    public async Task Without_json_the_demo_tells_its_story_in_lines()
    {
        using var folder = new TestFolder();

        await using var demo = await QuiesceProcess.RunAsync(folder, "demo");

        Assert.True(demo.ExitCode == 0, demo.ToString());
        Assert.Contains("Held: the application wrote nothing for", demo.Out, StringComparison.Ordinal);
        Assert.Contains("Integrity check of the restored database: ok", demo.Out, StringComparison.Ordinal);
        Assert.Contains("The application goes on", demo.Out, StringComparison.Ordinal);
        Assert.Contains("Verified:", demo.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', demo.Out);
    }

    [Fact]
    public async Task Interrupting_the_demo_gives_130_and_leaves_nothing_behind()
    {
        using var folder = new TestFolder();
        await using var demo = QuiesceProcess.Start(folder, "demo");
        await demo.SaysAsync("Quiesce demo in");

        demo.Signal("INT");
        await demo.EndAsync();

        Assert.True(demo.ExitCode == 130, demo.ToString());
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Temporary));
    }
}
