using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Jobs.Schedules;

/// <summary>
/// Starts sessions that are due: slots of schedules, retries, jobs after another. Every such start is a row first, and the session and the use of the row are one transaction,
/// so that a crash at any point neither loses a start nor makes it twice. Also ends sessions whose backup window is over (R5.14).
/// </summary>
public sealed class Scheduler(Store store, Sessions sessions, SessionRunner runner, TimeProvider time, RunnerOptions options, ILogger<Scheduler> log)
{
    /// <summary>The wall clock may be set: it is looked at no less often than this.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);
    /// <summary>A slot that is older than this when it is seen was missed: the server was not running, or its clock was set.</summary>
    private static readonly TimeSpan Punctual = TimeSpan.FromMinutes(1);
    // One sign is enough: whoever looks next sees everything.
    private readonly Channel<bool> _signs = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly WindowEnds _windows = new(store, sessions);

    /// <summary>Says that a job was changed, or a session has ended. Never blocks; for nothing it does no harm.</summary>
    public void Wake() => _signs.Writer.TryWrite(true);

    /// <summary>Does what is due, when it is due, until <paramref name="stopping"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        void Ended(string session) => Wake();
        runner.SessionEnded += Ended;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var sleep = await TryStepAsync(stopping).ConfigureAwait(false);
                using var wake = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                var sign = _signs.Reader.ReadAsync(wake.Token).AsTask();
                await Task.WhenAny(sign, Task.Delay(sleep, time, wake.Token)).ConfigureAwait(false);
                await wake.CancelAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            runner.SessionEnded -= Ended;
        }
    }

    /// <summary>Does what is due now.</summary>
    /// <returns>When something is due next; null where nothing is known to be.</returns>
    /// <exception cref="StorageException">The database could not do it; what was not done is still due.</exception>
    public async Task<DateTimeOffset?> StepAsync(CancellationToken cancellationToken)
    {
        await TakeChangedJobsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var session in await store.FollowUpsAsync(cancellationToken).ConfigureAwait(false)) await GuardAsync(session.Job, () => FollowAsync(session, cancellationToken)).ConfigureAwait(false);
        foreach (var slot in await store.DueSlotsAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false)) await GuardAsync(slot.Job, () => StartSlotAsync(slot, cancellationToken)).ConfigureAwait(false);
        foreach (var planned in await store.DueStartsAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false)) await GuardAsync(planned.Job, () => StartPlannedAsync(planned, cancellationToken)).ConfigureAwait(false);
        var window = await _windows.StopAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        var due = await store.NextDueAsync(cancellationToken).ConfigureAwait(false);
        return due is null || window < due ? window : due;
    }

    private async Task<TimeSpan> TryStepAsync(CancellationToken stopping)
    {
        try
        {
            var next = await StepAsync(stopping).ConfigureAwait(false);
            var wait = next - time.GetUtcNow() ?? LongestSleep;
            // Due already: another server may be at it, or the clock was set back. Not as fast as we can.
            return wait < TimeSpan.FromMilliseconds(50) ? TimeSpan.FromMilliseconds(50) : wait > LongestSleep ? LongestSleep : wait;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception e)
        {
            // Whatever it was about one job, the others are still due.
            log.LogError(e, "What is due could not be started; trying again in {Wait}", AfterTrouble);
            return AfterTrouble;
        }
    }

    // What is wrong with one job, such as a time zone that this machine has lost, keeps no other from its start.
    private async Task GuardAsync(string job, Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (TimeZoneNotFoundException e)
        {
            log.LogError("Job '{Job}' is not started by itself: {Reason}", job, e.Message);
        }
    }

    private async Task TakeChangedJobsAsync(CancellationToken cancellationToken)
    {
        foreach (var row in await store.JobsToScheduleAsync(cancellationToken).ConfigureAwait(false))
        {
            var job = Document(row);
            var schedule = JsonSerializer.Serialize(job.IsEnabled ? job.Schedule : null, RestJson.Default.ScheduleSettings);
            var known = await store.ScheduleAsync(row.Name, cancellationToken).ConfigureAwait(false);
            // A change of something else neither moves a start nor loses one that is due.
            var (next, note) = known is not null && known.Schedule == schedule ? (known.NextAt, known.Note) : First(job, row.UpdatedAt);
            await store.PutScheduleAsync(new ScheduleRow(row.Name, row.Revision, schedule, next, note)).ConfigureAwait(false);
        }
    }

    private (DateTimeOffset? Next, string? Note) First(JobDocument job, DateTimeOffset from)
    {
        if (job is not { IsEnabled: true, Schedule: { } schedule }) return (null, null);
        try
        {
            var times = new ScheduleTimes(schedule);
            return (schedule.Kind == ScheduleKind.Continuous ? times.FirstAllowed(from) : times.Next(from), null);
        }
        catch (TimeZoneNotFoundException e)
        {
            log.LogError("Job '{Job}' has no next start: {Reason}", job.Name, e.Message);
            return (null, e.Message);
        }
    }

    private async Task FollowAsync(SessionRow session, CancellationToken cancellationToken)
    {
        var retry = await FollowUp.RetryAsync(store, session, cancellationToken).ConfigureAwait(false);
        var (starts, round) = retry is not null ? ([retry], null) : await FollowUp.WithoutRetryAsync(store, session, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        options.Checkpoint?.Invoke($"before follow-up {session.Id}");
        await store.FollowAsync(session.Id, starts, round).ConfigureAwait(false);
        options.Checkpoint?.Invoke($"after follow-up {session.Id}");
    }

    private async Task StartSlotAsync(ScheduleRow due, CancellationToken cancellationToken)
    {
        if (await store.JobAsync(due.Job, cancellationToken).ConfigureAwait(false) is not { } row || row.Revision != due.Revision || Document(row) is not { Schedule: { } schedule }) return;
        var (now, slot, times) = (time.GetUtcNow(), due.NextAt!.Value, new ScheduleTimes(schedule));
        var isContinuous = schedule.Kind == ScheduleKind.Continuous;
        var next = isContinuous ? null : times.Next(now);
        if (Missed(times, slot, now, isContinuous) is { } missed)
        {
            await SkipAsync(due, isContinuous ? times.FirstAllowed(now) : next, missed).ConfigureAwait(false);
            return;
        }

        options.Checkpoint?.Invoke($"before scheduled start {due.Job}");
        try
        {
            var started = await sessions.StartAsync(row, new SessionCause(SessionOrigins.Schedule, SessionOrigins.Schedule, StartsChain: true, new StartClaim.Slot(slot, next))).ConfigureAwait(false);
            options.Checkpoint?.Invoke($"after scheduled start {due.Job}");
            if (started.Outcome == StartOutcome.Started) log.LogInformation("Job '{Job}': session {Session} started by its schedule, slot {Slot}", due.Job, started.SessionId, slot);
            else if (started.Outcome == StartOutcome.AlreadyRunning && isContinuous) await store.AwaitEndAsync(due.Job, slot).ConfigureAwait(false);
            else if (started.Outcome == StartOutcome.AlreadyRunning) await SkipAsync(due, next, $"the start of {slot:u} was skipped: session {started.SessionId} was still running").ConfigureAwait(false);
        }
        catch (RefusedException e)
        {
            await SkipAsync(due, isContinuous ? times.FirstAllowed(now.AddMinutes(1)) : next, $"the start of {slot:u} was not made: {e.Message}").ConfigureAwait(false);
        }
    }

    // A start that was missed is made up for once, where the last one is younger than its period and it may be made now.
    private static string? Missed(ScheduleTimes times, DateTimeOffset slot, DateTimeOffset now, bool isContinuous)
    {
        if (now - slot <= Punctual) return null;
        if (!times.IsAllowed(now)) return $"the start of {slot:u} was skipped: the server did not look at it in time, and now it lies outside the allowed hours";
        if (isContinuous) return null;
        var last = times.Last(slot > now.AddDays(-400) ? slot : now.AddDays(-400), now) ?? slot;
        return now - last < times.PeriodBefore(last) ? null : $"the start of {last:u} was skipped: the server did not look at it in time, and it is older than its period";
    }

    private async Task SkipAsync(ScheduleRow due, DateTimeOffset? next, string why)
    {
        log.LogWarning("Job '{Job}': {Why}; the next start is {Next}", due.Job, why, next);
        await store.SkipSlotAsync(due.Job, due.NextAt!.Value, next, why).ConfigureAwait(false);
    }

    private async Task StartPlannedAsync(PlannedStartRow due, CancellationToken cancellationToken)
    {
        var row = await store.JobAsync(due.Job, cancellationToken).ConfigureAwait(false);
        var before = await store.SessionAsync(due.SessionId, cancellationToken).ConfigureAwait(false);
        var job = row is null ? null : Document(row);
        options.Checkpoint?.Invoke($"before planned start {due.Id}");
        string why;
        try
        {
            if (before is null) why = $"session {due.SessionId}, which it followed, was deleted";
            else if (job?.IsEnabled != true) why = "the job is not enabled any more";
            else if (!FollowUp.IsOpen(job, time.GetUtcNow())) why = "its backup window is closed";
            else
            {
                var started = due.Kind == SessionOrigins.Retry ? await RetryAsync(due, before, cancellationToken).ConfigureAwait(false) : await ChainAsync(due, row!, before).ConfigureAwait(false);
                options.Checkpoint?.Invoke($"after planned start {due.Id}");
                if (started is { Outcome: StartOutcome.Started }) log.LogInformation("Job '{Job}': session {Session} started as {Kind} after session {Before}", due.Job, started.SessionId, due.Kind, due.SessionId);
                if (started is { Outcome: StartOutcome.Started or StartOutcome.NotDue or StartOutcome.Repeated }) return;
                why = started is null ? "every machine has succeeded meanwhile" : $"session {started.SessionId} was still running";
            }
        }
        catch (RefusedException e)
        {
            why = e.Message;
        }

        log.LogWarning("Job '{Job}': the {Kind} after session {Before} is not started: {Why}", due.Job, due.Kind, due.SessionId, why);
        var (starts, round) = before is not null && due.Kind == SessionOrigins.Retry ? await FollowUp.WithoutRetryAsync(store, before, time.GetUtcNow(), cancellationToken).ConfigureAwait(false) : ([], null);
        await store.CallOffAsync(due.Id, starts, round, $"the {(due.Kind == SessionOrigins.Retry ? "retry" : "start")} after session {due.SessionId} was not made: {why}").ConfigureAwait(false);
    }

    private async Task<StartResult?> RetryAsync(PlannedStartRow due, SessionRow before, CancellationToken cancellationToken)
    {
        var family = await SessionFamily.ReadAsync(store, before, cancellationToken).ConfigureAwait(false);
        if (family.Failed.Count == 0) return null;
        return await sessions.RetryAsync(family, family.Failed, new SessionCause(SessionOrigins.Retry, SessionOrigins.Retry, before.StartsChain, new StartClaim.Planned(due.Id))).ConfigureAwait(false);
    }

    private Task<StartResult> ChainAsync(PlannedStartRow due, JobRow row, SessionRow before) =>
        sessions.StartAsync(row, new SessionCause($"after {before.Job}", SessionOrigins.Chain, StartsChain: true, new StartClaim.Planned(due.Id)));

    private static JobDocument Document(JobRow row) => JsonSerializer.Deserialize(row.Json, RestJson.Default.JobDocument)!;
}
