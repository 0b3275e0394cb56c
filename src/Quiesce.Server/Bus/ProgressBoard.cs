using System.Collections.Concurrent;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Server.Bus;

/// <summary>The last sign of life of every task, in memory only, for those who watch.</summary>
internal sealed class ProgressBoard(TimeProvider time)
{
    /// <summary>A sign of life that is older says nothing any more.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(2);
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<string, OperationProgress> _last = new(StringComparer.Ordinal);

    /// <summary>Raised with the session's id.</summary>
    public event Action<string>? Changed;

    public void Add(OperationProgress progress)
    {
        if (_last.Count >= Most)
            foreach (var (instance, old) in _last)
                if (time.GetUtcNow() - old.At > Fresh)
                    _last.TryRemove(instance, out _);
        if (_last.Count < Most)
            _last[progress.InstanceId] = progress;
        Changed?.Invoke(progress.SessionId);
    }

    /// <summary>The report with the last signs of life in the steps of its running tasks.</summary>
    public SessionReport Over(SessionReport report)
    {
        var now = time.GetUtcNow();
        List<TaskReport>? tasks = null;
        for (var index = 0; index < report.Tasks.Count; index++)
            if (report.Tasks[index] is { Step: { } step, EndedAt: null } task && _last.TryGetValue(SessionHost.InstanceId(report.Id, index), out var last) && now - last.At < Fresh)
            {
                tasks ??= [.. report.Tasks];
                tasks[index] = task with { Step = last.Fraction is { } part ? $"{step}: {last.Message} ({part:P0})" : $"{step}: {last.Message}" };
            }

        return tasks is null ? report : report with { Tasks = tasks };
    }
}
