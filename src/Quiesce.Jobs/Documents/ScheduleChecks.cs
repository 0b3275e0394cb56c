using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Schedules;

namespace Quiesce.Jobs.Documents;

/// <summary>What no schema can say of a schedule: which members its kind needs, whether it ever starts, and that no job waits for itself.</summary>
public sealed class ScheduleChecks(string job, ScheduleSettings schedule, IReadOnlyDictionary<string, string?>? follows, Action<string, string, string> complain)
{
    private const string At = "/schedule";
    // Any moment will do: a schedule that has a start has one in every eight years.
    private static readonly DateTimeOffset SomeDay = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JsonTypeInfo<ScheduleSettings> WithoutNulls =
        new RestJson(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull }).ScheduleSettings;
    private bool _wrong;

    /// <summary>What is wrong with a schedule by itself, apart from the file that states it; empty where it may be used. The text of its times is checked too.</summary>
    public static IReadOnlyList<Complaint> Complaints(ScheduleSettings schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var (document, _) = LocatedReader.Read("the schedule", JsonSerializer.Serialize(schedule, WithoutNulls));
        var complaints = DocumentSchema.Job.CheckPart("schedule", "the schedule", document!).ToList();
        if (complaints.Count == 0)
            new ScheduleChecks("", schedule, null, (path, message, level) => complaints.Add(new Complaint("the schedule", 1, path[At.Length..], message, level))).Run();
        return [.. complaints.Where(complaint => complaint.Level == "error")];
    }

    /// <summary>Says everything.</summary>
    public void Run()
    {
        if (ZonedTime.Find(schedule.TimeZone) is null)
            Wrong("/timeZone", ZonedTime.HasData
                ? $"There is no time zone '{schedule.TimeZone}' on the server. Write an IANA name such as Europe/Berlin, or UTC."
                : $"The server has no time zone data, so that it knows UTC only and not '{schedule.TimeZone}'. Install the package tzdata there, or write UTC.");
        Ranges("/allowedHours", schedule.AllowedHours);
        Ranges("/backupWindow", schedule.BackupWindow);
        switch (schedule.Kind)
        {
            case ScheduleKind.Daily or ScheduleKind.Monthly when schedule.At is null:
                Wrong("", $"The kind {schedule.Kind} needs 'at', for example \"22:00\".");
                break;
            case ScheduleKind.Periodic when schedule.EveryMinutes is null:
                Wrong("", "The kind Periodic needs 'everyMinutes', for example 240.");
                break;
            case ScheduleKind.AfterJob:
                After();
                break;
        }

        if (schedule.Kind == ScheduleKind.Monthly) Monthly();
        Unused();
        if (!_wrong && schedule.Kind is ScheduleKind.Daily or ScheduleKind.Monthly or ScheduleKind.Periodic && new ScheduleTimes(schedule).Next(SomeDay) is null)
            Wrong("", schedule.BackupWindow is null ? "This schedule never starts: no day is as it says." : "This schedule never starts: every start lies outside the backup window, or no day is as it says.");
        else if (!_wrong && schedule.Kind == ScheduleKind.Continuous && new ScheduleTimes(schedule).FirstAllowed(SomeDay) is null)
            Wrong("", "This schedule never starts: no allowed hour lies within the backup window.");
    }

    private void Monthly()
    {
        if (schedule.Week is null != (schedule.WeekDay is null))
            Wrong(schedule.Week is null ? "/weekDay" : "/week", "'week' and 'weekDay' belong together: \"week\": \"Second\", \"weekDay\": \"Tuesday\".");
        var ways = (schedule.Day is null ? 0 : 1) + (schedule.IsLastDay ? 1 : 0) + (schedule.Week is null && schedule.WeekDay is null ? 0 : 1);
        if (ways != 1)
            Wrong("", $"The kind Monthly needs exactly one of 'day', 'isLastDay' and 'week' with 'weekDay'; there {(ways == 0 ? "is none" : $"are {ways}")}.");
    }

    private void After()
    {
        if (schedule.AfterJob is not { } name)
            Wrong("", "The kind AfterJob needs 'afterJob', the name of the job whose end starts this one.");
        else if (name == job)
            Wrong("/afterJob", $"The job '{job}' cannot start after itself. Name another job, or choose the kind Continuous.");
        else if (follows is not null && !follows.ContainsKey(name))
            Wrong("/afterJob", $"There is no job '{name}' on this server. Apply that one first; `quiesce job list` shows those there are.");
        else if (follows is not null && JobChain.Cycle(job, name, follows) is { } cycle)
            Wrong("/afterJob", $"The jobs would wait for each other: {cycle}. Let one of them start by a time or by hand.");
    }

    private void Ranges(string path, IReadOnlyList<HoursRange>? ranges)
    {
        for (var index = 0; index < ranges?.Count; index++)
            if (ranges[index].From == ranges[index].To)
                Wrong($"{path}/{index}", $"The hours from {ranges[index].From} to {ranges[index].To} are none. For a whole day write 00:00 to 24:00.");
    }

    /// <summary>A member that the kind does not look at is most likely a mistake, but does no harm.</summary>
    private void Unused()
    {
        var kind = schedule.Kind;
        void Only(bool isSet, string member, params ScheduleKind[] kinds)
        {
            if (isSet && !kinds.Contains(kind)) complain($"{At}/{member}", $"'{member}' is used by the kind {string.Join(" or ", kinds)} only, not by {kind}.", "warning");
        }

        Only(schedule.At is not null, "at", ScheduleKind.Daily, ScheduleKind.Monthly);
        Only(schedule.Days is not null, "days", ScheduleKind.Daily);
        Only(schedule.Day is not null, "day", ScheduleKind.Monthly);
        Only(schedule.IsLastDay, "isLastDay", ScheduleKind.Monthly);
        Only(schedule.Week is not null, "week", ScheduleKind.Monthly);
        Only(schedule.WeekDay is not null, "weekDay", ScheduleKind.Monthly);
        Only(schedule.Months is not null, "months", ScheduleKind.Monthly);
        Only(schedule.EveryMinutes is not null, "everyMinutes", ScheduleKind.Periodic);
        Only(schedule.OffsetMinutes != 0, "offsetMinutes", ScheduleKind.Periodic);
        Only(schedule.AllowedHours is not null, "allowedHours", ScheduleKind.Periodic, ScheduleKind.Continuous);
        Only(schedule.AfterJob is not null, "afterJob", ScheduleKind.AfterJob);
    }

    private void Wrong(string member, string message)
    {
        _wrong = true;
        complain(At + member, message, "error");
    }
}
