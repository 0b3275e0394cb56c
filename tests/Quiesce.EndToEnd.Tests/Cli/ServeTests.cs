using System.Text.Json;

namespace Quiesce.EndToEnd.Tests.Cli;

public sealed class ServeTests
{
    [Fact]
    public async Task A_job_is_applied_started_restored_and_deleted_over_a_served_data_folder()
    {
        using var folder = new TestFolder();
        folder.Script("pre.sh", $"echo pre >> {folder.At("order")}");
        folder.Script("post.sh", $"echo post >> {folder.At("order")}");
        await File.WriteAllTextAsync(folder.At("job.json"), $$"""
            { "name": "nightly", "machines": [ { "name": "here", "connect": "local" } ], "source": { "path": "{{folder.Application}}" },
              "guestProcessing": { "scripts": { "linux": { "pre": "pre.sh", "post": "post.sh" } } } }
            """);
        await using var server = await ServeAsync(folder);

        await DoneAsync(folder, "job", "apply", folder.At("job.json"));
        var report = await JsonAsync(folder, "job", "start", "nightly", "--wait");
        var session = report.GetProperty("id").GetString()!;
        var point = report.GetProperty("tasks")[0].GetProperty("restorePoint").GetString()!;
        var again = await JsonAsync(folder, "session", "show", session);
        await DoneAsync(folder, "restorepoint", "restore", point, "--to", folder.At("restored"));
        await DoneAsync(folder, "restorepoint", "delete", point);

        Assert.Equal("Success", report.GetProperty("result").GetString());
        Assert.Equal("pre\npost\n", await File.ReadAllTextAsync(folder.At("order")));
        Assert.Equal(report.GetRawText(), again.GetRawText());
        Assert.Equal("precious", await File.ReadAllTextAsync(folder.At("restored/data.txt")));
        Assert.DoesNotContain((await JsonAsync(folder, "restorepoint", "list")).EnumerateArray(), p => p.GetProperty("id").GetString() == point && p.GetProperty("state").GetString() is "Complete" or "complete");
        Assert.Contains((await JsonAsync(folder, "session", "list", "--job", "nightly")).EnumerateArray(), s => s.GetProperty("id").GetString() == session);
        Assert.Contains((await JsonAsync(folder, "workflow", "list")).EnumerateArray(), w => w.GetProperty("id").GetString() == "machine-snapshot");
        await DoneAsync(folder, "job", "delete", "nightly");
        Assert.Empty((await JsonAsync(folder, "job", "list")).EnumerateArray());
    }

    [Fact]
    public async Task A_served_folder_shows_its_key_once_and_stops_gracefully()
    {
        using var folder = new TestFolder();
        await using (var first = await ServeAsync(folder))
        {
            Assert.Contains("Administrator key", first.Out, StringComparison.Ordinal);
            first.Signal("TERM");
            await first.EndAsync();
            Assert.True(first.ExitCode == 0, first.ToString());
        }

        await using var second = await ServeAsync(folder);

        Assert.DoesNotContain("Administrator key", second.Out, StringComparison.Ordinal);
        foreach (var file in new[] { "local.key", "server.json" })
            Assert.True(OperatingSystem.IsLinux() && File.GetUnixFileMode(Path.Combine(folder.Data, file)) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
        second.Signal("INT");
        await second.EndAsync();
        Assert.True(second.ExitCode == 0, second.ToString());
    }

    [Fact]
    public async Task Ctrl_C_while_waiting_for_a_session_cancels_it_on_the_server()
    {
        using var folder = new TestFolder();
        folder.Script("pre.sh", $"echo started > {folder.At("pre-started")}; sleep 300");
        folder.Script("post.sh", $"echo post >> {folder.At("post-ran")}");
        await File.WriteAllTextAsync(folder.At("job.json"), $$"""
            { "name": "nightly", "machines": [ { "name": "here", "connect": "local" } ], "source": { "path": "{{folder.Application}}" },
              "guestProcessing": { "scripts": { "linux": { "pre": "pre.sh", "post": "post.sh" } } } }
            """);
        await using var server = await ServeAsync(folder);
        await DoneAsync(folder, "job", "apply", folder.At("job.json"));
        await using var waiting = QuiesceProcess.Start(folder, "job", "start", "nightly", "--wait", "--data", folder.Data);
        await folder.AppearsAsync("pre-started");

        waiting.Signal("INT");
        await waiting.EndAsync();

        Assert.True(waiting.ExitCode == 130, waiting.ToString());
        Assert.Equal("post\n", await File.ReadAllTextAsync(folder.At("post-ran")));
    }

    [Fact]
    public async Task An_address_that_is_taken_is_one_sentence_and_no_stack_trace()
    {
        using var folder = new TestFolder();
        await using var first = await ServeAsync(folder);
        var url = first.Out.Split(' ').First(word => word.StartsWith("http", StringComparison.Ordinal)).TrimEnd(',');

        await using var second = await QuiesceProcess.RunAsync(folder, "serve", "--data", folder.At("other"), "--urls", url);

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("--urls", second.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Error, StringComparison.Ordinal);
    }

    private static async Task<QuiesceProcess> ServeAsync(TestFolder folder)
    {
        var server = QuiesceProcess.Start(folder, "serve", "--data", folder.Data, "--urls", "http://127.0.0.1:0");
        await server.SaysAsync("Ctrl-C");
        return server;
    }

    private static async Task DoneAsync(TestFolder folder, params string[] command)
    {
        await using var done = await QuiesceProcess.RunAsync(folder, [.. command, "--data", folder.Data]);
        Assert.True(done.ExitCode == 0, done.ToString());
    }

    private static async Task<JsonElement> JsonAsync(TestFolder folder, params string[] command)
    {
        await using var done = await QuiesceProcess.RunAsync(folder, [.. command, "--json", "--data", folder.Data]);
        Assert.True(done.ExitCode == 0, done.ToString());
        return done.OutJson;
    }
}
