using System.Globalization;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Schedules;

namespace Quiesce.Tests.Schedules;

/// <summary>When a schedule starts: the table of R5.16, and the two nights a year that are no ordinary ones.</summary>
public sealed class ScheduleTimesTests
{
    private static readonly DateTimeOffset Monday = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(240, 0, null, "00:00 04:00 08:00 12:00 16:00 20:00")]
    [InlineData(240, 15, null, "00:15 04:15 08:15 12:15 16:15 20:15")]
    [InlineData(120, 0, "09:00-17:00", "09:00 10:00 12:00 14:00 16:00")]
    // Forbidden 08–10 with an offset of 25 is forbidden until 10:25.
    [InlineData(60, 25, "00:00-08:00 10:00-24:00", "00:25 01:25 02:25 03:25 04:25 05:25 06:25 07:25 10:25 11:25 12:25 13:25 14:25 15:25 16:25 17:25 18:25 19:25 20:25 21:25 22:25 23:25")]
    [InlineData(240, 25, "00:00-08:00 10:00-24:00", "00:25 04:25 10:25 12:25 16:25 20:25")]
    // Counted from midnight, so that the last step of a day is short.
    [InlineData(420, 0, null, "00:00 07:00 14:00 21:00")]
    [InlineData(1440, 30, null, "00:30")]
    // Hours that run past midnight.
    [InlineData(180, 0, "22:00-04:00", "00:00 03:00 22:00")]
    public void Periodic_starts_are_those_of_the_table(int every, int offset, string? allowed, string expected) =>
        Assert.Equal(expected, OfTheDay(new ScheduleSettings { Kind = ScheduleKind.Periodic, EveryMinutes = every, OffsetMinutes = offset, AllowedHours = Ranges(allowed) }));

    [Fact]
    public void Hours_that_are_allowed_on_week_days_begin_on_monday_and_end_on_friday()
    {
        var schedule = new ScheduleSettings { Kind = ScheduleKind.Periodic, EveryMinutes = 720, AllowedHours = [new HoursRange { From = "09:00", To = "17:00", Days = [WeekDay.Monday, WeekDay.Friday] }] };
        Assert.Equal(["06-01 09:00", "06-01 12:00", "06-05 09:00", "06-05 12:00", "06-08 09:00"], Starts(schedule, Monday, 5));
    }

    [Fact]
    public void Daily_starts_come_on_the_days_that_were_chosen()
    {
        var schedule = new ScheduleSettings { Kind = ScheduleKind.Daily, At = "22:00", Days = [WeekDay.Tuesday, WeekDay.Saturday] };
        Assert.Equal(["06-02 22:00", "06-06 22:00", "06-09 22:00"], Starts(schedule, Monday, 3));
        Assert.Equal(["06-01 22:00", "06-02 22:00"], Starts(schedule with { Days = null }, Monday, 2));
    }

    [Fact]
    public void Monthly_starts_come_on_a_day_the_last_day_or_a_week_day_of_the_month()
    {
        var schedule = new ScheduleSettings { Kind = ScheduleKind.Monthly, At = "03:00" };
        Assert.Equal(["07-31 03:00", "08-31 03:00", "10-31 03:00"], Starts(schedule with { Day = 31 }, Monday, 3));
        Assert.Equal(["06-30 03:00", "07-31 03:00"], Starts(schedule with { IsLastDay = true }, Monday, 2));
        Assert.Equal(["06-09 03:00", "07-14 03:00"], Starts(schedule with { Week = WeekOfMonth.Second, WeekDay = WeekDay.Tuesday }, Monday, 2));
        Assert.Equal(["06-26 03:00", "07-31 03:00"], Starts(schedule with { Week = WeekOfMonth.Last, WeekDay = WeekDay.Friday }, Monday, 2));
        Assert.Equal(new DateTimeOffset(2028, 2, 29, 3, 0, 0, TimeSpan.Zero), new ScheduleTimes(schedule with { Day = 29, Months = [2] }).Next(Monday));
        Assert.Null(new ScheduleTimes(schedule with { Day = 30, Months = [2] }).Next(Monday));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00:00Z")] // 02:00 to 03:00 does not exist: 03:00 summer time
    [InlineData("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30:00Z")] // comes twice: the first, in summer time
    [InlineData("America/New_York", "2026-03-08", "02:00", "2026-03-08T07:00:00Z")]
    [InlineData("America/New_York", "2026-11-01", "01:15", "2026-11-01T05:15:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30:00Z")] // half an hour is skipped
    public void A_daily_start_that_the_clocks_skip_is_the_next_minute_that_exists_and_one_that_comes_twice_is_made_once(string zone, string day, string at, string expected)
    {
        var times = new ScheduleTimes(new ScheduleSettings { Kind = ScheduleKind.Daily, TimeZone = zone, At = at });
        var moment = DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture);
        var around = times.After(moment.AddHours(-20)).Take(2).ToList();
        Assert.Equal(moment, around[0]);
        Assert.True(around[1] - around[0] > TimeSpan.FromHours(20), $"{day}: once a night, but again at {around[1]:u}");
    }

    [Fact]
    public void The_night_that_loses_an_hour_has_its_periodic_starts_once_and_the_one_that_gains_one_too()
    {
        var schedule = new ScheduleSettings { Kind = ScheduleKind.Periodic, EveryMinutes = 30, TimeZone = "Europe/Berlin" };
        var spring = new ScheduleTimes(schedule).After(new DateTimeOffset(2026, 3, 28, 23, 59, 0, TimeSpan.Zero)).Take(5);
        Assert.Equal(["00:00", "00:30", "01:00", "01:30", "02:00"], spring.Select(start => $"{start:HH:mm}"));
        // 02:00 and 02:30 of summer time; the second round of that hour has none.
        var autumn = new ScheduleTimes(schedule).After(new DateTimeOffset(2026, 10, 24, 23, 29, 0, TimeSpan.Zero)).Take(5);
        Assert.Equal(["23:30", "00:00", "00:30", "02:00", "02:30"], autumn.Select(start => $"{start:HH:mm}"));
    }

    [Fact]
    public void A_daily_start_keeps_its_local_time_over_the_year()
    {
        var times = new ScheduleTimes(new ScheduleSettings { Kind = ScheduleKind.Daily, At = "22:00", TimeZone = "Europe/Berlin" });
        Assert.Equal("20:00", $"{times.Next(Monday):HH:mm}");
        Assert.Equal("21:00", $"{times.Next(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)):HH:mm}");
        Assert.Equal(365, times.After(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).TakeWhile(start => start.Year == 2026).Count());
    }

    [Fact]
    public void No_start_lies_outside_the_backup_window_and_a_session_has_to_end_with_it()
    {
        var times = new ScheduleTimes(new ScheduleSettings { Kind = ScheduleKind.Periodic, EveryMinutes = 240, BackupWindow = Ranges("22:00-06:00") });
        Assert.Equal(["00:00", "04:00"], times.After(Monday.AddTicks(-1)).TakeWhile(start => start.Day == 1).Select(start => $"{start:HH:mm}"));
        Assert.Equal(Monday.AddHours(6), times.EndOfWindow(Monday.AddHours(4)));
        Assert.Null(times.EndOfWindow(Monday.AddHours(12)));
    }

    [Fact]
    public void A_continuous_job_begins_again_when_its_hours_do()
    {
        var times = new ScheduleTimes(new ScheduleSettings { Kind = ScheduleKind.Continuous, AllowedHours = Ranges("20:00-06:00") });
        Assert.Equal(Monday.AddHours(3), times.FirstAllowed(Monday.AddHours(3)));
        Assert.Equal(Monday.AddHours(20), times.FirstAllowed(Monday.AddHours(7.123)));
    }

    [Fact]
    public void Ten_years_of_starts_are_found_in_a_moment()
    {
        var times = new ScheduleTimes(new ScheduleSettings { Kind = ScheduleKind.Daily, At = "02:30", TimeZone = "Europe/Berlin" });
        var starts = times.After(Monday).Take(3653).ToList();
        Assert.Equal(starts.Order(), starts);
        Assert.Equal(starts.Count, starts.Select(start => DateOnly.FromDateTime(start.UtcDateTime)).Distinct().Count());
    }

    internal static IReadOnlyList<HoursRange>? Ranges(string? text) => text is null ? null : [.. text.Split(' ').Select(range => new HoursRange { From = range[..5], To = range[6..] })];

    private static string OfTheDay(ScheduleSettings schedule) =>
        string.Join(' ', new ScheduleTimes(schedule).After(Monday.AddTicks(-1)).TakeWhile(start => start < Monday.AddDays(1)).Select(start => start.ToString("HH:mm", CultureInfo.InvariantCulture)));

    private static IEnumerable<string> Starts(ScheduleSettings schedule, DateTimeOffset after, int count) =>
        new ScheduleTimes(schedule).After(after).Take(count).Select(start => start.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture));
}
