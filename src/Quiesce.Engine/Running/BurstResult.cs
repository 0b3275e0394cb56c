namespace Quiesce.Engine;

/// <summary>Everything that a burst wants written, all of it or nothing.</summary>
public sealed record BurstResult
{
    public required InstanceState State { get; init; }

    /// <summary>Ids of the stimuli that were used.</summary>
    public required IReadOnlyList<string> Consumed { get; init; }

    /// <summary>Ids of the stimuli that nobody waits for yet, or that came after the end: they wait as rows.</summary>
    public required IReadOnlyList<string> Unmatched { get; init; }

    public required IReadOnlyList<JournalRecord> Journal { get; init; }

    public required IReadOnlyList<ActivityExecutionRecord> ActivityExecutions { get; init; }

    /// <summary>All bookmarks that are open now, oldest first. None once the instance is Finished.</summary>
    public required IReadOnlyList<Bookmark> Bookmarks { get; init; }

    /// <summary>What the burst wants done, in order.</summary>
    public required IReadOnlyList<Effect> Effects { get; init; }

    /// <summary>The texts of <c>Elsa.WriteLine</c>, in order.</summary>
    public required IReadOnlyList<string> Lines { get; init; }
}
