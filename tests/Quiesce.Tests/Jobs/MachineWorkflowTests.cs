using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;

namespace Quiesce.Tests.Jobs;

/// <summary>The shipped workflows end to end: what reaches the guest, in which order, and what the report says.</summary>
public sealed class MachineWorkflowTests : SessionFixture
{
    private static readonly string[] Whole = ["PrepareGuest", "RunScript:pre", "TakeSnapshot", "RunScript:post", "ReleaseGuest"];

    [Fact]
    public async Task A_machine_is_prepared_quiesced_snapshotted_resumed_and_released_in_this_order()
    {
        await ApplyAsync();

        var report = await RunAsync();

        Assert.Equal(Whole, Guests.Steps("m0"));
        Assert.Equal((Result.Success, (string?)null), (report.Result, report.Message));
        var task = Assert.Single(report.Tasks);
        Assert.Equal((Result.Success, Consistency.Application, (string?)null), (task.Result, task.Consistency, task.Reason));
        Assert.Equal(("controller", "local", 2d), (task.Proxy, task.Transport, task.Legs!.FrozenMs));
        Assert.Equal(["pre", "post"], task.Scripts.Select(script => script.Phase));
        Assert.Empty(task.Obligations);
        var point = Assert.Single(await Store.RestorePointsAsync(null, null, null, Ct));
        Assert.Equal((task.RestorePoint, "Complete", "Application"), (point.Id, point.State, point.Consistency));
    }

    [Fact]
    public async Task The_post_script_runs_although_the_pre_script_failed_and_no_snapshot_is_taken()
    {
        await ApplyAsync();
        Guests.Answers["RunScript:pre"] = _ => (null, SimulatedGuests.Script("pre", 3));

        var report = await RunAsync();

        Assert.Equal(["PrepareGuest", "RunScript:pre", "RunScript:post", "ReleaseGuest"], Guests.Steps("m0"));
        Assert.Equal(Result.Failed, report.Result);
        Assert.Contains("exit code 3", report.Tasks[0].Reason, StringComparison.Ordinal);
        Assert.Empty(await Store.RestorePointsAsync(null, null, null, Ct));
    }

    [Fact]
    public async Task A_failed_pre_script_that_the_job_ignores_leaves_a_crash_consistent_point_and_a_warning()
    {
        await ApplyAsync(scriptMode: ScriptMode.IgnoreExecFailures);
        Guests.Answers["RunScript:pre"] = _ => (null, SimulatedGuests.Script("pre", 3));

        var report = await RunAsync();

        Assert.Equal(Whole, Guests.Steps("m0"));
        Assert.Equal((Result.Warning, Consistency.Crash), (report.Result, report.Tasks[0].Consistency));
    }

    [Fact]
    public async Task A_failed_snapshot_still_resumes_the_application_and_its_half_is_deleted()
    {
        await ApplyAsync();
        Guests.Answers["TakeSnapshot"] = _ => (new Failure(FailureCodes.Snapshot, "no space left in /points; free some"), null);

        var report = await RunAsync();

        Assert.Equal(["PrepareGuest", "RunScript:pre", "TakeSnapshot", "RunScript:post", "DeleteSnapshot", "ReleaseGuest"], Guests.Steps("m0"));
        Assert.Equal(Result.Failed, report.Result);
        Assert.Contains("no space left", report.Tasks[0].Reason, StringComparison.Ordinal);
        Assert.Empty(report.Tasks[0].Obligations);
    }

