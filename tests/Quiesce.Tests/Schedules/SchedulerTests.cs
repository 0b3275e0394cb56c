using Microsoft.Extensions.Logging.Abstractions;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Jobs.Schedules;
using Quiesce.Storage;
using Quiesce.Tests.Jobs;

namespace Quiesce.Tests.Schedules;

/// <summary>A scheduler on the real store and runner, at a clock that the test moves.</summary>
public abstract class SchedulerFixture : SessionFixture
{
    /// <summary>A Monday, at noon.</summary>
    protected static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private string? _killAt;

    protected ManualTime Clock { get; } = new(Noon);
    protected override TimeProvider Time => Clock;
    /// <summary>Never: hours pass in a moment here, and no operation is to time out in them.</summary>
    protected override TimeSpan Poll => TimeSpan.FromDays(40);
    protected Scheduler Scheduler { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Scheduler = NewScheduler();
    }

    /// <summary>The scheduler of a process that has just started.</summary>
    protected Scheduler NewScheduler() => new(Store, Sessions, Runner, Clock, new RunnerOptions { Checkpoint = Strike }, NullLogger<Scheduler>.Instance);

    /// <summary>Ends the process, so far as a test can, where the scheduler stands.</summary>
    protected void KillAt(string checkpoint) => _killAt = checkpoint;

    /// <summary>Sets the clock to a time of this Monday, or of another day, and lets the scheduler do what is due.</summary>
    protected async Task AtAsync(string time, int day = 0)
    {
        var until = Noon.Date.AddDays(day) + TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
        Clock.Advance(new DateTimeOffset(until, TimeSpan.Zero) - Clock.GetUtcNow());
        await Scheduler.StepAsync(Ct);
    }

    protected async Task<IReadOnlyList<SessionRow>> AllAsync(string job = "nightly") => [.. (await Store.SessionsAsync(job, 0, 100, Ct)).Reverse()];

    /// <summary>Waits until every session of a job has ended, and lets the scheduler see it.</summary>
    protected async Task<IReadOnlyList<SessionRow>> EndedAsync(string job = "nightly")
    {
        await UntilAsync(async () => await Store.RunningSessionAsync(job, Ct) is null, $"the sessions of {job} end");
        await Scheduler.StepAsync(Ct);
        return await AllAsync(job);
    }

    protected Task<JobDocument> ApplyAsync(ScheduleSettings? schedule, string name = "nightly", int machines = 1, RetrySettings? retry = null, bool isEnabled = true) =>
        ApplyAsync(name, machines, change: job => job with { Schedule = schedule, IsEnabled = isEnabled, Retry = retry ?? new RetrySettings() });

    /// <summary>Machines whose snapshot fails, by name.</summary>
    protected HashSet<string> Failing { get; } = [];

    protected void LetFail(params string[] machines)
    {
        Failing.Clear();
        Failing.UnionWith(machines);
        Guests.Answers["TakeSnapshot"] = request => Failing.Contains(request.Guest.Machine) ? (new Failure(FailureCodes.Snapshot, "no space left"), null) : (null, SimulatedGuests.Default(request, null));
    }

    private void Strike(string checkpoint)
    {
        if (checkpoint != _killAt && !(_killAt?.EndsWith('*') == true && checkpoint.StartsWith(_killAt[..^1], StringComparison.Ordinal))) return;
        _killAt = null;
        throw new OperationCanceledException($"killed at {checkpoint}");
    }

    protected static ScheduleSettings Daily(string at = "22:00") => new() { Kind = ScheduleKind.Daily, At = at };

    protected static ScheduleSettings Hourly(int hours = 4) => new() { Kind = ScheduleKind.Periodic, EveryMinutes = hours * 60 };

    protected static ScheduleSettings After(string job) => new() { Kind = ScheduleKind.AfterJob, AfterJob = job };
}

/// <summary>Slots: started on time, once, and not lost (R5.11–R5.16).</summary>
public sealed class SchedulerTests : SchedulerFixture
{
    [Fact]
    public async Task A_job_starts_at_its_time_and_not_before_and_once()
    {
        await ApplyAsync(Daily());
        await AtAsync("21:59:59");
        Assert.Empty(await AllAsync());

        await AtAsync("22:00");
        await Scheduler.StepAsync(Ct);
        var session = Assert.Single(await EndedAsync());
        Assert.Equal(("schedule", "Success", "schedule"), (session.InitiatedBy, session.Result, session.Origin));
        Assert.Equal(Noon.AddHours(34), (await Store.ScheduleAsync("nightly", Ct))!.NextAt);

        await AtAsync("22:00", day: 1);
        Assert.Equal(2, (await EndedAsync()).Count);
    }

