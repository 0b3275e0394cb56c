using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs.Schedules;

/// <summary>The next starts of a schedule, for people to check what they wrote.</summary>
public static class SchedulePreviews
{
    /// <summary>The next starts of a job.</summary>
    public static SchedulePreview Of(JobDocument job, int count, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(job);
        var preview = Of(job.Schedule ?? new ScheduleSettings(), count, now);
        return job.IsEnabled ? preview : preview with { Starts = [], Note = "the job is not enabled" };
    }

    /// <summary>The next starts of a schedule that was checked, in its own time zone.</summary>
    public static SchedulePreview Of(ScheduleSettings schedule, int count, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var preview = new SchedulePreview(schedule.Kind, ScheduleWords.Of(schedule), schedule.TimeZone, [], null);
        if (ZonedTime.Find(schedule.TimeZone) is not { } zone) return preview with { Note = $"the server does not know the time zone '{schedule.TimeZone}'" };
        return schedule.Kind switch
        {
            ScheduleKind.Manual => preview with { Note = "it is started by hand only" },
            ScheduleKind.AfterJob => preview with { Note = $"it starts when a session of '{schedule.AfterJob}' has finished" },
            ScheduleKind.Continuous => preview with
            {
                Starts = [.. new[] { new ScheduleTimes(schedule).FirstAllowed(now) }.OfType<DateTimeOffset>().Select(start => TimeZoneInfo.ConvertTime(start, zone))], Note = "then each time that a session has ended",
            },
            _ => preview with { Starts = [.. new ScheduleTimes(schedule).After(now).Take(count).Select(start => TimeZoneInfo.ConvertTime(start, zone))] },
        };
    }
}
