namespace Quiesce.Engine;

/// <summary>
/// A cron expression of six fields, seconds first, in UTC: second, minute, hour, day of month, month, day of week. Fields take <c>*</c>, <c>?</c>, lists,
/// ranges (also over the end, such as <c>22-2</c>), steps and the English names of months and days; the day of month also <c>L</c>, <c>L-3</c>,
/// <c>15W</c>, <c>LW</c>; the day of week also <c>5L</c> and <c>MON#2</c>. Where both days are given, both must hold.
/// <c>@hourly</c>, <c>@daily</c>, <c>@weekly</c>, <c>@monthly</c>, <c>@yearly</c>, <c>@every_minute</c> and <c>@every_second</c> are short for the usual.
/// </summary>
public sealed class CronSchedule
{
    // The pattern of weekdays and leap years repeats every 28 years except around 2100; a day that does not come in that time does not come.
    private const int MaxYears = 40;

    private readonly CronField second;
    private readonly CronField minute;
    private readonly CronField hour;
    private readonly CronField month;
    private readonly CronDays days;

    private CronSchedule(string text, string[] fields)
    {
        Text = text;
        second = CronField.Parse(fields[0], "second", 0, 59, []);
        minute = CronField.Parse(fields[1], "minute", 0, 59, []);
        hour = CronField.Parse(fields[2], "hour", 0, 23, []);
        month = CronField.Parse(fields[4], "month", 1, 12, CronField.Months);
        days = CronDays.Parse(fields[3], fields[5]);
    }

    /// <summary>As it was given.</summary>
    public string Text { get; }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It is none; the message names the field and what it takes.</exception>
    public static CronSchedule Parse(string? text)
    {
        var given = text?.Trim() ?? "";
        var expanded = given.ToUpperInvariant() switch
        {
            "@EVERY_SECOND" => "* * * * * *",
            "@EVERY_MINUTE" => "0 * * * * *",
            "@HOURLY" => "0 0 * * * *",
            "@DAILY" or "@MIDNIGHT" => "0 0 0 * * *",
            "@WEEKLY" => "0 0 0 * * 0",
            "@MONTHLY" => "0 0 0 1 * *",
            "@YEARLY" or "@ANNUALLY" => "0 0 0 1 1 *",
            _ => given,
        };
        var fields = expanded.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 6)
            throw new FormatException(
                $"'{given}' is not a cron expression: it has {fields.Length} fields and needs six, seconds first, such as \"0 30 2 * * *\" for every night at 2:30 UTC.");
        try
        {
            return new(given, fields);
        }
        catch (FormatException e)
        {
            throw new FormatException($"'{given}' is not a cron expression: {e.Message}", e);
        }
    }

    /// <summary>The same, or null.</summary>
    public static CronSchedule? TryParse(string? text)
    {
        try
        {
            return Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The first moment strictly after the given one, in UTC and whole seconds; null when there is none (such as 30 February).</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (after.UtcDateTime > DateTime.MaxValue.AddDays(-1))
            return null;
        var from = after.UtcDateTime.AddSeconds(1);
        var (time, isLater) = NextTime(from.Hour, from.Minute, from.Second);
        var day = from.Date;
        if (isLater)
        {
            if (Holds(day))
                return At(day, time);
            day = day.AddDays(1);
        }
        else
        {
            day = day.AddDays(1);
        }

        time = FirstTime();
        var last = day.Year + MaxYears;
        while (day.Year <= last && day.Year < 9999)
        {
            if (!month.Has(day.Month))
                day = new DateTime(day.Year, day.Month, 1).AddMonths(1);
            else if (days.Hold(day))
                return At(day, time);
            else
                day = day.AddDays(1);
        }

        return null;
    }

    private bool Holds(DateTime day) => month.Has(day.Month) && days.Hold(day);

    private TimeSpan FirstTime() => new(hour.From(0)!.Value, minute.From(0)!.Value, second.From(0)!.Value);

    // The first time of day at or after the given one; false when it is only tomorrow.
    private (TimeSpan Time, bool IsToday) NextTime(int atHour, int atMinute, int atSecond)
    {
        if (hour.Has(atHour))
        {
            if (minute.Has(atMinute) && second.From(atSecond) is { } s)
                return (new(atHour, atMinute, s), true);
            if (minute.From(atMinute + 1) is { } m)
                return (new(atHour, m, second.From(0)!.Value), true);
        }

        return hour.From(atHour + 1) is { } h ? (new(h, minute.From(0)!.Value, second.From(0)!.Value), true) : (default, false);
    }

    private static DateTimeOffset At(DateTime day, TimeSpan time) => new(day.Add(time), TimeSpan.Zero);
}
