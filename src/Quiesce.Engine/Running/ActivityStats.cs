namespace Quiesce.Engine;

/// <summary>What a designer shows on an activity: how often it ran and how it stands.</summary>
public sealed record ActivityStats
{
    public required string ActivityId { get; init; }

    public required string ActivityNodeId { get; init; }

    /// <summary>Executions that began.</summary>
    public int StartedCount { get; init; }

    /// <summary>Executions that completed.</summary>
    public int CompletedCount { get; init; }

    /// <summary>Executions that began and have not ended in any way.</summary>
    public int UncompletedCount { get; init; }

    /// <summary>One of them waits at a bookmark.</summary>
    public bool IsBlocked { get; init; }

    /// <summary>One of them faulted.</summary>
    public bool IsFaulted { get; init; }

    /// <summary>Faults of the executions and of everything below them.</summary>
    public int AggregateFaultCount { get; init; }

    /// <summary>The figures of each node that ran, given the last record of every execution.</summary>
    public static IReadOnlyList<ActivityStats> Of(IEnumerable<ActivityExecutionRecord> executions) =>
    [
        .. executions.GroupBy(e => e.ActivityNodeId, StringComparer.Ordinal).Select(g => new ActivityStats
        {
            ActivityId = g.First().ActivityId,
            ActivityNodeId = g.Key,
            StartedCount = g.Count(),
            CompletedCount = g.Count(e => e.Status == ActivityStatus.Completed),
            UncompletedCount = g.Count(e => e.Status is ActivityStatus.Pending or ActivityStatus.Running),
            IsBlocked = g.Any(e => e is { HasBookmarks: true, Status: ActivityStatus.Running }),
            IsFaulted = g.Any(e => e.Status == ActivityStatus.Faulted),
            AggregateFaultCount = g.Sum(e => e.AggregateFaultCount),
        }),
    ];
}
