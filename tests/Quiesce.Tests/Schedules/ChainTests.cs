using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Schedules;

namespace Quiesce.Tests.Schedules;

/// <summary>Jobs after other jobs (R5.17–R5.20).</summary>
public sealed class ChainTests : SchedulerFixture
{
    [Fact]
    public async Task The_job_after_a_scheduled_one_starts_when_that_has_finished_and_so_does_the_one_after_it()
    {
        await ApplyAsync(Daily());
        await ApplyAsync(After("nightly"), "second");
        await ApplyAsync(After("second"), "third");
        await AtAsync("22:00");
        await EndedAsync();
        Assert.Equal("after nightly", Assert.Single(await EndedAsync("second")).InitiatedBy);
        Assert.Equal("after second", Assert.Single(await EndedAsync("third")).InitiatedBy);
        await AtAsync("23:00");
        Assert.Single(await AllAsync("third"));
    }

    [Fact]
    public async Task It_starts_after_the_last_retry_also_when_the_first_job_failed()
    {
        LetFail("m0");
        await ApplyAsync(Daily(), retry: new RetrySettings { Count = 1 });
        await ApplyAsync(After("nightly"), "second");
        await AtAsync("22:00");
        await EndedAsync();
        Assert.Empty(await AllAsync("second"));
        await AtAsync("22:10");
        await EndedAsync();
        Assert.Single(await AllAsync("second"));
    }

    [Fact]
    public async Task It_starts_after_a_cancelled_session_too_unless_the_chain_is_cancelled_with_it()
    {
        await ApplyAsync(Daily());
        await ApplyAsync(After("nightly"), "second");
        foreach (var cancelChain in new[] { false, true })
        {
            var gate = Link.Held["takeSnapshot"] = new TaskCompletionSource();
            await AtAsync("22:00", day: cancelChain ? 1 : 0);
            await Sessions.StopAsync("nightly", now: true, cancelChain, Ct);
            Link.Held.Clear();
            gate.SetResult();
            Assert.True((await EndedAsync())[^1].IsCancelled);
            await EndedAsync("second");
            Assert.Single(await AllAsync("second"));
        }
    }

    [Fact]
    public async Task Started_by_hand_the_first_job_takes_the_others_with_it_only_when_asked_and_only_those_that_are_enabled()
    {
        await ApplyAsync(Daily());
        await ApplyAsync(After("nightly"), "second");
        await ApplyAsync(After("nightly"), "resting", isEnabled: false);
        await RunAsync();
        await EndedAsync();
        Assert.Empty(await AllAsync("second"));

        await Sessions.StartAsync("nightly", "test", null, startChainedJobs: true, Ct);
        await EndedAsync();
        Assert.Single(await EndedAsync("second"));
        Assert.Empty(await AllAsync("resting"));
    }

    [Fact]
    public async Task A_job_that_is_put_after_one_that_runs_starts_when_that_ends()
    {
        await ApplyAsync(Daily());
        var gate = Link.Held["takeSnapshot"] = new TaskCompletionSource();
        await AtAsync("22:00");
        await ApplyAsync(After("nightly"), "second");
        Link.Held.Clear();
        gate.SetResult();
        await EndedAsync();
        Assert.Single(await AllAsync("second"));
    }

    [Theory]
    [InlineData("before follow-up *")]
    [InlineData("after follow-up *")]
    [InlineData("before planned start *")]
    [InlineData("after planned start *")]
    public async Task A_server_that_dies_between_two_jobs_of_a_chain_neither_loses_nor_doubles_the_second(string where)
    {
        await ApplyAsync(Daily());
        await ApplyAsync(After("nightly"), "second");
        await AtAsync("22:00");
        KillAt(where);
        await Assert.ThrowsAsync<OperationCanceledException>(() => EndedAsync());
        await NewScheduler().StepAsync(Ct);
        await Scheduler.StepAsync(Ct);
        Assert.Single(await EndedAsync("second"));
    }

    [Fact]
    public void Jobs_that_would_wait_for_each_other_are_found()
    {
        var follows = new Dictionary<string, string?> { ["a"] = null, ["b"] = "a", ["c"] = "b" };
        Assert.Equal("a after c after b after a", JobChain.Cycle("a", "c", follows));
        Assert.Null(JobChain.Cycle("d", "c", follows));
        // A circle that does not pass through the job, which can only come from elsewhere, ends the search too.
        Assert.Null(JobChain.Cycle("d", "x", new Dictionary<string, string?> { ["x"] = "y", ["y"] = "x" }));
    }
}
