using System.Text.Json.Serialization;

namespace Quiesce.Contracts.Rest;

/// <summary>When a job starts by itself (R5.11).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScheduleKind>))]
public enum ScheduleKind
{
    /// <summary>By hand only.</summary>
    Manual,
    /// <summary>At a time of day, every day or on chosen week days.</summary>
    Daily,
    /// <summary>At a time of day, on a day of the month or on its first, second, … last week day.</summary>
    Monthly,
    /// <summary>Every so many minutes, counted from midnight.</summary>
    Periodic,
    /// <summary>Again as soon as the last session has ended.</summary>
    Continuous,
    /// <summary>When the session of another job has finished, after its last retry (R5.17).</summary>
    AfterJob,
}

/// <summary>Which of a month's week days: the second Tuesday, the last Friday.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WeekOfMonth>))]
public enum WeekOfMonth { First, Second, Third, Fourth, Last }

/// <summary>Days of the week by name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WeekDay>))]
public enum WeekDay { Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday }

/// <summary>The schedule of a job. Times are local to <see cref="TimeZone"/>; which members a kind uses is checked when the job is applied.</summary>
public sealed record ScheduleSettings
{
    public ScheduleKind Kind { get; set; } = ScheduleKind.Manual;
    /// <summary>IANA name of the time zone that every time here is meant in.</summary>
    public string TimeZone { get; set; } = "UTC";
    /// <summary>Daily and monthly: the time of day, <c>HH:mm</c>.</summary>
    public string? At { get; init; }
    /// <summary>Daily: the week days; null for every day.</summary>
    public IReadOnlyList<WeekDay>? Days { get; init; }
    /// <summary>Monthly: the day, 1 to 31; a month without it has no start. Null with <see cref="IsLastDay"/> or <see cref="Week"/>.</summary>
    public int? Day { get; init; }
    /// <summary>Monthly: the last day, whatever its number.</summary>
    public bool IsLastDay { get; init; }
    /// <summary>Monthly: with <see cref="WeekDay"/>, such as the second Tuesday.</summary>
    public WeekOfMonth? Week { get; init; }
    public WeekDay? WeekDay { get; init; }
    /// <summary>Monthly: the months, 1 to 12; null for every month.</summary>
    public IReadOnlyList<int>? Months { get; init; }
    /// <summary>Periodic: minutes between starts, counted from 00:00 of every day (R5.12).</summary>
    public int? EveryMinutes { get; init; }
    /// <summary>Periodic: minutes by which every start is later than the grid, 0 to 59; the end of a forbidden period moves with it.</summary>
    public int OffsetMinutes { get; init; }
    /// <summary>Periodic and continuous: when sessions may be started; null for always. All other hours are forbidden.</summary>
    public IReadOnlyList<HoursRange>? AllowedHours { get; init; }
    /// <summary>When sessions may run: at its end a session is stopped immediately, thawed and cleaned up (R5.14). Null for always.</summary>
    public IReadOnlyList<HoursRange>? BackupWindow { get; init; }
    /// <summary>AfterJob: the job whose end starts this one.</summary>
    public string? AfterJob { get; init; }
}

/// <summary>A stretch of hours. <see cref="To"/> before <see cref="From"/> runs past midnight; the days are those on which it begins.</summary>
public sealed record HoursRange
{
    /// <summary>First minute, <c>HH:mm</c>.</summary>
    public required string From { get; init; }
    /// <summary>First minute that is not in it any more, <c>HH:mm</c> up to <c>24:00</c>.</summary>
    public required string To { get; init; }
    /// <summary>Null for every day.</summary>
    public IReadOnlyList<WeekDay>? Days { get; init; }
}

/// <summary>The starts that a schedule has next.</summary>
/// <param name="Kind">The schedule's kind.</param>
/// <param name="Words">The schedule in words.</param>
/// <param name="Starts">Moments in order; empty where the kind has no times of its own or the job is disabled.</param>
/// <param name="Note">Why there are fewer than asked for, or null.</param>
public sealed record SchedulePreview(ScheduleKind Kind, string Words, string TimeZone, IReadOnlyList<DateTimeOffset> Starts, string? Note);

/// <summary>Asks for the starts of a schedule that is not saved yet.</summary>
/// <param name="Count">How many, 1 to 100.</param>
public sealed record PreviewSchedule(ScheduleSettings Schedule, int Count = 10);

/// <summary>Asks for a retry; without machines it is of all that failed.</summary>
public sealed record RetrySession(IReadOnlyList<string>? Machines = null);
