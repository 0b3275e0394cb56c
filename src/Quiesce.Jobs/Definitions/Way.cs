namespace Quiesce.Jobs.Definitions;

/// <summary>One way to leave an activity.</summary>
/// <param name="Outcome">The outcome, or one of <see cref="End"/> and <see cref="Break"/>.</param>
/// <param name="Frozen">The trail since the freeze; null where nothing is frozen.</param>
internal sealed record Way(string Outcome, Trail? Frozen)
{
    public const string Done = "Done";
    /// <summary>The outcome is computed: it may be any that a connection waits for.</summary>
    public const string Any = "*";
    /// <summary>Ends the enclosing flowchart or sequence.</summary>
    public const string End = "<end>";
    /// <summary>Ends the enclosing loop.</summary>
    public const string Break = "<break>";

    /// <summary>Whether what encloses the activity is left too.</summary>
    public bool Leaves => Outcome is End or Break;

    /// <summary>One way for each outcome and state.</summary>
    public static IReadOnlyList<Way> Distinct(IEnumerable<Way> ways) => [.. ways.DistinctBy(way => (way.Outcome, way.Frozen is null))];
}

/// <summary>The two states in which the guest may be at a place: not frozen, and frozen with the trail that led there.</summary>
internal sealed class States
{
    public States(Trail? only) => All = [only];

    public States(IEnumerable<Way> ways) => All = [.. ways.Select(way => way.Frozen).DistinctBy(state => state is null)];

    public IReadOnlyList<Trail?> All { get; }
}

/// <summary>The activities passed since the freeze, for the message. A chain that shares its beginning costs nothing to go on with.</summary>
internal sealed record Trail(string Id, string? Port, Trail? Before)
{
    public string First => Before?.First ?? Id;

    public string Last => Id;

    public Trail To(string id) => new(id, null, this);

    /// <summary>The same place, left by a port.</summary>
    public Trail By(string port) => this with { Port = port };

    public override string ToString()
    {
        var ids = new List<string>();
        for (var step = this; step is not null; step = step.Before)
            ids.Add(step.Port is null or Way.Done ? $"'{step.Id}'" : $"'{step.Id}' ({step.Port})");
        ids.Reverse();
        // A hostile definition may be ten thousand activities long; its message need not be.
        return string.Join(" → ", ids.Count <= 40 ? ids : [.. ids.Take(20), "…", .. ids.TakeLast(19)]);
    }
}
