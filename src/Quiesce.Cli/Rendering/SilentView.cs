namespace Quiesce.Cli.Rendering;

/// <summary>With <c>--json</c> progress is nobody's business: stdout carries one document and stderr failures.</summary>
internal sealed class SilentView : IProgressView
{
    public void Show(Func<DateTimeOffset, ProgressNode> picture)
    {
    }

    public void Note(string line)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
