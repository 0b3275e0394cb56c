namespace Quiesce.Cli.Rendering;

/// <summary>Where progress goes while something runs: a live tree, append-only lines, or nowhere.</summary>
internal interface IProgressView : IAsyncDisposable
{
    /// <summary>The picture from now on, as a function of the time so that elapsed times can tick between two events.</summary>
    void Show(Func<DateTimeOffset, ProgressNode> picture);

    /// <summary>A line that stays, such as the answer to Ctrl-C.</summary>
    void Note(string line);
}

internal static class ProgressViews
{
    /// <summary>The view that fits: nothing with <c>--json</c>, a live tree on a terminal, lines everywhere else.</summary>
    public static IProgressView Open(Terminal terminal, bool json)
    {
        if (json)
            return new SilentView();
        return terminal.IsLive ? new LiveView(terminal) : new PlainView(terminal);
    }
}
