using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class ImportWorkflowCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE") { Description = "Elsa 3 definitions, folders or zip archives of them; - for what is piped in", Arity = ArgumentArity.OneOrMore };
        var draft = new Option<bool>("--draft") { Description = "Keep it as a draft: not in force, and not written to the workflows folder" };
        var publish = new Option<bool>("--publish") { Description = "Put it in force and write it to the workflows folder, as without this option" };
        var data = ServerAddress.DataOption();
        return new CliCommand(
            "import", "Take definitions over as the newest versions of their ids. Sessions under way keep the version they began with.",
            "quiesce workflow import my-snapshot.json", "quiesce workflow import workflows --draft", "quiesce workflow export other | quiesce workflow import -") { files, draft, publish, data }
            .Does(async (parsed, stopping) =>
            {
                if (parsed.GetValue(draft) && parsed.GetValue(publish))
                    throw CliException.Usage("--draft and --publish exclude each other. Leave one out.");
                var (found, asDraft) = (WorkflowDocuments.Find(parsed.GetRequiredValue(files)), parsed.GetValue(draft));
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                List<WorkflowSummary> imported = [];
                foreach (var file in found)
                    if (file.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
                        imported.AddRange(await server.ImportWorkflowArchiveAsync(await File.ReadAllBytesAsync(file, stopping), asDraft, stopping));
                    else
                    {
                        var (text, name) = await WorkflowDocuments.ReadAsync(file, stopping);
                        imported.Add(await OneAsync(server, text, name, found.Count > 1, asDraft, stopping));
                    }

                Print(terminal, imported, asDraft, parsed.WantsJson());
                return imported.Exists(one => one.Version == 0) ? ExitCodes.Failed : ExitCodes.Success;
            });
    }

    /// <summary>Of several, one that is refused keeps no other from being taken over.</summary>
    private static async Task<WorkflowSummary> OneAsync(ServerClient server, string text, string name, bool isOneOfMany, bool draft, CancellationToken stopping)
    {
        try
        {
            return await server.ImportWorkflowAsync(text, name, draft, stopping);
        }
        catch (CliException e) when (isOneOfMany && e.Code == ProblemCodes.Invalid)
        {
            return new WorkflowSummary(Path.GetFileNameWithoutExtension(name), null, 0, "", false, name, e.Message, default);
        }
    }

    private static void Print(Terminal terminal, List<WorkflowSummary> imported, bool draft, bool json)
    {
        if (json)
        {
            if (imported.Count == 1)
                JsonOutput.Write(terminal, imported[0], RestJson.Default.WorkflowSummary);
            else
                JsonOutput.Write(terminal, imported, RestJson.Default.IReadOnlyListWorkflowSummary);
            return;
        }

        foreach (var one in imported)
            if (one.Version == 0)
                terminal.Error.WriteLine($"Not imported: {one.Problem}");
            else if (draft)
                terminal.Out.WriteLine($"Imported {one.Id} as draft, version {one.LatestVersion}. Put it in force with: quiesce workflow publish {one.Id}");
            else
                terminal.Out.WriteLine($"Imported {one.File ?? one.Id} as version {one.Version} of {one.Id}. Name it in a job: \"workflow\": \"{one.Id}\"");
        foreach (var warning in imported.SelectMany(one => one.Warnings))
            terminal.Error.WriteLine($"Warning: {warning}");
    }
}
