using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Tests.Documents;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.Schedules;

/// <summary>Schedules, retries and chains over REST, with a server that runs.</summary>
public sealed class SchedulesApiTests
{
    [Fact]
    public async Task A_scheduled_job_shows_its_next_start_and_rests_while_it_is_disabled()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ApplyAsync(With("""{ "kind": "Daily", "at": "22:00", "timeZone": "Europe/Berlin" }"""));
        var job = await JobAsync(server);
        Assert.Equal(("daily at 22:00 (Europe/Berlin)", true), (job.Schedule, job.IsEnabled));
        Assert.InRange(job.NextStart!.Value - DateTimeOffset.UtcNow, TimeSpan.Zero, TimeSpan.FromHours(25));

        Assert.Equal(204, (await server.PostAsync("api/jobs/small/disable")).Status);
        Assert.Equal((null, false, "Disabled"), ((await JobAsync(server)).NextStart, (await JobAsync(server)).IsEnabled, (await JobAsync(server)).Status));
        Assert.Equal(204, (await server.PostAsync("api/jobs/small/enable")).Status);
        Assert.Equal(job.NextStart, (await JobAsync(server)).NextStart);
        Assert.Equal(404, (await server.PostAsync("api/jobs/none/enable")).Status);
    }

    [Fact]
    public async Task A_job_that_is_due_starts_by_itself_and_is_retried_when_it_failed()
    {
        await using var server = await RunningServer.StartAsync();
        server.Guest.Fail(Verbs.TakeSnapshot, FailureCodes.Snapshot, "no space left");
        await server.ApplyAsync(With("""{ "kind": "Continuous" }""", """, "retry": { "count": 1, "waitSeconds": 600 }"""));
        await RunningServer.Until(async () => (await server.ListAsync("api/sessions?job=small", RestJson.Default.PageOfSessionSummary)) is [{ RetryNumber: 1, EndedAt: not null }, { RetryNumber: 0 }], "the session and its retry");
        var sessions = await server.ListAsync("api/sessions?job=small", RestJson.Default.PageOfSessionSummary);
        Assert.Equal(("retry", sessions[1].Id, "schedule"), (sessions[0].InitiatedBy, sessions[0].OriginalSessionId, sessions[1].InitiatedBy));
    }

    [Fact]
    public async Task The_preview_tells_the_next_starts_of_a_job_and_of_one_that_is_not_saved()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ApplyAsync(With("""{ "kind": "Periodic", "everyMinutes": 60, "timeZone": "America/New_York" }"""));
        var preview = await server.GetAsync("api/jobs/small/schedule/preview?count=5", RestJson.Default.SchedulePreview);
        Assert.Equal((5, "every 1 h (America/New_York)"), (preview.Starts.Count, preview.Words));
        Assert.All(preview.Starts, start => Assert.True(start.Offset < TimeSpan.Zero && start.Minute == 0));

        var (status, unsaved) = await server.PostAsync("api/schedules/preview", """{ "schedule": { "kind": "Daily", "at": "06:00" }, "count": 3 }""");
        Assert.Equal((200, 3), (status, unsaved!["starts"]!.AsArray().Count));
        var (wrong, problem) = await server.PostAsync("api/schedules/preview", """{ "schedule": { "kind": "Daily" }, "count": 3 }""");
        Assert.Equal((400, "invalid"), (wrong, (string?)problem!["code"]));
        Assert.Contains("needs 'at'", (string?)problem["complaints"]![0]!["message"], StringComparison.Ordinal);
        Assert.Equal(400, (await server.SendAsync(HttpMethod.Get, "api/jobs/small/schedule/preview?count=0")).Status);
        Assert.Equal(400, (await server.PostAsync("api/schedules/preview", """{ "count": 3 }""")).Status);
    }

    [Fact]
    public async Task A_failed_session_is_retried_by_hand_over_rest_and_says_whose_retry_it_is()
    {
        await using var server = await RunningServer.StartAsync();
        server.Guest.Fail(Verbs.TakeSnapshot, FailureCodes.Snapshot, "no space left");
        var first = await server.StartJobAsync();
        Assert.Equal(Result.Failed, (await server.EndOfAsync(first)).Result);
        Assert.Equal("conflict", (string?)(await server.PostAsync($"api/sessions/{first}/retry", """{ "machines": ["nobody"] }""")).Body!["code"]);
        var (status, retry) = await server.PostAsync($"api/sessions/{first}/retry");
        Assert.Equal(202, status);
        var report = await server.EndOfAsync((string)retry!["sessionId"]!);
        Assert.Equal((1, first), (report.RetryNumber, report.OriginalSessionId));
        Assert.Equal(404, (await server.PostAsync("api/sessions/none/retry")).Status);
    }

    [Fact]
    public async Task The_job_after_another_starts_only_when_asked_and_cannot_lose_its_predecessor()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ApplyAsync(JobText.Plain);
        Assert.Equal(200, (await server.ApplyAsync(With("""{ "kind": "AfterJob", "afterJob": "small" }""").Replace("\"small\",", "\"second\",", StringComparison.Ordinal))).Status);
        var refused = await server.SendAsync(HttpMethod.Delete, "api/jobs/small");
        Assert.Equal(409, refused.Status);
        Assert.Contains("'second' starts after it", (string?)refused.Body!["detail"], StringComparison.Ordinal);

        Assert.Equal(202, (await server.PostAsync("api/jobs/small/start?startChainedJobs=true")).Status);
        await RunningServer.Until(async () => (await server.ListAsync("api/sessions?job=second", RestJson.Default.PageOfSessionSummary)) is [{ EndedAt: not null, InitiatedBy: "after small" }], "the second job");
    }

    private static async Task<JobSummary> JobAsync(RunningServer server) => Assert.Single(await server.ListAsync("api/jobs", RestJson.Default.PageOfJobSummary));

    /// <summary>The smallest job with a schedule.</summary>
    private static string With(string schedule, string more = "") => JobText.Plain.TrimEnd().TrimEnd('}') + $", \"schedule\": {schedule}{more} }}";
}
