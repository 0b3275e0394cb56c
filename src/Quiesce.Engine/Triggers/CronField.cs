using System.Globalization;

namespace Quiesce.Engine;

/// <summary>The values that one field of a cron expression stands for.</summary>
internal sealed class CronField(ulong values, int max)
{
    public static string[] Months { get; } = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    public static string[] Days { get; } = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    public bool Has(int value) => (values >> value & 1) == 1;

    /// <summary>The first value from the given one on, or null.</summary>
    public int? From(int value)
    {
        for (; value <= max; value++)
            if (Has(value))
                return value;
        return null;
    }

    /// <exception cref="FormatException">The text is no such field.</exception>
    public static CronField Parse(string text, string name, int min, int max, string[] words)
    {
        ulong values = 0;
        foreach (var part in text.Split(','))
            values |= Part(part, name, min, max, words);
        return new(values, max);
    }

    /// <exception cref="FormatException">The text is no number of the field.</exception>
    public static int Number(string text, string name, int min, int max, string[] words)
    {
        var word = Array.FindIndex(words, w => w.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (word >= 0)
            return word + min;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        throw new FormatException($"'{text}' is no {name}; it takes {min} to {max}{(words.Length > 0 ? $" and {words[0]} to {words[^1]}" : "")}.");
    }

    private static ulong Part(string part, string name, int min, int max, string[] words)
    {
        var (range, step) = part.Split('/') switch
        {
            [var whole] => (whole, 0),
            [var whole, var every] => (whole, Number(every, $"step of the {name}", 1, max, [])),
            _ => throw new FormatException($"'{part}' is no {name}: it has two steps."),
        };
        var (from, to) = range switch
        {
            "*" or "?" => (min, max),
            _ when range.Split('-') is [var first, var last] => (Number(first, name, min, max, words), Number(last, name, min, max, words)),
            _ when Number(range, name, min, max, words) is var one => (one, step > 0 ? max : one),
            _ => default,
        };
        ulong values = 0;
        var count = max - min + 1;
        // A range may go over the end: 22-2 is 22, 23, 0, 1, 2.
        var length = to >= from ? to - from : to - from + count;
        for (var i = 0; i <= length; i += Math.Max(step, 1))
            values |= 1UL << (min + (from - min + i) % count);
        return values;
    }
}

/// <summary>The two fields about days; both must hold.</summary>
internal sealed class CronDays
{
    private readonly Func<DateTime, bool> ofMonth;
    private readonly Func<DateTime, bool> ofWeek;

    private CronDays(Func<DateTime, bool> ofMonth, Func<DateTime, bool> ofWeek)
    {
        this.ofMonth = ofMonth;
        this.ofWeek = ofWeek;
    }

    public static CronDays Parse(string ofMonth, string ofWeek) => new(Any(ofMonth, OfMonth), Any(ofWeek, OfWeek));

    public bool Hold(DateTime day) => ofMonth(day) && ofWeek(day);

    // What the special letters mean is known only once there is a month, so each part of a list decides for itself.
    private static Func<DateTime, bool> Any(string text, Func<string, Func<DateTime, bool>> part)
    {
        var parts = text.Split(',').Select(part).ToArray();
        return parts.Length == 1 ? parts[0] : day => Array.Exists(parts, holds => holds(day));
    }

    private static Func<DateTime, bool> OfMonth(string text)
    {
        var upper = text.ToUpperInvariant();
        if (upper == "LW")
            return day => day.Date == NearestWeekday(day, LastOf(day));
        if (upper == "L")
            return day => day.Day == LastOf(day);
        if (upper.StartsWith("L-", StringComparison.Ordinal))
        {
            var before = CronField.Number(upper[2..].TrimEnd('W'), "distance from the end of the month", 0, 30, []);
            return upper.EndsWith('W')
                ? day => LastOf(day) > before && day.Date == NearestWeekday(day, LastOf(day) - before)
                : day => day.Day == LastOf(day) - before;
        }

        if (upper.EndsWith('W'))
        {
            var near = CronField.Number(upper[..^1], "day of the month", 1, 31, []);
            return day => near <= LastOf(day) && day.Date == NearestWeekday(day, near);
        }

        var field = CronField.Parse(upper, "day of the month", 1, 31, []);
        return day => field.Has(day.Day);
    }

    private static Func<DateTime, bool> OfWeek(string text)
    {
        var upper = text.ToUpperInvariant();
        if (upper.Split('#') is [var named, var nth])
        {
            var weekday = Weekday(named);
            var number = CronField.Number(nth, "occurrence of a weekday", 1, 5, []);
            return day => (int)day.DayOfWeek == weekday && (day.Day - 1) / 7 + 1 == number;
        }

        if (upper.Length > 1 && upper.EndsWith('L'))
        {
            var weekday = Weekday(upper[..^1]);
            return day => (int)day.DayOfWeek == weekday && day.Day + 7 > LastOf(day);
        }

        // 7 is Sunday too, also as an end of a range.
        var field = CronField.Parse(upper, "day of the week", 0, 7, CronField.Days);
        if (upper.Contains('-', StringComparison.Ordinal) || upper.Contains('/', StringComparison.Ordinal))
            field = upper.Contains('7', StringComparison.Ordinal) ? field : CronField.Parse(upper, "day of the week", 0, 6, CronField.Days);
        return day => field.Has((int)day.DayOfWeek) || day.DayOfWeek == DayOfWeek.Sunday && field.Has(7);
    }

    private static int Weekday(string text) => CronField.Number(text, "day of the week", 0, 7, CronField.Days) % 7;

    private static int LastOf(DateTime day) => DateTime.DaysInMonth(day.Year, day.Month);

    // The weekday nearest to a day, within the same month.
    private static DateTime NearestWeekday(DateTime month, int day)
    {
        var date = new DateTime(month.Year, month.Month, day);
        return date.DayOfWeek switch
        {
            DayOfWeek.Saturday => day == 1 ? date.AddDays(2) : date.AddDays(-1),
            DayOfWeek.Sunday => day == LastOf(month) ? date.AddDays(-2) : date.AddDays(1),
            _ => date,
        };
    }
}
