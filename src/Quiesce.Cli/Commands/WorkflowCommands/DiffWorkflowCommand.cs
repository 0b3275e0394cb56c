using System.CommandLine;
using System.Text.Json.Nodes;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs.Definitions;
using Spectre.Console;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class DiffWorkflowCommand
{
    /// <summary>As <c>diff</c> has it.</summary>
    private const int Same = 0, Different = 1, Trouble = 2;

    public static Command Create(Terminal terminal)
    {
        var a = new Argument<string>("A") { Description = "A file, or a definition of the server: ID (its version in force), ID@latest, ID@3" };
        var b = new Argument<string>("B") { Description = "The same" };
        var data = ServerAddress.DataOption();
        return new CliCommand(
            "diff", "What changed in the graph from A to B, in words. Exit code 0: nothing, 1: something, 2: trouble. Two files need no server.",
            "quiesce workflow diff machine-snapshot@1 machine-snapshot@latest", "quiesce workflow diff machine-snapshot my-snapshot.json --json") { a, b, data }
            .Does(async (parsed, stopping) =>
            {
                try
                {
                    var changes = await ChangesAsync(terminal, parsed.GetRequiredValue(a), parsed.GetRequiredValue(b), parsed.GetValue(data), stopping);
                    if (parsed.WantsJson())
                        JsonOutput.Write(terminal, changes, RestJson.Default.IReadOnlyListWorkflowChange);
                    else
                        Print(terminal, changes);
                    return changes.Count == 0 ? Same : Different;
                }
                catch (CliException e) when (e.ExitCode == ExitCodes.Failed)
                {
                    throw new CliException(e.Code, e.Message, Trouble, e.Complaints, e);
                }
            });
    }

    private static async Task<IReadOnlyList<WorkflowChange>> ChangesAsync(Terminal terminal, string a, string b, string? data, CancellationToken stopping)
    {
        var (left, right) = (await SideAsync(a, stopping), await SideAsync(b, stopping));
        if (left is { } one && right is { } other)
            return [.. DefinitionDiff.Between(one, other).Select(line => new WorkflowChange(line.Kind, line.Path, line.Text))];
        using var server = ServerClient.Connect(terminal, data);
        return await server.CompareWorkflowsAsync(left?.Document.DeepClone() ?? JsonValue.Create(a), right?.Document.DeepClone() ?? JsonValue.Create(b), stopping);
    }

    /// <summary>The file of that name; null for what only a server knows.</summary>
    private static async Task<WorkflowDefinition?> SideAsync(string name, CancellationToken stopping)
    {
        if (name != WorkflowDocuments.Piped && !File.Exists(name))
            return name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? throw CliException.Usage($"There is no file {name}.") : null;
        var (text, source) = await WorkflowDocuments.ReadAsync(name, stopping);
        try
        {
            return WorkflowDefinition.Read(text, source);
        }
        catch (DefinitionException e)
        {
            throw new CliException(ProblemCodes.Invalid, e.Message, inner: e);
        }
    }

    private static void Print(Terminal terminal, IReadOnlyList<WorkflowChange> changes)
    {
        foreach (var change in changes)
        {
            var (mark, colour) = change.Kind switch { "added" => ('+', "green"), "removed" => ('-', "red"), "layout" => ('.', "grey"), _ => ('~', "yellow") };
            if (terminal.IsLive)
                terminal.Console.MarkupLineInterpolated($"[{colour}]{mark} {change.Text}[/]");
            else
                terminal.Out.WriteLine($"{mark} {change.Text}");
        }

        if (changes.Count == 0)
            terminal.Out.WriteLine("No difference.");
    }
}
