using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Jobs.Activities;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class RunWorkflowCommand
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "An Elsa 3 definition" };
        file.AcceptExistingOnly();
        var with = new Option<DirectoryInfo>("--with") { Description = "Load the other definitions of this folder first, for child workflows", HelpName = "DIR" };
        with.AcceptExistingOnly();
        var input = new Option<string?>("--input") { Description = "The workflow's input, a JSON object", HelpName = "JSON" };
        return new CliCommand(
            "run",
            "Run a definition to its end in this process, without a server: whatever it waits for is resumed at once, oldest first, without input.",
            "quiesce workflow run hello.json --input '{\"name\":\"world\"}'",
            "quiesce workflow run parent.json --with workflows --json")
        { file, with, input }
            .Does(async (parsed, stopping) =>
            {
                var document = parsed.GetRequiredValue(file);
                if (!document.Exists)
                    throw CliException.Usage($"{document} is a folder. Name one definition in it; the others come with --with.");
                var arguments = ParseInput(parsed.GetValue(input));
                var others = await OthersAsync(terminal, parsed.GetValue(with), document, stopping);
                var result = await RunAsync(document, others, arguments, stopping);
                if (parsed.WantsJson())
                    terminal.Out.WriteLine(LocalRunJson.Write(result));
                else
                    Print(terminal, document, result);
                return ExitCode(result);
            });
    }

    /// <summary>A run that stopped short without a fault, such as one that went on after an incident and then had nothing left to resume, finished with warnings.</summary>
    private static int ExitCode(LocalRunResult result) => result.SubStatus switch
    {
        "Faulted" => ExitCodes.Failed,
        "Cancelled" => ExitCodes.Cancelled,
        "Finished" when result.Incidents.Count == 0 => ExitCodes.Success,
        _ => ExitCodes.Warnings,
    };

    private static async Task<LocalRunResult> RunAsync(FileInfo file, IReadOnlyList<WorkflowDefinition> others, JsonObject? input, CancellationToken stopping)
    {
        try
        {
            var definition = WorkflowDefinition.Read(await File.ReadAllTextAsync(file.FullName, stopping), file.Name);
            return await Task.Run(() => new LocalRun(QuiesceActivities.Registry, others).Run(definition, input, stopping), stopping);
        }
        catch (DefinitionException e)
        {
            throw new CliException(Contracts.Rest.ProblemCodes.Invalid, e.Message, inner: e);
        }
        catch (TimeoutException e)
        {
            throw new CliException(CliException.Codes.Endless, $"{file.Name}: {e.Message}", inner: e);
        }
    }

    private static JsonObject? ParseInput(string? text)
    {
        if (text is null)
            return null;
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw CliException.Usage($"--input must be a JSON object, such as '{{\"name\":\"world\"}}', and is: {text}");
        }
        catch (JsonException e)
        {
            throw CliException.Usage($"--input is no JSON: {e.Message.Split(" Path:")[0].Split(" LineNumber:")[0]} Put it in single quotes so that the shell leaves it alone.");
        }
    }

    /// <summary>A broken file among the others is told and left out: only a workflow that asks for it has a reason to fail.</summary>
    private static async Task<List<WorkflowDefinition>> OthersAsync(Terminal terminal, DirectoryInfo? folder, FileInfo main, CancellationToken stopping)
    {
        var others = new List<WorkflowDefinition>();
        foreach (var file in folder?.EnumerateFiles("*.json").OrderBy(f => f.Name, StringComparer.Ordinal) ?? Enumerable.Empty<FileInfo>())
        {
            if (file.FullName == main.FullName)
                continue;
            try
            {
                others.Add(WorkflowDefinition.Read(await File.ReadAllTextAsync(file.FullName, stopping), file.Name));
            }
            catch (DefinitionException e)
            {
                terminal.Error.WriteLine($"Left out: {e.Message}");
            }
        }

        return others;
    }

    private static void Print(Terminal terminal, FileInfo file, LocalRunResult result)
    {
        foreach (var line in result.Lines)
            terminal.Out.WriteLine(line);
        foreach (var incident in result.Incidents)
            terminal.Error.WriteLine($"{file.Name}, activity '{incident.ActivityId}': {incident.Message}");
        foreach (var (name, value) in result.Outputs)
            terminal.Out.WriteLine($"{name} = {value?.ToJsonString(Plain) ?? "null"}");
        var waiting = result.Bookmarks.Count == 0 ? "" : $", {result.Bookmarks.Count} bookmark(s) still open";
        terminal.Out.WriteLine($"{file.Name}: {result.Status}, {result.SubStatus}{waiting}");
    }
}
