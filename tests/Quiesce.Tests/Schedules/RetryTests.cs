using System.Text.Json;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Tests.Schedules;

/// <summary>Retries (R5.4–R5.9).</summary>
public sealed class RetryTests : SchedulerFixture
{
    [Fact]
    public async Task A_scheduled_session_that_failed_is_retried_three_times_with_ten_minutes_between_and_then_left_to_the_next_start()
    {
        LetFail("m1");
        await ApplyAsync(Daily(), machines: 3);
        await AtAsync("22:00");
        await EndedAsync();
        await AtAsync("22:09:59");
        Assert.Single(await AllAsync());
        foreach (var (at, number) in new[] { ("22:10", 1), ("22:20", 2), ("22:30", 3) })
        {
            await AtAsync(at);
            var last = (await EndedAsync())[^1];
            Assert.Equal((number, "retry", (await AllAsync())[0].Id), (last.RetryNumber, last.InitiatedBy, last.OriginalSessionId));
            Assert.Equal(["m1"], Machines(last.JobJson));
        }

        await AtAsync("23:30");
        Assert.Equal(4, (await AllAsync()).Count);
        Assert.Single(Guests.Steps("m0"), step => step == "TakeSnapshot");
        await AtAsync("22:00", day: 1);
        Assert.Equal((0, 3), ((await EndedAsync())[^1].RetryNumber, Machines((await AllAsync())[^1].JobJson).Count));
    }

    [Fact]
    public async Task A_retry_that_succeeds_is_the_last()
    {
        LetFail("m0");
        await ApplyAsync(Daily());
        await AtAsync("22:00");
        await EndedAsync();
        LetFail();
        await AtAsync("22:10");
        Assert.Equal("Success", (await EndedAsync())[^1].Result);
        await AtAsync("22:30");
        Assert.Equal(2, (await AllAsync()).Count);
    }

    [Theory]
    [InlineData("before follow-up *")]
    [InlineData("after follow-up *")]
    [InlineData("before planned start *")]
    [InlineData("after planned start *")]
    public async Task A_retry_outlives_the_server_and_comes_once(string where)
    {
        LetFail("m0");
        await ApplyAsync(Daily(), retry: new RetrySettings { Count = 1 });
        await AtAsync("22:00");
        KillAt(where);
        var isKilled = false;
        foreach (var at in new[] { "22:00:01", "22:10:30", "22:11", "22:12" })
        {
            try
            {
                await UntilAsync(async () => await Store.RunningSessionAsync("nightly", Ct) is null, "the session ends");
                await AtAsync(at);
            }
            catch (OperationCanceledException)
            {
                isKilled = true;
                await NewScheduler().StepAsync(Ct);
            }
        }

        Assert.True(isKilled);
        Assert.Equal([0, 1], (await EndedAsync()).Select(session => session.RetryNumber));
    }

    [Fact]
    public async Task Nothing_is_retried_by_itself_that_was_started_by_hand()
    {
        LetFail("m0");
        await ApplyAsync(Daily());
        await RunAsync();
        await Scheduler.StepAsync(Ct);
        await AtAsync("12:30");
        Assert.Single(await AllAsync());
    }

    [Fact]
    public async Task Nothing_is_retried_by_itself_that_was_stopped_by_hand()
    {
        await ApplyAsync(Daily());
        var gate = Link.Held["takeSnapshot"] = new TaskCompletionSource();
        await AtAsync("22:00");
        await Sessions.CancelAsync((await AllAsync())[0].Id, Ct);
        gate.SetResult();
        Assert.Equal("Failed", (await EndedAsync())[0].Result);
        await AtAsync("22:30");
        Assert.Single(await AllAsync());
    }

