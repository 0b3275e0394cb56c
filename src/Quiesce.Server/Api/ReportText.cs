using System.Runtime.CompilerServices;
using System.Text.Json;
using Quiesce.Contracts.Rest;

namespace Quiesce.Server.Api;

/// <summary>A session report as UTF-8 JSON, in pieces. A task's piece is made once for as long as the task stays the same, whoever watches: of a thousand machines few change between two looks.</summary>
internal sealed class ReportText
{
    // Kept as long as somebody keeps the report of the task.
    private static readonly ConditionalWeakTable<TaskReport, byte[]> Written = [];
    private readonly byte[] _frame;
    private readonly int _place;
    private readonly byte[][] _tasks;

    private ReportText(byte[] frame, int place, byte[][] tasks) => (_frame, _place, _tasks) = (frame, place, tasks);

    /// <summary>The same as the serialiser's own text.</summary>
    public static ReportText Of(SessionReport report)
    {
        var frame = JsonSerializer.SerializeToUtf8Bytes(report with { Tasks = [] }, RestJson.Default.SessionReport);
        // No value can hold this: a quote within a value is written with a backslash.
        var noTasks = "\"tasks\":[]"u8;
        return new ReportText(frame, frame.AsSpan().IndexOf(noTasks) + noTasks.Length - 1,
            [.. report.Tasks.Select(task => Written.GetValue(task, static one => JsonSerializer.SerializeToUtf8Bytes(one, RestJson.Default.TaskReport)))]);
    }

    /// <summary>Whether both are the same text.</summary>
    public bool Says(ReportText? other) =>
        other is not null && _tasks.Length == other._tasks.Length && _frame.AsSpan().SequenceEqual(other._frame)
        && _tasks.Zip(other._tasks).All(pair => ReferenceEquals(pair.First, pair.Second) || pair.First.AsSpan().SequenceEqual(pair.Second));

    /// <summary>The pieces in order.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces()
    {
        yield return _frame.AsMemory(0, _place);
        for (var index = 0; index < _tasks.Length; index++)
        {
            if (index > 0)
                yield return Comma;
            yield return _tasks[index];
        }

        yield return _frame.AsMemory(_place);
    }

    private static readonly ReadOnlyMemory<byte> Comma = ","u8.ToArray();
}
