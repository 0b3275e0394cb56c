using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Quiesce.Contracts.Rest;

namespace Quiesce.Tests.Cli;

public sealed class RestCommandTests
{
    private const string OneJob =
        """{"items":[{"name":"nightly-db","workflow":"machine-snapshot","machines":2,"status":"Idle","lastSession":"s1","lastResult":"Warning","lastEndedAt":"2026-03-01T12:00:03+00:00","revision":4}],"total":1,"page":0,"pageSize":500}""";

    [Fact]
    public async Task Without_a_server_the_message_says_how_to_start_one()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.OfAsync("job", "list", "--data", folder.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"quiesce serve --data {folder.Path}", run.Error, StringComparison.Ordinal);
        Assert.Contains("QUIESCE_URL", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_has_died_is_told_apart_from_one_that_was_never_started()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("server.json"), """{"url":"http://127.0.0.1:1"}""");
        await File.WriteAllTextAsync(folder.File("local.key"), "k");

        var run = await CliRun.OfAsync("job", "list", "--data", folder.Path, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Equal("no-server", run.ErrorJson.GetProperty("code").GetString());
        Assert.Contains("does not answer at http://127.0.0.1:1", run.ErrorJson.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_is_found_by_its_data_folder_by_option_or_by_environment()
    {
        await using var server = (await FakeServer.StartAsync()).Answer("GET /api/jobs?page=0&pageSize=500", OneJob);

        var byOption = await CliRun.OfAsync("job", "list", "--data", server.DataFolder);
        var byFolder = await CliRun.OfAsync(new Dictionary<string, string> { ["QUIESCE_DATA"] = server.DataFolder }, "job", "list");
        var byUrl = await CliRun.OfAsync(server.Environment, "job", "list");

        Assert.Equal([0, 0, 0], new[] { byOption.ExitCode, byFolder.ExitCode, byUrl.ExitCode });
        Assert.Contains("nightly-db", byUrl.Out, StringComparison.Ordinal);
        Assert.Equal(byOption.Out, byUrl.Out);
    }

    [Fact]
    public async Task A_url_without_a_key_is_a_usage_error_that_names_the_variable()
    {
        var run = await CliRun.OfAsync(new Dictionary<string, string> { ["QUIESCE_URL"] = "http://server:5080" }, "job", "list");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("QUIESCE_API_KEY", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_key_says_where_the_right_one_comes_from()
    {
        await using var server = await FakeServer.StartAsync();

        var run = await CliRun.OfAsync(new Dictionary<string, string> { ["QUIESCE_URL"] = server.Url, ["QUIESCE_API_KEY"] = "wrong" }, "job", "list", "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("unauthorized", run.ErrorJson.GetProperty("code").GetString());
    }

    [Fact]
    public async Task With_json_stdout_is_the_answer_and_nothing_else()
    {
        await using var server = (await FakeServer.StartAsync()).Answer("GET /api/jobs?page=0&pageSize=500", OneJob);

        var run = await CliRun.OfAsync(server.Environment, "job", "list", "--json");

        Assert.Empty(run.Error);
        Assert.Equal("nightly-db", run.OutJson[0].GetProperty("name").GetString());
        Assert.Equal("Warning", run.OutJson[0].GetProperty("lastResult").GetString());
    }

    [Fact]
    public async Task A_problem_is_shown_in_the_servers_words_with_every_complaint()
    {
        await using var server = (await FakeServer.StartAsync()).Answer(
            "POST /api/jobs",
            """{"code":"invalid","detail":"job.json is no job","complaints":[{"file":"job.json","line":3,"path":"/machines/0","message":"has no connect"}]}""",
            400);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("job.json"), "{}");

        var text = await CliRun.OfAsync(server.Environment, "job", "apply", folder.File("job.json"));
        var json = await CliRun.OfAsync(server.Environment, "job", "apply", folder.File("job.json"), "--json");

        Assert.Equal(1, text.ExitCode);
        Assert.Contains("job.json:3 /machines/0: has no connect", text.Error, StringComparison.Ordinal);
        Assert.Equal(3, json.ErrorJson.GetProperty("complaints")[0].GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task A_job_is_applied_with_the_scripts_that_it_names_anywhere()
    {
        await using var server = (await FakeServer.StartAsync()).Answer("POST /api/jobs", "{}");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("pre.sh"), "echo pre");
        await File.WriteAllTextAsync(folder.File("own.sh"), "echo own");
        await File.WriteAllTextAsync(folder.File("job.json"), """
            { "name": "a", // a comment does not hide the scripts
              "machines": [ { "name": "m", "guestProcessing": { "scripts": { "linux": { "post": "own.sh" } } } } ],
              "guestProcessing": { "scripts": { "linux": { "pre": "pre.sh", "post": "missing.sh" } } } }
            """);

        var run = await CliRun.OfAsync(server.Environment, "job", "apply", folder.File("job.json"));

        Assert.Equal(0, run.ExitCode);
        var sent = JsonSerializer.Deserialize(server.Requests.Single()["POST /api/jobs ".Length..], RestJson.Default.ApplyJob)!;
        Assert.Equal(["own.sh", "pre.sh"], sent.Scripts.Keys.Order());
        Assert.Equal("echo pre"u8.ToArray(), Convert.FromBase64String(sent.Scripts["pre.sh"]));
        Assert.Equal(folder.Path, sent.BaseFolder);
        Assert.Contains("// a comment", sent.Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starting_with_wait_follows_the_session_over_a_broken_stream_and_gives_its_exit_code()
    {
        var connections = 0;
        await using var server = (await FakeServer.StartAsync())
            .Answer("POST /api/jobs/nightly-db/start", """{"sessionId":"s1","job":"nightly-db"}""")
            .Answer("GET /api/sessions/s1/watch", async context =>
            {
                context.Response.ContentType = "text/event-stream";
                await SendAsync(context, Reports.Running(Reports.Working("db1", "take snapshot")));
                // The first connection ends before the session does.
                if (++connections > 1)
                    await SendAsync(context, Reports.Session(Result.Warning, Reports.Ended("db1", Result.Warning, "crash-consistent as the job allows")));
            });

        var run = await CliRun.OfAsync(server.Environment, "job", "start", "nightly-db", "--wait", "--json");

        Assert.Equal(3, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Equal(2, connections);
        Assert.Equal("crash-consistent as the job allows", run.OutJson.GetProperty("tasks")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Without_json_the_report_is_a_table_with_the_reason_and_the_failed_scripts_output()
    {
        var failed = Reports.Ended("db1", Result.Failed, "the pre-snapshot script failed") with { Scripts = [new ScriptReport("pre", 7, false, 12, "", "no such database\n")] };
        await using var server = (await FakeServer.StartAsync()).Answer("GET /api/sessions/s1", JsonSerializer.Serialize(Reports.Session(Result.Failed, failed), RestJson.Default.SessionReport));

        var run = await CliRun.OfAsync(server.Environment, "session", "show", "s1");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("db1: the pre-snapshot script failed", run.Out, StringComparison.Ordinal);
        Assert.Contains("pre script ended with exit code 7", run.Out, StringComparison.Ordinal);
        Assert.Contains("no such database", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_escaped_in_addresses()
    {
        await using var server = (await FakeServer.StartAsync()).Answer("POST /api/jobs/a%20b%2Fc/stop?now=true", "");

        await CliRun.OfAsync(server.Environment, "job", "stop", "a b/c", "--now");

        Assert.StartsWith("POST /api/jobs/a%20b%2Fc/stop?now=true", server.Requests.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_with_problems_fails_its_test()
    {
        await using var server = (await FakeServer.StartAsync()).Answer(
            "POST /api/machines/db1/test", """{"machine":"db1","reachable":true,"platform":"linux-x64","host":"db1","account":"backup","problems":["/tmp is mounted noexec"],"code":null}""");

        var run = await CliRun.OfAsync(server.Environment, "machine", "test", "db1");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("/tmp is mounted noexec", run.Out, StringComparison.Ordinal);
    }

    private static async Task SendAsync(HttpContext context, SessionReport report)
    {
        await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(report, RestJson.Default.SessionReport)}\n\n");
        await context.Response.Body.FlushAsync();
    }
}
