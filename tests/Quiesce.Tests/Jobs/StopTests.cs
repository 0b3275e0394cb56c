using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Tests.Jobs;

/// <summary>Stops (R5.21), cancels in the middle of a step, replies that come at the wrong time.</summary>
public sealed class StopTests : SessionFixture
{
    [Fact]
    public async Task Cancelling_while_the_pre_script_runs_kills_it_and_resumes_the_application()
    {
        await ApplyAsync();
        Link.Held["preScript"] = new TaskCompletionSource();
        Guests.Answers["RunScript:pre"] = _ => (new Failure(FailureCodes.Cancelled, "killed on request", MayHaveStarted: true), null);
        var started = await Sessions.StartAsync("nightly", "test", null, Ct);
        await UntilAsync(async () => (await Store.OutboxAsync($"{started.SessionId}.m0", Ct)).Any(row => row.Id.Contains("preScript", StringComparison.Ordinal)), "the pre script is sent");

        await Sessions.CancelAsync(started.SessionId, Ct);
        await UntilAsync(async () => (await Store.InstanceAsync($"{started.SessionId}.m0", Ct))!.Phase == "Compensating", "the task compensates");
        Link.Held["preScript"].SetResult();
        var report = await EndAsync(started.SessionId);

        Assert.Contains("RunScript:post", Guests.Steps("m0"));
        Assert.Equal("ReleaseGuest", Guests.Steps("m0")[^1]);
        Assert.DoesNotContain("TakeSnapshot", Guests.Steps("m0"));
        Assert.Equal((Result.Failed, true), (report.Result, report.IsCanceled));
        Assert.Empty(report.Tasks[0].Obligations);
    }

    [Fact]
    public async Task The_cancel_of_an_operation_is_a_row_until_the_guest_has_answered_it()
    {
        await ApplyAsync();
        // Holds the script and its cancel.
        var gate = Link.Held["preScript"] = new TaskCompletionSource();
        var started = await Sessions.StartAsync("nightly", "test", null, Ct);
        var task = $"{started.SessionId}.m0";
        await UntilAsync(async () => (await Store.OutboxAsync(task, Ct)).Any(row => row.Id.Contains("preScript", StringComparison.Ordinal)), "the pre script is sent");

        await Sessions.CancelAsync(started.SessionId, Ct);
        await UntilAsync(async () => (await Store.OutboxAsync(task, Ct)).Any(row => row is { AwaitsReply: true } && row.Id.EndsWith("preScript:1:cancel", StringComparison.Ordinal)), "the cancel is a row");
        gate.SetResult();
        await EndAsync(started.SessionId);

        Assert.Contains("CancelOperation", Guests.Steps("m0"));
        Assert.DoesNotContain(await Store.OutboxAsync(task, Ct), row => row.AwaitsReply);
        Assert.Empty(await Store.StimuliAsync(task, Ct));
    }

    [Fact]
    public async Task A_snapshot_that_is_finished_after_the_cancel_is_deleted_again()
    {
        await ApplyAsync();
        Link.Held["takeSnapshot:1"] = new TaskCompletionSource();
        var started = await Sessions.StartAsync("nightly", "test", null, Ct);
        await UntilAsync(async () => (await Store.OutboxAsync($"{started.SessionId}.m0", Ct)).Any(row => row.Id.Contains("takeSnapshot", StringComparison.Ordinal)), "the snapshot is asked for");

        await Sessions.StopAsync("nightly", now: true, Ct);
        await UntilAsync(async () => (await Store.InstanceAsync($"{started.SessionId}.m0", Ct))!.Phase == "Compensating", "the task compensates");
        Link.Held["takeSnapshot:1"].SetResult();
        var report = await EndAsync(started.SessionId);

        var steps = Guests.Steps("m0").Where(step => step != "CancelOperation").ToList();
        Assert.Equal(["PrepareGuest", "RunScript:pre", "TakeSnapshot", "DeleteSnapshot", "RunScript:post", "ReleaseGuest"], steps);
        Assert.Null(report.Tasks[0].RestorePoint);
        Assert.DoesNotContain(await Store.RestorePointsAsync(null, null, null, Ct), point => point.State == "Complete");
    }

