using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Quiesce.Contracts.Rest;

namespace Quiesce.Server.Api;

/// <summary>Session reports as JSON. A task's part is written once for as long as it stays the same, whoever watches: of a thousand machines few change between two looks.</summary>
internal static class ReportText
{
    private const string NoTasks = "\"tasks\":[]";

    // Kept as long as somebody keeps the report of the task.
    private static readonly ConditionalWeakTable<TaskReport, string> Written = [];

    /// <summary>The same text as the serialiser's own.</summary>
    public static string Of(SessionReport report)
    {
        var frame = JsonSerializer.Serialize(report with { Tasks = [] }, RestJson.Default.SessionReport);
        // No value can hold this text: a quote within a value is written with a backslash.
        var place = frame.IndexOf(NoTasks, StringComparison.Ordinal);
        if (place < 0)
            return JsonSerializer.Serialize(report, RestJson.Default.SessionReport);
        var text = new StringBuilder(frame, 0, place + NoTasks.Length - 1, Math.Max(256, frame.Length + (report.Tasks.Count * 1024)));
        for (var index = 0; index < report.Tasks.Count; index++)
            text.Append(index == 0 ? "" : ",").Append(Written.GetValue(report.Tasks[index], static task => JsonSerializer.Serialize(task, RestJson.Default.TaskReport)));
        return text.Append(frame, place + NoTasks.Length - 1, frame.Length - place - NoTasks.Length + 1).ToString();
    }
}
