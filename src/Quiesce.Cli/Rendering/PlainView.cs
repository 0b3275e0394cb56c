namespace Quiesce.Cli.Rendering;

/// <summary>Append-only lines for pipes, files and dumb terminals: one per change, with the time of day in front.</summary>
internal sealed class PlainView(Terminal terminal) : IProgressView
{
    private readonly Dictionary<string, string> _printed = [];
    private readonly Lock _gate = new();

    public void Show(Func<DateTimeOffset, ProgressNode> picture)
    {
        lock (_gate)
            Print(picture(terminal.Time.GetUtcNow()));
    }

    public void Note(string line)
    {
        lock (_gate)
            Write(line);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Print(ProgressNode node)
    {
        if (node.State != NodeState.Waiting && (!_printed.TryGetValue(node.Key, out var before) || before != node.Text))
        {
            _printed[node.Key] = node.Text;
            var ended = node.State is not NodeState.Working && node.Timing is not null ? $" ({node.Timing})" : "";
            Write(node.Text + ended);
        }

        foreach (var child in node.Children)
            Print(child);
    }

    private void Write(string line)
    {
        terminal.Out.WriteLine($"{terminal.Time.GetLocalNow():HH:mm:ss} {line}");
        terminal.Out.Flush();
    }
}