    [Fact]
    public async Task A_graceful_stop_finishes_the_machines_in_hand_and_starts_no_more()
    {
        await ApplyAsync(machines: 5, change: job => job with { MaxConcurrentMachines = 1 });
        Link.Held["m0:takeSnapshot"] = new TaskCompletionSource();
        var started = await Sessions.StartAsync("nightly", "test", null, Ct);
        await UntilAsync(async () => (await Store.OutboxAsync($"{started.SessionId}.m0", Ct)).Any(row => row.Id.Contains("takeSnapshot", StringComparison.Ordinal)), "the first machine is at its snapshot");

        await Sessions.StopAsync("nightly", now: false, Ct);
        await UntilAsync(async () => (await Store.StimuliAsync(started.SessionId, Ct)).Count == 0, "the stop is taken");
        Link.Held["m0:takeSnapshot"].SetResult();
        var report = await EndAsync(started.SessionId);

        Assert.Equal(Result.Success, report.Tasks[0].Result);
        Assert.NotNull(report.Tasks[0].RestorePoint);
        Assert.All(report.Tasks.Skip(1), task => Assert.Equal((Result.Failed, "Stopped"), (task.Result, task.State)));
        Assert.Equal((Result.Failed, true), (report.Result, report.IsCanceled));
    }

    [Fact]
    public async Task A_reply_that_comes_twice_and_after_the_end_moves_nothing()
    {
        await ApplyAsync();
        var report = await RunAsync();
        var replies = Guests.Carried.Select(one => one.OperationId).ToList();

        foreach (var id in replies)
            await Link.AnswerAsync(new OperationReply(1, id, $"{report.Id}.m0", Verbs.RunScript, new Failure(FailureCodes.Script, "a late word"), null));
        var second = await RunAsync();

        Assert.Equal(Result.Success, second.Result);
        Assert.Equal(report.Tasks[0].Log.Count, (await Sessions.ReportAsync(report.Id, Ct)).Tasks[0].Log.Count);
    }

    [Fact]
    public async Task A_reply_that_is_there_before_anybody_waits_for_it_is_not_lost()
    {
        await ApplyAsync();
        var gate = Link.Held["prepareGuest"] = new TaskCompletionSource();
        var started = await Sessions.StartAsync("nightly", "test", null, Ct);
        var task = $"{started.SessionId}.m0";
        await UntilAsync(async () => (await Store.OutboxAsync(task, Ct)).Count > 0, "the guest is being prepared");

        // The reply of the pre script, before the workflow has even asked for it.
        await Store.AddStimuliAsync([Replies.Stimulus(new OperationReply(1, $"{task}:preScript:1", task, Verbs.RunScript, null,
            System.Text.Json.JsonSerializer.SerializeToElement(SimulatedGuests.Script("pre", 0))), DateTimeOffset.UtcNow)]);
        Runner.Wake(task);
        gate.SetResult();
        var report = await EndAsync(started.SessionId);

        Assert.Equal((Result.Success, Consistency.Application), (report.Result, report.Tasks[0].Consistency));
    }

    [Fact]
    public async Task A_second_session_of_the_job_is_refused_while_one_runs_and_a_repeated_key_starts_none()
    {
        await ApplyAsync();
        var gate = Link.Held["prepareGuest"] = new TaskCompletionSource();
        var first = await Sessions.StartAsync("nightly", "test", "key-1", Ct);

        Assert.Equal(first.SessionId, (await Sessions.StartAsync("nightly", "test", "key-1", Ct)).SessionId);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => Sessions.StartAsync("nightly", "test", "key-2", Ct));
        gate.SetResult();
        await EndAsync(first.SessionId);

        Assert.Equal(ProblemCodes.Conflict, refused.Code);
        Assert.Contains(first.SessionId, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_for_the_operator_is_in_the_report_once_and_moves_nothing()
    {
        await ApplyAsync();
        var gate = Link.Held["prepareGuest"] = new TaskCompletionSource();
        var started = await Sessions.StartAsync("nightly", "test", null, Ct);
        var task = $"{started.SessionId}.m0";
        await UntilAsync(async () => (await Store.OutboxAsync(task, Ct)).Count > 0, "the guest is being prepared");

        await Runner.NoteAsync(task, "note:1", "warning", "reconnect attempt 1 of 1: the link broke");
        await Runner.NoteAsync(task, "note:1", "warning", "reconnect attempt 1 of 1: the link broke");
        await UntilAsync(async () => (await Sessions.ReportAsync(started.SessionId, Ct)).Tasks[0].Log.Any(line => line.Level == "warning"), "the line is in the report");
        gate.SetResult();
        var report = await EndAsync(started.SessionId);

        Assert.Equal("reconnect attempt 1 of 1: the link broke", Assert.Single(report.Tasks[0].Log, line => line.Level == "warning").Text);
        Assert.Equal(Result.Success, report.Result);
    }
}
