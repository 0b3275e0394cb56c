namespace Quiesce.EndToEnd.Tests.Cli;

public sealed class RunTests
{
    [Fact]
    public async Task A_run_makes_a_restore_point_between_its_scripts_and_says_where_it_is()
    {
        using var folder = new TestFolder();
        var pre = folder.Script("pre.sh", $"echo pre >> {folder.At("order")}");
        var post = folder.Script("post.sh", $"echo post >> {folder.At("order")}");

        await using var run = await QuiesceProcess.RunAsync(folder, "run", "--machine", "local", "--path", folder.Application, "--pre", pre, "--post", post);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("pre\npost\n", await File.ReadAllTextAsync(folder.At("order")));
        Assert.Contains("application-consistent", run.Out, StringComparison.Ordinal);
        var location = run.Out.Split('\n').Single(l => l.StartsWith("Restore point ", StringComparison.Ordinal)).Split(": ")[1].Trim();
        Assert.Contains(Directory.EnumerateFiles(location, "data.txt", SearchOption.AllDirectories), f => File.ReadAllText(f) == "precious");
    }

    [Fact]
    public async Task A_run_whose_pre_script_fails_gives_1_and_says_so()
    {
        using var folder = new TestFolder();
        var pre = folder.Script("pre.sh", "echo the database is not there >&2; exit 7");
        var post = folder.Script("post.sh", $"echo post > {folder.At("post-ran")}");

        await using var run = await QuiesceProcess.RunAsync(folder, "run", "--machine", "local", "--path", folder.Application, "--pre", pre, "--post", post);

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains("exit code 7", run.Out, StringComparison.Ordinal);
        Assert.Contains("the database is not there", run.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.At("post-ran")), "The post script runs because the pre script was started.");
    }

    [Fact]
    public async Task Ctrl_C_ends_the_script_resumes_the_application_and_gives_130()
    {
        using var folder = new TestFolder();
        var pre = folder.Script("pre.sh", $"echo started > {folder.At("pre-started")}; sleep 300");
        var post = folder.Script("post.sh", $"echo post >> {folder.At("post-ran")}");
        await using var run = QuiesceProcess.Start(folder, "run", "--machine", "local", "--path", folder.Application, "--pre", pre, "--post", post);
        await folder.AppearsAsync("pre-started");

        run.Signal("INT");
        await run.EndAsync();

        Assert.True(run.ExitCode == 130, run.ToString());
        Assert.Contains("Cancelling", run.Out, StringComparison.Ordinal);
        Assert.Equal("post\n", await File.ReadAllTextAsync(folder.At("post-ran")));
        Assert.DoesNotContain("still to do", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_Ctrl_C_leaves_at_once_and_the_next_run_resumes_the_application()
    {
        using var folder = new TestFolder();
        var pre = folder.Script("pre.sh", $"trap '' TERM; echo started > {folder.At("pre-started")}; while :; do sleep 1; done");
        var post = folder.Script("post.sh", $"echo post >> {folder.At("post-ran")}");
        await using var left = QuiesceProcess.Start(folder, "run", "--machine", "local", "--path", folder.Application, "--pre", pre, "--post", post);
        await folder.AppearsAsync("pre-started");
        left.Signal("INT");
        await left.SaysAsync("Cancelling");

        left.Signal("INT");
        await left.EndAsync();
        await using var next = await QuiesceProcess.RunAsync(folder, "run", "--machine", "local", "--path", folder.Application);

        Assert.True(left.ExitCode == 130, left.ToString());
        Assert.False(left.Out.Contains("MACHINE", StringComparison.Ordinal), left.ToString());
        Assert.True(next.ExitCode == 0, next.ToString());
        Assert.Equal("post\n", await File.ReadAllTextAsync(folder.At("post-ran")));
    }

    [Fact]
    public async Task A_run_by_the_users_own_commands_needs_nothing_else()
    {
        using var folder = new TestFolder();

        await using var run = await QuiesceProcess.RunAsync(
            folder, "run", "--machine", "local", "--path", folder.Application, "--provider", "command", "--json",
            "--create", $"cp -a \"$QUIESCE_SOURCE_PATH\" {folder.At("copy")} && echo {folder.At("copy")}", "--delete", "rm -rf \"$QUIESCE_LOCATION\"", "--restore", "cp -a \"$QUIESCE_LOCATION\"/. \"$QUIESCE_TARGET\"");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("precious", await File.ReadAllTextAsync(folder.At("copy/data.txt")));
        Assert.Equal("Crash", run.OutJson.GetProperty("tasks")[0].GetProperty("consistency").GetString());
    }

    [Fact]
    public async Task What_a_killed_run_left_unfinished_is_finished_by_the_next_one()
    {
        using var folder = new TestFolder();
        var pre = folder.Script("pre.sh", $"echo pre >> {folder.At("pre-ran")}; while [ ! -e {folder.At("go-on")} ]; do sleep 0.1; done");
        var post = folder.Script("post.sh", $"echo post >> {folder.At("post-ran")}");
        await using var killed = QuiesceProcess.Start(folder, "run", "--machine", "local", "--path", folder.Application, "--pre", pre, "--post", post);
        await folder.AppearsAsync("pre-ran");
        killed.Signal("KILL");
        await killed.EndAsync();
        await File.WriteAllTextAsync(folder.At("go-on"), "");

        await using var next = await QuiesceProcess.RunAsync(folder, "run", "--machine", "local", "--path", folder.Application);

        Assert.True(next.ExitCode is 0 or 3, next.ToString());
        Assert.Contains("was left unfinished", next.Out, StringComparison.Ordinal);
        Assert.Equal("pre\n", await File.ReadAllTextAsync(folder.At("pre-ran")));
        Assert.Equal("post\n", await File.ReadAllTextAsync(folder.At("post-ran")));
    }

    [Fact]
    public async Task A_second_run_on_the_same_folder_is_told_who_has_it()
    {
        using var folder = new TestFolder();
        var pre = folder.Script("pre.sh", $"echo pre >> {folder.At("pre-ran")}; while [ ! -e {folder.At("go-on")} ]; do sleep 0.1; done");
        await using var first = QuiesceProcess.Start(folder, "run", "--machine", "local", "--path", folder.Application, "--pre", pre);
        await folder.AppearsAsync("pre-ran");

        await using var second = await QuiesceProcess.RunAsync(folder, "run", "--machine", "local", "--path", folder.Application, "--json");
        await File.WriteAllTextAsync(folder.At("go-on"), "");
        await first.EndAsync();

        Assert.Equal(1, second.ExitCode);
        Assert.Empty(second.Out);
        Assert.Contains("in use by process", second.Error, StringComparison.Ordinal);
        Assert.True(first.ExitCode is 0 or 3, first.ToString());
    }

    [Fact]
    public async Task With_json_a_failed_run_is_a_report_on_stdout()
    {
        using var folder = new TestFolder();

        await using var run = await QuiesceProcess.RunAsync(folder, "run", "--machine", "local", "--path", folder.At("no-such-folder"), "--json");

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Equal("Failed", run.OutJson.GetProperty("result").GetString());
        Assert.NotNull(run.OutJson.GetProperty("tasks")[0].GetProperty("reason").GetString());
    }
}
