using Microsoft.Extensions.Logging;
using Quiesce.Storage;

namespace Quiesce.Jobs.Triggers;

/// <summary>
/// Starts workflows by the clock: the Timer, Cron and StartAt triggers of published definitions. When each is due next is a row; moving it on and adding the instance is one
/// transaction, so that a restart neither loses nor doubles a start. What fell due while no server ran starts once.
/// </summary>
public sealed class TriggerTimers(PublishedTriggers triggers, Store store, SessionRunner runner, TimeProvider time, ILogger<TriggerTimers> log)
{
    // The wall clock may jump: nothing is slept through for longer than this.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);
    private bool _begun;

    /// <summary>Runs until <paramref name="stopping"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var wait = await StepAsync(stopping).ConfigureAwait(false);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                await Task.WhenAny(triggers.Changed.WaitToReadAsync(either.Token).AsTask(), Task.Delay(wait, time, either.Token)).ConfigureAwait(false);
                await either.CancelAsync().ConfigureAwait(false);
                stopping.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping: what is due is a row.
        }
    }

    /// <summary>Takes up changed definitions and starts what is due. How long until it should be called again. One caller at a time.</summary>
    public async Task<TimeSpan> StepAsync(CancellationToken ct)
    {
        try
        {
            if (!_begun) await BeginAsync(ct).ConfigureAwait(false);
            _begun = true;
            HashSet<string> changed = [];
            while (triggers.Changed.TryRead(out var definitionId)) changed.Add(definitionId);
            foreach (var definitionId in changed) await SetAsync(definitionId).ConfigureAwait(false);
            foreach (var timer in await store.TriggerTimersAsync(ct).ConfigureAwait(false))
            {
                if (timer.DueAt is not { } due) break;
                var now = time.GetUtcNow();
                if (due > now) return due - now < Longest ? due - now : Longest;
                await FireAsync(timer, due, now).ConfigureAwait(false);
            }

            return Longest;
        }
        catch (StorageException e)
        {
            log.LogError(e, "Timer triggers could not be looked at; they are looked at again in {Again}", Again);
            return Again;
        }
    }

    // What changed while no server ran, and what a crash kept from being written.
    private async Task BeginAsync(CancellationToken ct)
    {
        var stored = (await store.TriggerTimersAsync(ct).ConfigureAwait(false)).Select(timer => timer.DefinitionId);
        foreach (var definitionId in stored.Union(triggers.Definitions, StringComparer.Ordinal).ToList()) await SetAsync(definitionId).ConfigureAwait(false);
    }

    private Task SetAsync(string definitionId)
    {
        var now = time.GetUtcNow();
        return store.SetTriggerTimersAsync(definitionId,
            [.. triggers.Timers(definitionId).DistinctBy(one => one.Trigger.ActivityId).Select(one => new TriggerTimerRow(definitionId, one.Trigger.ActivityId, one.Trigger.Hash, one.Schedule.Next(now)))]);
    }

    private async Task FireAsync(TriggerTimerRow timer, DateTimeOffset due, DateTimeOffset now)
    {
        var (trigger, schedule) = triggers.Timers(timer.DefinitionId).FirstOrDefault(one => one.Trigger.ActivityId == timer.ActivityId && one.Trigger.Hash == timer.Hash);
        if (trigger is null)
        {
            // Its definition was taken back or changed in this moment: the row goes or begins anew.
            await SetAsync(timer.DefinitionId).ConfigureAwait(false);
            return;
        }

        // On its grid, unless that lies behind us: many missed slots are one start.
        var next = schedule.Next(due) is { } onGrid && onGrid > now ? onGrid : schedule.Next(now);
        var start = trigger.Start(null, null, now);
        if (await store.FireTriggerTimerAsync(timer, next, start).ConfigureAwait(false)) runner.Wake(start.Instance.Id);
    }
}
