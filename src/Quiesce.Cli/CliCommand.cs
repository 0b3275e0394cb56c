using System.CommandLine;

namespace Quiesce.Cli;

/// <summary>A command with an example for its help page.</summary>
/// <param name="example">One or more command lines, as somebody would type them.</param>
internal sealed class CliCommand(string name, string description, params string[] example) : Command(name, description)
{
    public IReadOnlyList<string> Example { get; } = example;

    /// <summary>What the command does; it answers with one of <see cref="ExitCodes"/>.</summary>
    public CliCommand Does(Func<ParseResult, CancellationToken, Task<int>> action)
    {
        SetAction(action);
        return this;
    }
}
