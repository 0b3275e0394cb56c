using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs.Schedules;

/// <summary>When a schedule starts its job: a pure function of its settings (R5.11, R5.12, R5.16).</summary>
public sealed class ScheduleTimes
{
    // 29 February may be eight years away.
    private const int Horizon = (8 * 366) + 2;
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(8);
    private readonly ScheduleSettings _settings;
    private readonly TimeZoneInfo _zone;
    private readonly WeekHours? _allowed;
    private readonly WeekHours? _window;

    /// <summary>Reads settings that were checked when the job was applied.</summary>
    /// <exception cref="TimeZoneNotFoundException">This machine does not know the time zone any more.</exception>
    public ScheduleTimes(ScheduleSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _zone = ZonedTime.Find(settings.TimeZone) ?? throw new TimeZoneNotFoundException($"this machine does not know the time zone '{settings.TimeZone}'; install its time zone data (package tzdata), or name another zone in the job's schedule");
        _allowed = settings.Kind switch
        {
            ScheduleKind.Periodic => WeekHours.Of(settings.AllowedHours, settings.OffsetMinutes),
            ScheduleKind.Continuous => WeekHours.Of(settings.AllowedHours),
            _ => null,
        };
        _window = WeekHours.Of(settings.BackupWindow);
    }

    /// <summary>The first start after a moment; null where there is none, or where the kind has no times of its own.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => After(after).Select(start => (DateTimeOffset?)start).FirstOrDefault();

    /// <summary>Every start after a moment, in order, without end.</summary>
    public IEnumerable<DateTimeOffset> After(DateTimeOffset after)
    {
        if (_settings.Kind is not (ScheduleKind.Daily or ScheduleKind.Monthly or ScheduleKind.Periodic)) yield break;
        var last = after;
        // A day earlier, because a start that the clocks skipped belongs to the day before.
        var day = DateOnly.FromDateTime(ZonedTime.LocalOf(after, _zone)).AddDays(-1);
        for (var idle = 0; idle < Horizon; idle++, day = day.AddDays(1))
        {
            foreach (var minute in Minutes(day))
            {
                var start = ZonedTime.At(day.ToDateTime(TimeOnly.MinValue).AddMinutes(minute), _zone);
                if (start <= last || !IsOpen(start)) continue;
                (last, idle) = (start, 0);
                yield return start;
            }
        }
    }

    /// <summary>The last start that is not after a moment, looked for from another on; null where there is none between.</summary>
    public DateTimeOffset? Last(DateTimeOffset from, DateTimeOffset until)
    {
        DateTimeOffset? last = null;
        foreach (var start in After(from.AddTicks(-1)))
        {
            if (start > until) break;
            last = start;
        }

        return last;
    }

    /// <summary>How long before a start the one before it was: its period. A schedule that began with it has a period of 400 days.</summary>
    public TimeSpan PeriodBefore(DateTimeOffset start)
    {
        foreach (var days in (int[])[1, 8, 32, 400])
            if (Last(start.AddDays(-days), start.AddTicks(-1)) is { } before) return start - before;
        return TimeSpan.FromDays(400);
    }

    /// <summary>Whether a session may be started at a moment: within the allowed hours and the backup window.</summary>
    public bool IsAllowed(DateTimeOffset moment)
    {
        var local = ZonedTime.LocalOf(moment, _zone);
        return _allowed?.Contains(local) != false && _window?.Contains(local) != false;
    }

    /// <summary>The first moment from a given one at which a session may be started; null where there is none within a week.</summary>
    public DateTimeOffset? FirstAllowed(DateTimeOffset from) => IsAllowed(from) ? from : FirstMinute(from, IsAllowed);

    /// <summary>When a session that began at a moment has to end (R5.14); null without a window, or where it began outside it, by hand.</summary>
    public DateTimeOffset? EndOfWindow(DateTimeOffset startedAt) => _window is null || !IsOpen(startedAt) ? null : FirstMinute(startedAt, minute => !IsOpen(minute));

    /// <summary>Whether the backup window is open at a moment.</summary>
    public bool IsOpen(DateTimeOffset moment) => _window?.Contains(ZonedTime.LocalOf(moment, _zone)) != false;

    private static DateTimeOffset? FirstMinute(DateTimeOffset after, Func<DateTimeOffset, bool> condition)
    {
        var utc = after.ToUniversalTime();
        var minute = utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMinute)).AddMinutes(1);
        for (var until = after + LongestWait; minute < until; minute = minute.AddMinutes(1))
            if (condition(minute)) return minute;
        return null;
    }

    private IEnumerable<int> Minutes(DateOnly day) => _settings.Kind switch
    {
        ScheduleKind.Daily when _settings.Days is null || _settings.Days.Contains((WeekDay)day.DayOfWeek) => [ZonedTime.Minutes(_settings.At!)],
        ScheduleKind.Monthly when _settings.Months?.Contains(day.Month) != false && IsDayOfMonth(day) => [ZonedTime.Minutes(_settings.At!)],
        ScheduleKind.Periodic => Grid(day),
        _ => [],
    };

    private bool IsDayOfMonth(DateOnly day)
    {
        var last = DateTime.DaysInMonth(day.Year, day.Month);
        if (_settings.IsLastDay) return day.Day == last;
        if (_settings.Week is not { } week) return day.Day == _settings.Day;
        return (WeekDay)day.DayOfWeek == _settings.WeekDay && (week == WeekOfMonth.Last ? day.Day > last - 7 : (day.Day - 1) / 7 == (int)week);
    }

    // Counted from midnight of each day (R5.12); a forbidden stretch ends with a start of its own.
    private IEnumerable<int> Grid(DateOnly day)
    {
        var every = Math.Max(1, _settings.EveryMinutes ?? 1440);
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        var grid = Enumerable.Range(0, (1440 + every - 1) / every).Select(step => (step * every) + _settings.OffsetMinutes).Where(minute => minute < 1440);
        return _allowed is null ? grid : grid.Where(minute => _allowed.Contains(midnight.AddMinutes(minute))).Concat(_allowed.Beginnings(day.DayOfWeek)).Distinct().Order();
    }
}
