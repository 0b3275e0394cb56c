using System.Net.ServerSentEvents;
using System.Text.Json;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Tests.Documents;

namespace Quiesce.Tests.Server;

public sealed class SessionsApiTests
{
    [Fact]
    public async Task A_session_runs_to_an_application_consistent_restore_point()
    {
        await using var server = await RunningServer.StartAsync();
        var job = JobText.Nightly.Replace("btrfs", "directory", StringComparison.Ordinal);

        var report = await server.EndOfAsync(await server.StartJobAsync("nightly-db", job));

        Assert.True(report.Result == Result.Success, JsonSerializer.Serialize(report, RestJson.Default.SessionReport));
        Assert.Equal(["db1", "here"], report.Tasks.Select(task => task.Machine));
        Assert.All(report.Tasks, task => Assert.Equal(Consistency.Application, task.Consistency));
        Assert.All(report.Tasks, task => Assert.Empty(task.Obligations));
        Assert.Equal(4, server.Guest.Of(Verbs.RunScript).Count);
        Assert.Equal(2, server.Guest.Of(Verbs.ReleaseGuest).Count);
        Assert.Equal(Result.Success, Assert.Single(await server.ListAsync("api/jobs", RestJson.Default.PageOfJobSummary)).LastResult);
    }

    [Fact]
    public async Task The_scripts_that_a_guest_gets_are_those_that_were_applied()
    {
        await using var server = await RunningServer.StartAsync();

        await server.EndOfAsync(await server.StartJobAsync("nightly-db", JobText.Nightly));

        var pre = server.Guest.Of(Verbs.RunScript).First(request => request.Body.GetProperty("phase").GetString() == "pre");
        Assert.Equal(JobText.Scripts["quiesce-db.sh"], pre.Body.GetProperty("script").GetProperty("content").GetBytesFromBase64());
        Assert.Equal(JobText.Scripts["resume-db.sh"], pre.Body.GetProperty("entrusted").GetProperty("script").GetProperty("content").GetBytesFromBase64());
    }

    [Fact]
    public async Task Whoever_watches_sees_every_change_up_to_the_end()
    {
        await using var server = await RunningServer.StartAsync();
        server.Guest.Hold(Verbs.TakeSnapshot);
        var session = await server.StartJobAsync();
        using var response = await server.Client.GetAsync(new Uri($"api/sessions/{session}/watch", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);

        var seen = new List<SessionReport>();
        await using var stream = await response.Content.ReadAsStreamAsync();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync())
        {
            seen.Add(JsonSerializer.Deserialize(item.Data, RestJson.Default.SessionReport)!);
            if (seen.Count == 1)
            {
                await RunningServer.Until(() => server.Guest.Of(Verbs.TakeSnapshot).Count > 0, "the snapshot to be asked for");
                Assert.Equal(202, (await server.PostAsync($"api/sessions/{session}/cancel")).Status);
                server.Guest.Release(Verbs.TakeSnapshot);
            }
        }

        Assert.Null(seen[0].EndedAt);
        Assert.NotNull(seen[^1].EndedAt);
        Assert.True(seen[^1].IsCanceled);
        Assert.Single(seen, report => report.EndedAt is not null);
        Assert.Equal(seen.Count, seen.Select(report => JsonSerializer.Serialize(report, RestJson.Default.SessionReport)).Distinct().Count());
    }

    [Fact]
    public async Task A_stop_of_the_server_ends_what_is_watched()
    {
        var server = await RunningServer.StartAsync();
        server.Guest.Hold(Verbs.PrepareGuest);
        var session = await server.StartJobAsync();
        using var response = await server.Client.GetAsync(new Uri($"api/sessions/{session}/watch", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        var reading = response.Content.ReadAsStringAsync();

        await server.Host.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Contains("data:", await reading.WaitAsync(TimeSpan.FromSeconds(10)), StringComparison.Ordinal);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Sessions_are_listed_by_job_and_page()
    {
        await using var server = await RunningServer.StartAsync();
        var first = await server.StartJobAsync("one");
        await server.EndOfAsync(first);
        var second = await server.StartJobAsync("two");
        await server.EndOfAsync(second);

        Assert.Equal([second, first], (await server.ListAsync("api/sessions", RestJson.Default.PageOfSessionSummary)).Select(session => session.Id));
        Assert.Equal([first], (await server.ListAsync("api/sessions?job=one", RestJson.Default.PageOfSessionSummary)).Select(session => session.Id));
        Assert.Equal([first], (await server.ListAsync("api/sessions?page=1&pageSize=1", RestJson.Default.PageOfSessionSummary)).Select(session => session.Id));
    }

    [Fact]
    public async Task A_job_that_does_not_run_cannot_be_stopped()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ApplyAsync(JobText.Smallest);

        Assert.Equal((409, "conflict"), await server.PostAsync("api/jobs/small/stop") is var (status, problem) ? (status, (string?)problem!["code"]) : default);
    }

    [Fact]
    public async Task What_was_not_answered_when_the_server_stopped_is_asked_again_and_the_session_goes_on()
    {
        var guest = new SimulatedGuest();
        guest.Hold(Verbs.TakeSnapshot);
        var first = await RunningServer.StartAsync(guest: guest);
        var session = await first.StartJobAsync();
        await RunningServer.Until(() => guest.Of(Verbs.TakeSnapshot).Count == 1, "the snapshot to be asked for");
        await first.StopAsync();
        guest.Release(Verbs.TakeSnapshot);

        await using var second = await RunningServer.StartAsync(first.Folder, guest: guest);
        Assert.Equal(Result.Success, (await second.EndOfAsync(session)).Result);

        var asked = guest.Of(Verbs.TakeSnapshot);
        Assert.Equal(asked[0].OperationId, asked[1].OperationId);
        Assert.Equal((1, 2), (asked[0].Attempt, asked[1].Attempt));
        Assert.Single(guest.Of(Verbs.PrepareGuest));
    }

    [Fact]
    public async Task A_reply_that_got_lost_is_asked_for_again_while_serving()
    {
        await using var server = await RunningServer.StartAsync(change: options => options with { AskAgain = TimeSpan.FromMilliseconds(500) });
        server.Guest.Hold(Verbs.PrepareGuest);
        var session = await server.StartJobAsync();
        await RunningServer.Until(() => server.Guest.Of(Verbs.PrepareGuest).Count == 1, "the guest to be asked");
        server.Guest.Release(Verbs.PrepareGuest);

        Assert.Equal(Result.Success, (await server.EndOfAsync(session)).Result);
        Assert.Single(server.Guest.Of(Verbs.PrepareGuest).Select(request => request.OperationId).Distinct());
    }
}
