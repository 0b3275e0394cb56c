using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs.Schedules;

/// <summary>The hours of a week in which something is allowed, minute by minute of local time.</summary>
internal sealed class WeekHours
{
    private const int Day = 24 * 60;
    private const int Week = 7 * Day;
    private readonly bool[] _allowed = new bool[Week];

    private WeekHours()
    {
    }

    /// <summary>The union of the ranges; null where there are none, which means always.</summary>
    /// <param name="offsetMinutes">How much later than stated every forbidden stretch ends (R5.12's table: forbidden 08–10 with an offset of 25 is forbidden until 10:25).</param>
    public static WeekHours? Of(IReadOnlyList<HoursRange>? ranges, int offsetMinutes = 0)
    {
        if (ranges is null) return null;
        var hours = new WeekHours();
        foreach (var range in ranges)
        {
            var (from, to) = (ZonedTime.Minutes(range.From), ZonedTime.Minutes(range.To));
            var length = to > from ? to - from : to + Day - from;
            foreach (var day in range.Days is null ? Enumerable.Range(0, 7) : range.Days.Select(day => (int)day))
                for (var minute = 0; minute < length; minute++)
                    hours._allowed[((day * Day) + from + minute) % Week] = true;
        }

        foreach (var begin in Enumerable.Range(0, offsetMinutes == 0 ? 0 : Week).Where(hours.Begins).ToList())
            for (var minute = 0; minute < offsetMinutes; minute++)
                hours._allowed[(begin + minute) % Week] = false;
        return hours;
    }

    /// <summary>Whether a local time is allowed.</summary>
    public bool Contains(DateTime local) => _allowed[((int)local.DayOfWeek * Day) + (int)local.TimeOfDay.TotalMinutes];

    /// <summary>Minutes of a day at which a forbidden stretch ends.</summary>
    public IEnumerable<int> Beginnings(DayOfWeek day) => Enumerable.Range(0, Day).Where(minute => Begins(((int)day * Day) + minute));

    private bool Begins(int minute) => _allowed[minute] && !_allowed[(minute + Week - 1) % Week];
}
