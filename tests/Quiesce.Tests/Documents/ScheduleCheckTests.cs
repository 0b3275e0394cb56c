using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Documents;

namespace Quiesce.Tests.Documents;

/// <summary>What is wrong with the schedule of a job file is said with line and path.</summary>
public sealed class ScheduleCheckTests
{
    [Theory]
    [InlineData("""{ "kind": "Dayly", "at": "22:00" }""", "/schedule/kind", "Did you mean 'Daily'?")]
    [InlineData("""{ "kind": "Daily", "at": "25:00" }""", "/schedule/at", "has to be a time of day such as 22:00")]
    [InlineData("""{ "kind": "Daily", "at": "22:00", "evry": 5 }""", "/schedule/evry", "not known here")]
    [InlineData("""{ "kind": "Daily", "at": "22:00", "days": ["Moonday"] }""", "/schedule/days/0", "Did you mean 'Monday'?")]
    [InlineData("""{ "kind": "Daily", "at": "22:00", "days": [] }""", "/schedule/days", "needs at least 1 entry")]
    [InlineData("""{ "kind": "Daily" }""", "/schedule", "needs 'at'")]
    [InlineData("""{ "kind": "Daily", "at": "22:00", "timeZone": "Europe/Berlln" }""", "/schedule/timeZone", "no time zone 'Europe/Berlln'")]
    [InlineData("""{ "kind": "Daily", "at": "12:00", "backupWindow": [{ "from": "22:00", "to": "06:00" }] }""", "/schedule", "never starts")]
    [InlineData("""{ "kind": "Monthly", "at": "22:00" }""", "/schedule", "exactly one of 'day'")]
    [InlineData("""{ "kind": "Monthly", "at": "22:00", "day": 1, "isLastDay": true }""", "/schedule", "there are 2")]
    [InlineData("""{ "kind": "Monthly", "at": "22:00", "week": "Second" }""", "/schedule/week", "belong together")]
    [InlineData("""{ "kind": "Monthly", "at": "22:00", "day": 31, "months": [2, 4] }""", "/schedule", "never starts")]
    [InlineData("""{ "kind": "Periodic" }""", "/schedule", "needs 'everyMinutes'")]
    [InlineData("""{ "kind": "Periodic", "everyMinutes": 0 }""", "/schedule/everyMinutes", "between 1 and 1440")]
    [InlineData("""{ "kind": "Periodic", "everyMinutes": 60, "offsetMinutes": 60 }""", "/schedule/offsetMinutes", "between 0 and 59")]
    [InlineData("""{ "kind": "Periodic", "everyMinutes": 60, "allowedHours": [{ "from": "09:00", "to": "09:00" }] }""", "/schedule/allowedHours/0", "are none")]
    [InlineData("""{ "kind": "Periodic", "everyMinutes": 60, "allowedHours": [{ "from": "09:00" }] }""", "/schedule/allowedHours/0", "needs 'to'")]
    [InlineData("""{ "kind": "Continuous", "allowedHours": [{ "from": "09:00", "to": "10:00" }], "backupWindow": [{ "from": "22:00", "to": "23:00" }] }""", "/schedule", "never starts")]
    [InlineData("""{ "kind": "AfterJob" }""", "/schedule", "needs 'afterJob'")]
    [InlineData("""{ "kind": "AfterJob", "afterJob": "small" }""", "/schedule/afterJob", "cannot start after itself")]
    [InlineData("""{ "kind": "AfterJob", "afterJob": "nobody" }""", "/schedule/afterJob", "There is no job 'nobody'")]
    [InlineData("""{ "kind": "AfterJob", "afterJob": "b" }""", "/schedule/afterJob", "small after b after a after small")]
    public void A_wrong_schedule_is_refused_with_the_place_and_what_to_do(string schedule, string path, string words)
    {
        var complaint = Assert.Single(Read(schedule), complaint => complaint.Level == "error");
        Assert.Equal((path, 5), (complaint.Path, complaint.Line));
        Assert.Contains(words, complaint.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "kind": "Manual" }""")]
    [InlineData("""{ "kind": "Daily", "at": "02:30", "timeZone": "Europe/Berlin", "days": ["Sunday"] }""")]
    [InlineData("""{ "kind": "Monthly", "at": "22:00", "week": "Last", "weekDay": "Friday", "months": [12] }""")]
    [InlineData("""{ "kind": "Periodic", "everyMinutes": 15, "offsetMinutes": 5, "allowedHours": [{ "from": "22:00", "to": "06:00", "days": ["Friday"] }] }""")]
    [InlineData("""{ "kind": "Continuous", "backupWindow": [{ "from": "00:00", "to": "24:00" }] }""")]
    [InlineData("""{ "kind": "AfterJob", "afterJob": "a" }""", "b")]
    public void A_right_one_is_taken_as_it_is(string schedule, string name = "small") => Assert.Empty(Read(schedule, name));

    [Fact]
    public void A_member_that_its_kind_does_not_look_at_is_a_warning()
    {
        var complaint = Assert.Single(Read("""{ "kind": "Daily", "at": "22:00", "everyMinutes": 60 }"""));
        Assert.Equal(("warning", "/schedule/everyMinutes"), (complaint.Level, complaint.Path));
    }

    private static IReadOnlyList<Complaint> Read(string schedule, string name = "small") =>
        JobFile.Read(
            new ApplyJob($"{{ \"name\": \"{name}\",\n\"machines\": [{{ \"name\": \"here\", \"connect\": \"local\" }}],\n\"source\": {{ \"path\": \"/data\" }},\n\n\"schedule\": {schedule} }}", "job.json", new Dictionary<string, string>(), null),
            _ => true, new Dictionary<string, string?> { ["a"] = "small", ["b"] = "a", ["small"] = null }).Complaints;
}