    [Fact]
    public async Task An_unreachable_guest_fails_its_machine_only_and_leaves_nothing_owed()
    {
        await ApplyAsync(machines: 2);
        Guests.Answers["PrepareGuest"] = request => request.Guest.Machine == "m0"
            ? (new Failure(FailureCodes.Connect, "h0 refuses connections; check its address"), null)
            : (null, SimulatedGuests.Default(request, null));

        var report = await RunAsync();

        Assert.Equal([Result.Failed, Result.Success], report.Tasks.Select(task => task.Result));
        Assert.Equal(Result.Failed, report.Result);
        Assert.Equal(["PrepareGuest"], Guests.Steps("m0"));
        Assert.Contains("GP-CONNECT", report.Tasks[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_guest_processing_the_snapshot_is_taken_when_the_job_ignores_failures()
    {
        await ApplyAsync(mode: AppMode.IgnoreFailures);
        Guests.Answers["PrepareGuest"] = _ => (new Failure(FailureCodes.Deploy, "no room in /tmp"), null);

        var report = await RunAsync();

        Assert.Equal(["PrepareGuest", "TakeSnapshot", "ReleaseGuest"], Guests.Steps("m0"));
        Assert.Equal((Result.Warning, Consistency.Crash), (report.Result, report.Tasks[0].Consistency));
        Assert.Contains("GP-DEPLOY", report.Tasks[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_freeze_that_did_not_hold_discards_the_snapshot_where_success_is_required()
    {
        await ApplyAsync();
        Guests.Answers["TakeSnapshot"] = request =>
        {
            var body = SimulatedGuests.Default(request, null);
            body["thawedByTimer"] = true;
            return (null, body);
        };

        var report = await RunAsync();

        Assert.Contains("DeleteSnapshot", Guests.Steps("m0"));
        Assert.Equal((Result.Failed, (string?)null), (report.Result, report.Tasks[0].RestorePoint));
        Assert.Empty(await Store.RestorePointsAsync(null, null, null, Ct));
    }

    [Fact]
    public async Task A_failed_post_script_is_tried_again_and_then_fails_the_task_but_keeps_the_point()
    {
        await ApplyAsync(change: job => job with { GuestProcessing = job.GuestProcessing with { Scripts = job.GuestProcessing.Scripts! with { PostRetries = 2 } } });
        Guests.Answers["RunScript:post"] = _ => (null, SimulatedGuests.Script("post", 1));

        var report = await RunAsync();

        Assert.Equal(3, Guests.Steps("m0").Count(step => step == "RunScript:post"));
        Assert.Equal((Result.Failed, Consistency.Application), (report.Result, report.Tasks[0].Consistency));
        Assert.NotNull(report.Tasks[0].RestorePoint);
        Assert.Contains("may still be quiesced", report.Tasks[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_whose_outcome_is_unknown_is_never_started_a_second_time()
    {
        await ApplyAsync(change: job => job with { GuestProcessing = job.GuestProcessing with { Scripts = job.GuestProcessing.Scripts! with { PreRetries = 5, PostRetries = 5 } } });
        Guests.Answers["RunScript:pre"] = Guests.Answers["RunScript:post"] = _ => (new Failure(FailureCodes.GuestLost, "the link broke", MayHaveStarted: true), null);

        var report = await RunAsync();

        Assert.Single(Guests.Steps("m0"), "RunScript:pre");
        Assert.Single(Guests.Steps("m0"), "RunScript:post");
        Assert.Equal(Result.Failed, report.Result);
    }

    [Fact]
    public async Task What_cannot_be_removed_now_is_a_warning_and_stays_owed()
    {
        await ApplyAsync();
        Guests.Answers["ReleaseGuest"] = _ => (new Failure(FailureCodes.Leftover, "the folder is busy"), null);

        var report = await RunAsync();

        Assert.Equal((Result.Warning, Consistency.Application), (report.Result, report.Tasks[0].Consistency));
        Assert.Single(report.Tasks[0].Obligations);
        Assert.Equal("Leftover", Assert.Single(await Store.LeftoversAsync(Ct)).State);
    }

    [Fact]
    public async Task Older_points_beyond_the_jobs_keep_are_marked_for_deletion()
    {
        await ApplyAsync(change: job => job with { Snapshot = job.Snapshot with { Keep = 2 } });

        for (var run = 0; run < 4; run++) Assert.Equal(Result.Success, (await RunAsync()).Result);

        var points = await Store.RestorePointsAsync("nightly", "m0", null, Ct);
        Assert.Equal((2, 2), (points.Count(point => point.State == "Complete"), points.Count(point => point.State == "Deleting")));
    }

    [Fact]
    public async Task No_more_machines_work_at_once_than_the_job_allows_and_all_are_done_in_order()
    {
        await ApplyAsync(machines: 12, change: job => job with { MaxConcurrentMachines = 3 });

        var report = await RunAsync();

        Assert.Equal(Result.Success, report.Result);
        Assert.Equal(12, report.Tasks.Count);
        Assert.All(report.Tasks, task => Assert.Equal(Result.Success, task.Result));
        var open = 0;
        foreach (var (_, step, _) in Guests.Carried)
        {
            open += step == "PrepareGuest" ? 1 : step == "ReleaseGuest" ? -1 : 0;
            Assert.InRange(open, 0, 3);
        }
    }

    [Fact]
    public async Task A_guest_that_nobody_ever_reached_is_owed_nothing()
    {
        await ApplyAsync(mode: AppMode.Disabled, scriptMode: null);
        Guests.Answers["PrepareGuest"] = Guests.Answers["TakeSnapshot"] = _ => (new Failure(FailureCodes.Connect, "h0 refuses connections; check its address"), null);

        var report = await RunAsync();

        Assert.Equal(["PrepareGuest", "TakeSnapshot"], Guests.Steps("m0"));
        Assert.Equal(Result.Failed, report.Result);
        Assert.Empty(report.Tasks[0].Obligations);
    }
}
