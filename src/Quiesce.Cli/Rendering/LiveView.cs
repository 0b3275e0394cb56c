using Spectre.Console;
using Spectre.Console.Rendering;

namespace Quiesce.Cli.Rendering;

/// <summary>A tree that is drawn again ten times a second, and stays as it was last when the view is closed.</summary>
internal sealed class LiveView : IProgressView
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private readonly Terminal _terminal;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _drawing;
    private readonly Lock _gate = new();
    private readonly List<string> _notes = [];
    private Func<DateTimeOffset, ProgressNode>? _picture;

    public LiveView(Terminal terminal)
    {
        _terminal = terminal;
        _drawing = Task.Run(DrawAsync);
    }

    public void Show(Func<DateTimeOffset, ProgressNode> picture)
    {
        lock (_gate)
            _picture = picture;
    }

    public void Note(string line)
    {
        lock (_gate)
            _notes.Add(line);
    }

    public async ValueTask DisposeAsync()
    {
        _closed.TrySetResult();
        await _drawing;
    }

    private Task DrawAsync() => _terminal.Console.Live(new Text(" ")).Overflow(VerticalOverflow.Ellipsis).StartAsync(async live =>
    {
        using var timer = new PeriodicTimer(Tick, _terminal.Time);
        while (!_closed.Task.IsCompleted)
        {
            live.UpdateTarget(Picture());
            await Task.WhenAny(_closed.Task, timer.WaitForNextTickAsync().AsTask());
        }

        live.UpdateTarget(Picture());
    });

    private IRenderable Picture()
    {
        Func<DateTimeOffset, ProgressNode>? picture;
        string[] notes;
        lock (_gate)
        {
            picture = _picture;
            notes = [.. _notes];
        }

        var rows = new List<IRenderable>();
        if (picture is not null)
        {
            var root = picture(_terminal.Time.GetUtcNow());
            var tree = new Tree(Label(root));
            foreach (var child in root.Children)
                Add(tree, child);
            rows.Add(tree);
        }

        rows.AddRange(notes.Select(n => new Text(n, new Style(Color.Yellow))));
        // A live display of no lines at all is more than the console library can bear.
        return rows.Count == 0 ? new Text(" ") : new Rows(rows);
    }

    private static void Add(IHasTreeNodes parent, ProgressNode node)
    {
        var at = parent.AddNode(Label(node));
        foreach (var child in node.Children)
            Add(at, child);
    }

    private static Markup Label(ProgressNode node)
    {
        var sign = node.State switch
        {
            NodeState.Waiting => "[grey]·[/]",
            NodeState.Working => "[blue]►[/]",
            NodeState.Done => "[green]✓[/]",
            NodeState.Warning => "[yellow]![/]",
            _ => "[red]✗[/]",
        };
        var timing = node.Timing is null ? "" : $"  [grey]{Markup.Escape(node.Timing)}[/]";
        return new Markup($"{sign} {Markup.Escape(node.Text)}{timing}");
    }
}