    [Theory]
    [InlineData("before scheduled start nightly", 0)]
    [InlineData("after scheduled start nightly", 1)]
    public async Task A_server_that_dies_between_the_slot_and_the_session_neither_loses_nor_doubles_the_start(string where, int startedBefore)
    {
        await ApplyAsync(Daily());
        await AtAsync("12:01");
        KillAt(where);
        await Assert.ThrowsAsync<OperationCanceledException>(() => AtAsync("22:00"));
        Assert.Equal(startedBefore, (await AllAsync()).Count);

        var next = NewScheduler();
        await next.StepAsync(Ct);
        await next.StepAsync(Ct);
        Assert.Single(await EndedAsync());
    }

    [Fact]
    public async Task A_run_that_overlaps_its_next_slot_lets_that_one_out_and_takes_the_next_on_the_grid()
    {
        await ApplyAsync(Hourly());
        var gate = Link.Held["takeSnapshot"] = new TaskCompletionSource();
        await AtAsync("16:00");
        await AtAsync("20:00");
        Assert.Single(await AllAsync());
        Assert.Contains("was skipped: session", (await Store.ScheduleAsync("nightly", Ct))!.Note, StringComparison.Ordinal);
        await AtAsync("21:00");
        Link.Held.Clear();
        gate.SetResult();
        Assert.Single(await EndedAsync());

        await AtAsync("23:59");
        Assert.Single(await AllAsync());
        await AtAsync("00:00", day: 1);
        Assert.Equal(2, (await EndedAsync()).Count);
        Assert.Null((await Store.ScheduleAsync("nightly", Ct))!.Note);
    }

    [Fact]
    public async Task A_slot_that_was_missed_while_the_server_was_down_is_made_up_for_once()
    {
        await ApplyAsync(Hourly());
        await AtAsync("12:01");
        // Down over 16:00, 20:00, 00:00 and 04:00.
        await AtAsync("05:30", day: 1);
        Assert.Single(await EndedAsync());
        Assert.Equal(Noon.AddHours(20), (await Store.ScheduleAsync("nightly", Ct))!.NextAt);
    }

    [Fact]
    public async Task A_missed_slot_that_is_older_than_its_period_is_left_out()
    {
        await ApplyAsync(Daily() with { Days = [WeekDay.Monday, WeekDay.Tuesday, WeekDay.Wednesday, WeekDay.Thursday, WeekDay.Friday] });
        await AtAsync("22:00", day: 3);
        await EndedAsync();
        // Friday's start is missed; on Sunday it is older than a day.
        await AtAsync("12:00", day: 6);
        Assert.Single(await AllAsync());
        Assert.Contains("older than its period", (await Store.ScheduleAsync("nightly", Ct))!.Note, StringComparison.Ordinal);
        await AtAsync("22:00", day: 7);
        Assert.Equal(2, (await EndedAsync()).Count);
    }