    [Fact]
    public async Task Stopping_a_job_whose_retry_waits_calls_the_retry_off()
    {
        LetFail("m0");
        await ApplyAsync(Daily());
        await AtAsync("22:00");
        await EndedAsync();
        await Sessions.StopAsync("nightly", now: false, Ct);
        await AtAsync("22:30");
        Assert.Single(await AllAsync());
        var refused = await Assert.ThrowsAsync<RefusedException>(() => Sessions.StopAsync("nightly", now: false, Ct));
        Assert.Contains("no session of job 'nightly' is running", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_is_not_retried()
    {
        LetFail("m0");
        await ApplyAsync("nightly", change: job => job with { Schedule = Daily(), GuestProcessing = new GuestProcessingSettings { Mode = AppMode.IgnoreFailures } });
        Guests.Answers.Clear();
        Guests.Answers["PrepareGuest"] = _ => (new Contracts.Bus.Failure(Contracts.Bus.FailureCodes.Deploy, "no runtime"), null);
        await AtAsync("22:00");
        Assert.Equal("Warning", (await EndedAsync())[0].Result);
        await AtAsync("22:30");
        Assert.Single(await AllAsync());
    }

    [Fact]
    public async Task A_retry_keeps_the_job_and_the_workflow_version_of_the_session_that_failed()
    {
        LetFail("m0");
        await ApplyAsync(Daily());
        await AtAsync("22:00");
        await EndedAsync();
        await ApplyAsync("nightly", change: job => job with { Schedule = Daily(), Source = new SourceSettings { Path = "/elsewhere" }, Workflow = "another" });
        await AtAsync("22:10");
        var (first, retry) = ((await EndedAsync())[0], (await AllAsync())[1]);
        Assert.Equal((first.WorkflowDefinitionId, first.WorkflowVersion), (retry.WorkflowDefinitionId, retry.WorkflowVersion));
        Assert.Equal("/data", JsonSerializer.Deserialize(retry.JobJson, RestJson.Default.JobDocument)!.Source.Path);
    }

    [Fact]
    public async Task A_session_that_starts_meanwhile_takes_the_place_of_the_retry()
    {
        LetFail("m0");
        await ApplyAsync(Daily());
        await AtAsync("22:00");
        await EndedAsync();
        LetFail();
        await Sessions.StartAsync("nightly", "test", null, Ct);
        await EndedAsync();
        await AtAsync("22:30");
        Assert.Equal(2, (await AllAsync()).Count);
    }

    [Fact]
    public async Task A_person_retries_what_failed_or_single_machines_of_it()
    {
        LetFail("m0", "m2");
        await ApplyAsync(null, machines: 3);
        var first = (await RunAsync()).Id;
        LetFail("m0");
        var one = (await Sessions.RetryAsync(first, ["m2"], "alice", Ct)).SessionId;
        var report = await EndAsync(one);
        Assert.Equal((1, first, "alice", Result.Success), (report.RetryNumber, report.OriginalSessionId, report.InitiatedBy, report.Result));
        Assert.Equal(["m2"], report.Tasks.Select(task => task.Machine));

        // What has succeeded since is not touched again.
        var rest = await EndAsync((await Sessions.RetryAsync(first, null, "alice", Ct)).SessionId);
        Assert.Equal(["m0"], rest.Tasks.Select(task => task.Machine));
        Assert.Equal((2, first), (rest.RetryNumber, rest.OriginalSessionId));
    }

    [Fact]
    public async Task While_a_retry_runs_a_further_one_of_the_same_session_is_refused()
    {
        LetFail("m0", "m1");
        await ApplyAsync(null, machines: 2);
        var first = (await RunAsync()).Id;
        Guests.Answers.Clear();
        var gate = Link.Held["takeSnapshot"] = new TaskCompletionSource();
        var retry = (await Sessions.RetryAsync(first, ["m0"], "alice", Ct)).SessionId;
        var refused = await Assert.ThrowsAsync<RefusedException>(() => Sessions.RetryAsync(first, ["m1"], "alice", Ct));
        Assert.Equal(ProblemCodes.Conflict, refused.Code);
        Assert.Contains(retry, refused.Message, StringComparison.Ordinal);
        gate.SetResult();
        await EndAsync(retry);
    }

    [Fact]
    public async Task A_retry_of_what_did_not_fail_is_refused_with_what_did()
    {
        LetFail("m1");
        await ApplyAsync(null, machines: 2);
        var first = (await RunAsync()).Id;
        Assert.Contains("machine 'm0' did not fail", (await Assert.ThrowsAsync<RefusedException>(() => Sessions.RetryAsync(first, ["m0"], "alice", Ct))).Message, StringComparison.Ordinal);
        Assert.Contains("a retry is for m1", (await Assert.ThrowsAsync<RefusedException>(() => Sessions.RetryAsync(first, ["nobody"], "alice", Ct))).Message, StringComparison.Ordinal);
        Assert.Equal(ProblemCodes.Invalid, (await Assert.ThrowsAsync<RefusedException>(() => Sessions.RetryAsync(first, [], "alice", Ct))).Code);
        Assert.Equal(ProblemCodes.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => Sessions.RetryAsync("none", null, "alice", Ct))).Code);
        LetFail();
        await EndAsync((await Sessions.RetryAsync(first, null, "alice", Ct)).SessionId);
        Assert.Contains("start the job anew", (await Assert.ThrowsAsync<RefusedException>(() => Sessions.RetryAsync(first, null, "alice", Ct))).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Machines(string json) => [.. JsonSerializer.Deserialize(json, RestJson.Default.JobDocument)!.Machines.Select(machine => machine.Name)];
}
