using System.Globalization;
using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs.Schedules;

/// <summary>A schedule as a person says it.</summary>
public static class ScheduleWords
{
    /// <summary>One short phrase, such as <c>daily at 22:00 (Europe/Berlin)</c>.</summary>
    public static string Of(ScheduleSettings? schedule) => schedule?.Kind switch
    {
        null or ScheduleKind.Manual => "by hand",
        ScheduleKind.Daily => $"{(schedule.Days is null ? "daily" : string.Join(", ", schedule.Days))} at {schedule.At} ({schedule.TimeZone})",
        ScheduleKind.Monthly => $"monthly on {MonthDay(schedule)}{Months(schedule)} at {schedule.At} ({schedule.TimeZone})",
        ScheduleKind.Periodic => $"every {Span(schedule.EveryMinutes ?? 0)}{(schedule.OffsetMinutes > 0 ? $", {schedule.OffsetMinutes} min past" : "")}{Hours(schedule)} ({schedule.TimeZone})",
        ScheduleKind.Continuous => $"continuously{Hours(schedule)}{(schedule.AllowedHours is null ? "" : $" ({schedule.TimeZone})")}",
        _ => $"after {schedule.AfterJob}",
    };

    private static string MonthDay(ScheduleSettings schedule) =>
        schedule.IsLastDay ? "the last day" : schedule.Week is { } week ? $"the {week.ToString().ToLowerInvariant()} {schedule.WeekDay}" : $"day {schedule.Day}";

    private static string Months(ScheduleSettings schedule) =>
        schedule.Months is null ? "" : " of " + string.Join(", ", schedule.Months.Select(month => CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedMonthName(month)));

    private static string Span(int minutes) => minutes % 60 == 0 ? $"{minutes / 60} h" : $"{minutes} min";

    private static string Hours(ScheduleSettings schedule) =>
        schedule.AllowedHours is null ? "" : " within " + string.Join(", ", schedule.AllowedHours.Select(range => $"{range.From}–{range.To}{(range.Days is null ? "" : $" {string.Join("/", range.Days)}")}"));
}
