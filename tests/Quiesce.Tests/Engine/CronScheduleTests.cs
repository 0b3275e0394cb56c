using Quiesce.Engine;

namespace Quiesce.Tests.Engine;

public class CronScheduleTests
{
    // From a Thursday.
    [Theory]
    [InlineData("* * * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z")]
    [InlineData("0 * * * * *", "2026-01-01T00:00:59Z", "2026-01-01T00:01:00Z")]
    [InlineData("*/15 * * * * *", "2026-01-01T00:00:46Z", "2026-01-01T00:01:00Z")]
    [InlineData("0 30 2 * * *", "2026-01-01T02:30:00Z", "2026-01-02T02:30:00Z")]
    [InlineData("0 30 2 * * *", "2026-01-01T01:30:00+02:00", "2026-01-01T02:30:00Z")]
    [InlineData("0 0 22-2 * * *", "2026-01-01T02:00:00Z", "2026-01-01T22:00:00Z")]
    [InlineData("0 0 22-2/2 * * *", "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z")]
    [InlineData("0 0 9 * * MON-FRI", "2026-01-02T10:00:00Z", "2026-01-05T09:00:00Z")]
    [InlineData("0 0 9 * * FRI-MON", "2026-01-05T10:00:00Z", "2026-01-09T09:00:00Z")]
    [InlineData("0 0 9 ? * 0", "2026-01-01T00:00:00Z", "2026-01-04T09:00:00Z")]
    [InlineData("0 0 9 ? * 7", "2026-01-01T00:00:00Z", "2026-01-04T09:00:00Z")]
    [InlineData("0 0 0 L * *", "2026-02-01T00:00:00Z", "2026-02-28T00:00:00Z")]
    [InlineData("0 0 0 L-3 * *", "2026-02-01T00:00:00Z", "2026-02-25T00:00:00Z")]
    [InlineData("0 0 0 LW * *", "2026-02-01T00:00:00Z", "2026-02-27T00:00:00Z")]
    [InlineData("0 0 0 1W * *", "2026-07-31T12:00:00Z", "2026-08-03T00:00:00Z")]
    [InlineData("0 0 0 15W * *", "2026-02-01T00:00:00Z", "2026-02-16T00:00:00Z")]
    [InlineData("0 0 0 * * FRIL", "2026-01-01T00:00:00Z", "2026-01-30T00:00:00Z")]
    [InlineData("0 0 0 * * MON#2", "2026-01-01T00:00:00Z", "2026-01-12T00:00:00Z")]
    [InlineData("0 0 0 13 * FRI", "2026-01-01T00:00:00Z", "2026-02-13T00:00:00Z")]
    [InlineData("0 0 0 29 FEB *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("5,10 0 0 1 jan,jul *", "2026-01-01T00:00:05Z", "2026-01-01T00:00:10Z")]
    [InlineData("@daily", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    [InlineData("@weekly", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z")]
    [InlineData("@every_minute", "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z")]
    public void Next_moment_is_the_first_strictly_after(string text, string after, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next), CronSchedule.Parse(text).Next(DateTimeOffset.Parse(after)));

    [Theory]
    [InlineData("0 0 0 30 FEB *")]
    [InlineData("0 0 0 31 4,6,9,11 *")]
    public void Moment_that_never_comes_is_null(string text) => Assert.Null(CronSchedule.Parse(text).Next(DateTimeOffset.UnixEpoch));

    [Fact]
    public void Next_at_the_end_of_the_calendar_is_null() => Assert.Null(CronSchedule.Parse("* * * * * *").Next(DateTimeOffset.MaxValue));

    [Theory]
    [InlineData("", "it has 0 fields")]
    [InlineData("0 0 * * *", "it has 5 fields")]
    [InlineData("60 * * * * *", "'60' is no second; it takes 0 to 59")]
    [InlineData("0 0 24 * * *", "'24' is no hour")]
    [InlineData("0 0 0 0 * *", "'0' is no day of the month")]
    [InlineData("0 0 0 * 13 *", "'13' is no month; it takes 1 to 12 and JAN to DEC")]
    [InlineData("0 0 0 * * 8", "'8' is no day of the week")]
    [InlineData("0 0 0 * * MON#6", "'6' is no occurrence of a weekday")]
    [InlineData("0 */0 * * * *", "'0' is no step of the minute")]
    [InlineData("0 1/2/3 * * * *", "two steps")]
    [InlineData("0 -1 * * * *", "is no minute")]
    [InlineData("0 99999999999 * * * *", "is no minute")]
    [InlineData("@never", "it has 1 fields")]
    public void Text_that_is_none_is_refused_with_the_field(string text, string reason)
    {
        var refusal = Assert.Throws<FormatException>(() => CronSchedule.Parse(text));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Null(CronSchedule.TryParse(text));
    }

    [Fact]
    public void A_year_of_moments_is_what_a_slow_look_at_every_minute_finds()
    {
        var cron = CronSchedule.Parse("0 7/23 3-5 1,15,L * MON-SAT");
        var expected = new List<DateTimeOffset>();
        for (var at = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero); at.Year == 2027; at = at.AddMinutes(1))
            if (at.Hour is >= 3 and <= 5 && at.Minute is 7 or 30 or 53 && at.Hour is >= 3 and <= 5 && at.DayOfWeek != DayOfWeek.Sunday
                && (at.Day is 1 or 15 || at.Day == DateTime.DaysInMonth(at.Year, at.Month)))
                expected.Add(at);

        var found = new List<DateTimeOffset>();
        for (var at = cron.Next(new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.Zero)); at is { Year: 2027 }; at = cron.Next(at.Value))
            found.Add(at.Value);

        Assert.Equal(expected, found);
    }
}
