using System.Globalization;
using Quiesce.Storage;

namespace Quiesce.Jobs.Schedules;

/// <summary>
/// Ends sessions whose backup window is over, as "stop immediately" does: machines are thawed and cleaned up (R5.14). Nothing of it needs a row of its own: when a session has to
/// end follows from the job that it began with and from its start. A session that a person began outside the window has no such end.
/// </summary>
internal sealed class WindowEnds(Store store, Sessions sessions)
{
    private readonly Dictionary<string, DateTimeOffset?> _ends = new(StringComparer.Ordinal);

    /// <summary>Stops what is over.</summary>
    /// <returns>When the next one is; null where none is known.</returns>
    public async Task<DateTimeOffset?> StopAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var running = await store.RunningSessionsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var gone in _ends.Keys.Except(running.Select(session => session.Id)).ToList()) _ends.Remove(gone);
        foreach (var session in running)
        {
            if (!_ends.TryGetValue(session.Id, out var end)) _ends[session.Id] = end = End(session);
            if (end is null || end > now) continue;
            var schedule = FollowUp.Job(session).Schedule!;
            var local = ZonedTime.LocalOf(end.Value, ZonedTime.Find(schedule.TimeZone)!);
            await sessions.TellToStopAsync(session.Id, now: true, string.Create(CultureInfo.InvariantCulture, $"stopped: the backup window ended at {local:HH:mm} ({schedule.TimeZone})")).ConfigureAwait(false);
            _ends[session.Id] = null;
        }

        return _ends.Values.Min();
    }

    private static DateTimeOffset? End(SessionRow session) => FollowUp.Job(session).Schedule is { BackupWindow: not null } schedule ? new ScheduleTimes(schedule).EndOfWindow(session.StartedAt) : null;
}