    [Fact]
    public async Task A_missed_slot_is_not_made_up_for_outside_the_backup_window()
    {
        await ApplyAsync(Daily() with { BackupWindow = ScheduleTimesTests.Ranges("21:00-06:00") });
        await AtAsync("12:01");
        await AtAsync("07:00", day: 1);
        Assert.Empty(await AllAsync());
        Assert.Contains("outside the allowed hours", (await Store.ScheduleAsync("nightly", Ct))!.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_is_saved_again_with_the_same_schedule_keeps_the_start_that_is_due()
    {
        await ApplyAsync(Daily());
        await AtAsync("12:01");
        Clock.Advance(TimeSpan.FromHours(10));
        await ApplyAsync(Daily(), machines: 2);
        await Scheduler.StepAsync(Ct);
        Assert.Single(await EndedAsync());
    }

    [Fact]
    public async Task A_job_that_is_not_enabled_does_not_start_and_makes_up_for_nothing_when_it_is_again()
    {
        await ApplyAsync(Daily(), isEnabled: false);
        await AtAsync("22:30");
        Assert.Empty(await AllAsync());
        await ApplyAsync(Daily());
        await AtAsync("22:31");
        Assert.Empty(await AllAsync());
        await AtAsync("22:00", day: 1);
        Assert.Single(await EndedAsync());
    }

    [Fact]
    public async Task A_start_that_its_workflow_refuses_is_said_and_the_next_one_is_tried()
    {
        await ApplyAsync(change: job => job with { Schedule = Daily(), Workflow = "gone" });
        await AtAsync("22:00");
        Assert.Empty(await AllAsync());
        var row = await Store.ScheduleAsync("nightly", Ct);
        Assert.Contains("'gone', which is not in force", row!.Note, StringComparison.Ordinal);
        Assert.Equal(Noon.AddHours(34), row.NextAt);
    }

    [Fact]
    public async Task At_the_end_of_the_backup_window_the_session_is_stopped_thawed_and_cleaned_up_and_gets_no_retry()
    {
        await ApplyAsync(Daily() with { BackupWindow = ScheduleTimesTests.Ranges("21:00-23:00") }, machines: 2);
        var gate = Link.Held["takeSnapshot"] = new TaskCompletionSource();
        await AtAsync("22:00");
        var session = Assert.Single(await AllAsync()).Id;
        await UntilAsync(async () => (await Store.OutboxAsync($"{session}.m0", Ct)).Any(row => row.Id.Contains("takeSnapshot", StringComparison.Ordinal)), "the snapshot is asked for");
        await AtAsync("22:59:59");
        Assert.Null((await Store.SessionAsync(session, Ct))!.EndedAt);

        // As after a restart: what has to end follows from the session alone.
        Clock.Advance(TimeSpan.FromSeconds(1));
        await NewScheduler().StepAsync(Ct);
        await UntilAsync(async () => (await Store.InstanceAsync($"{session}.m0", Ct))!.Phase == "Compensating", "the task compensates");
        gate.SetResult();
        var ended = Assert.Single(await EndedAsync());

        Assert.Equal(("Failed", true), (ended.Result, ended.IsCancelled));
        Assert.Contains("the backup window ended at 23:00 (UTC)", ended.Message, StringComparison.Ordinal);
        Assert.Equal("ReleaseGuest", Guests.Steps("m0")[^1]);
        Assert.Contains("DeleteSnapshot", Guests.Steps("m0"));
        await AtAsync("23:30");
        Assert.Single(await AllAsync());
    }

    [Fact]
    public async Task A_session_that_a_person_starts_outside_the_window_is_left_alone()
    {
        await ApplyAsync(Daily() with { BackupWindow = ScheduleTimesTests.Ranges("21:00-23:00") });
        var gate = Link.Held["takeSnapshot"] = new TaskCompletionSource();
        await Sessions.StartAsync("nightly", "test", null, Ct);
        await AtAsync("20:00");
        Link.Held.Clear();
        gate.SetResult();
        Assert.Equal("Success", Assert.Single(await EndedAsync()).Result);
    }

    [Fact]
    public async Task A_continuous_job_starts_when_it_is_saved_and_again_after_each_session()
    {
        await ApplyAsync(new ScheduleSettings { Kind = ScheduleKind.Continuous });
        await AtAsync("12:00");
        Assert.Single(await AllAsync());
        await UntilAsync(async () => (await EndedAsync()).Count >= 3, "two more rounds");
    }

    [Fact]
    public async Task A_continuous_job_retries_at_once_and_rests_a_minute_after_it_has_failed_for_good()
    {
        LetFail("m0");
        await ApplyAsync(new ScheduleSettings { Kind = ScheduleKind.Continuous }, retry: new RetrySettings { Count = 1, WaitSeconds = 600 });
        await AtAsync("12:00");
        await UntilAsync(async () => (await EndedAsync()).Count(session => session.EndedAt is not null) == 2, "the session and its retry");
        Assert.Equal([0, 1], (await AllAsync()).Select(session => session.RetryNumber));
        await AtAsync("12:00:59");
        Assert.Equal(2, (await AllAsync()).Count);
        await AtAsync("12:01");
        Assert.Equal(3, (await AllAsync()).Count);
    }

    [Fact]
    public async Task The_loop_starts_what_is_due_when_the_clock_gets_there()
    {
        using var stop = new CancellationTokenSource();
        await ApplyAsync(Daily());
        var loop = Scheduler.RunAsync(stop.Token);
        await UntilAsync(() =>
        {
            Clock.Advance(TimeSpan.FromMinutes(7));
            return Task.FromResult(Clock.GetUtcNow() > Noon.AddHours(11));
        }, "the clock goes on");
        await UntilAsync(async () => (await AllAsync()).Count == 1, "the session is started");
        await stop.CancelAsync();
        await loop;
    }
}
