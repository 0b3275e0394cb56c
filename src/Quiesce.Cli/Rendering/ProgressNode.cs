namespace Quiesce.Cli.Rendering;

internal enum NodeState
{
    Waiting,
    Working,
    Done,
    Warning,
    Failed,
}

/// <summary>One line of progress and what belongs under it.</summary>
/// <param name="Key">Names the line over time: the plain view prints a line again only when its text has changed.</param>
/// <param name="Text">What is happening, without anything that changes by the clock alone.</param>
/// <param name="Timing">Times and other figures that go stale; shown, but never a reason to print again.</param>
internal sealed record ProgressNode(string Key, NodeState State, string Text, string? Timing, IReadOnlyList<ProgressNode> Children)
{
    public ProgressNode(string key, NodeState state, string text, string? timing = null)
        : this(key, state, text, timing, [])
    {
    }
}
