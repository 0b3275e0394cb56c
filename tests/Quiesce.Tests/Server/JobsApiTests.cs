using System.Text.Json.Nodes;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Tests.Documents;

namespace Quiesce.Tests.Server;

public sealed class JobsApiTests
{
    [Fact]
    public async Task A_job_is_applied_listed_shown_and_deleted()
    {
        await using var server = await RunningServer.StartAsync();

        var applied = await server.ApplyAsync(JobText.Nightly);
        Assert.Equal(200, applied.Status);
        Assert.Equal(64, ((string)applied.Body!["guestProcessing"]!["scripts"]!["linux"]!["preSha256"]!).Length);
        Assert.Contains("/etc/quiesce/keys/db1", (string)applied.Body["warnings"]![0]!["message"]!, StringComparison.Ordinal);

        var summary = Assert.Single(await server.ListAsync("api/jobs", RestJson.Default.PageOfJobSummary));
        Assert.Equal(("nightly-db", "machine-snapshot", 2, "Inactive", Result.None), (summary.Name, summary.Workflow, summary.Machines, summary.Status, summary.LastResult));
        Assert.Equal("btrfs", (await server.GetAsync("api/jobs/nightly-db", RestJson.Default.JobDocument)).Snapshot.Provider);

        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, "api/jobs/nightly-db")).Status);
        Assert.Equal("not-found", (string?)(await server.SendAsync(HttpMethod.Get, "api/jobs/nightly-db")).Body!["code"]);
    }

    [Fact]
    public async Task What_is_shown_of_a_job_can_be_applied_again()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ApplyAsync(JobText.Nightly);

        var shown = (await server.SendAsync(HttpMethod.Get, "api/jobs/nightly-db")).Body!.ToJsonString();
        var again = await server.ApplyAsync(shown);

        Assert.DoesNotContain("null", shown, StringComparison.Ordinal);
        Assert.True(again.Status == 200, again.Body?.ToJsonString());
        Assert.Equal(shown, (await server.SendAsync(HttpMethod.Get, "api/jobs/nightly-db")).Body!.ToJsonString());
    }

    [Fact]
    public async Task Applying_again_raises_the_revision()
    {
        await using var server = await RunningServer.StartAsync();
        var first = (long)(await server.ApplyAsync(JobText.Smallest)).Body!["revision"]!;

        Assert.True((long)(await server.ApplyAsync(JobText.Smallest)).Body!["revision"]! > first);
    }

    [Fact]
    public async Task A_wrong_job_is_refused_with_every_complaint()
    {
        await using var server = await RunningServer.StartAsync();

        var (status, problem) = await server.ApplyAsync("{\n  \"name\": \"a\",\n  \"machine\": [],\n  \"source\": {}\n}");

        Assert.Equal(400, status);
        Assert.Equal("invalid", (string?)problem!["code"]);
        var complaints = problem["complaints"]!.AsArray().Select(complaint => ((int)complaint!["line"]!, (string)complaint["path"]!, (string)complaint["file"]!));
        Assert.Equal([(1, "", "job.json"), (3, "/machine", "job.json"), (4, "/source", "job.json")], complaints);
    }

    [Fact]
    public async Task The_same_start_asked_for_twice_starts_once()
    {
        await using var server = await RunningServer.StartAsync();
        server.Guest.Hold(Verbs.PrepareGuest);
        await server.ApplyAsync(JobText.Smallest);

        var first = await server.PostAsync("api/jobs/small/start", idempotencyKey: "tonight");
        var again = await server.PostAsync("api/jobs/small/start", idempotencyKey: "tonight");
        var other = await server.PostAsync("api/jobs/small/start", idempotencyKey: "another");

        Assert.Equal((202, 202), (first.Status, again.Status));
        Assert.Equal((string?)first.Body!["sessionId"], (string?)again.Body!["sessionId"]);
        Assert.Equal((409, "conflict"), (other.Status, (string?)other.Body!["code"]));
        Assert.Single(await server.ListAsync("api/sessions", RestJson.Default.PageOfSessionSummary));
    }

    [Fact]
    public async Task A_job_that_runs_is_not_deleted()
    {
        await using var server = await RunningServer.StartAsync();
        server.Guest.Hold(Verbs.PrepareGuest);
        var session = await server.StartJobAsync();

        var (status, problem) = await server.SendAsync(HttpMethod.Delete, "api/jobs/small");

        Assert.Equal(409, status);
        Assert.Contains(session, (string?)problem!["detail"], StringComparison.Ordinal);
        Assert.Equal("Running", Assert.Single(await server.ListAsync("api/jobs", RestJson.Default.PageOfJobSummary)).Status);
    }

    [Theory]
    [InlineData("POST", "api/jobs", "{")]
    [InlineData("POST", "api/jobs", "null")]
    [InlineData("POST", "api/jobs", "[1]")]
    [InlineData("POST", "api/jobs", "{}")]
    [InlineData("POST", "api/jobs", "{\"document\":null,\"fileName\":null,\"scripts\":null}")]
    [InlineData("POST", "api/jobs", "{\"document\":5,\"fileName\":\"x\",\"scripts\":{}}")]
    [InlineData("POST", "api/jobs", "{\"document\":\"{}\",\"fileName\":\"x\",\"scripts\":{\"a\":null}}")]
    [InlineData("POST", "api/machines", "{\"name\":\"../../etc\",\"connect\":\"local\"}")]
    [InlineData("POST", "api/machines", "{\"name\":\"m\",\"connect\":\"ssh://-oProxyCommand=x@h\"}")]
    [InlineData("POST", "api/machines", "{\"name\":\"m\"}")]
    [InlineData("POST", "api/restore-points/x/restore", "{")]
    [InlineData("POST", "api/workflows/import", "")]
    [InlineData("POST", "api/workflows/import", "{\"definitionId\":")]
    [InlineData("POST", "api/workflows/validate", "[]")]
    [InlineData("GET", "api/sessions?page=-1", null)]
    [InlineData("GET", "api/sessions?pageSize=100000", null)]
    [InlineData("GET", "api/sessions?page=x", null)]
    [InlineData("POST", "api/jobs/small/stop?now=maybe", null)]
    public async Task Hostile_input_is_a_problem_of_the_client(string method, string path, string? body)
    {
        await using var server = await RunningServer.StartAsync();

        var (status, problem) = await server.SendAsync(new HttpMethod(method), path, body);

        Assert.Equal((400, "invalid"), (status, (string?)problem?["code"]));
        Assert.False(string.IsNullOrWhiteSpace((string?)problem!["detail"]));
    }

    [Theory]
    [InlineData("GET", "api/nothing")]
    [InlineData("GET", "api/jobs/none")]
    [InlineData("POST", "api/jobs/none/start")]
    [InlineData("GET", "api/sessions/none")]
    [InlineData("GET", "api/sessions/none/watch")]
    [InlineData("POST", "api/sessions/none/cancel")]
    [InlineData("DELETE", "api/machines/none")]
    [InlineData("POST", "api/machines/none/test")]
    [InlineData("DELETE", "api/restore-points/none")]
    [InlineData("GET", "api/workflows/none/export")]
    public async Task What_is_not_there_is_not_found(string method, string path)
    {
        await using var server = await RunningServer.StartAsync();

        var (status, problem) = await server.SendAsync(new HttpMethod(method), path);

        Assert.Equal((404, "not-found"), (status, (string?)problem?["code"]));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_with_413()
    {
        await using var server = await RunningServer.StartAsync();

        var (status, problem) = await server.PostAsync("api/machines", $"{{\"name\":\"{new string('x', 100_000)}\"}}");

        Assert.Equal((413, "too-large"), (status, (string?)problem?["code"]));
    }
}
