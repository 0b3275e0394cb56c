using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class ImportWorkflowCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "An Elsa 3 definition" };
        file.AcceptExistingOnly();
        var data = ServerAddress.DataOption();
        return new CliCommand("import", "Take a definition over as the newest version of its id. Sessions under way keep the version they began with.", "quiesce workflow import my-snapshot.json") { file, data }
            .Does(async (parsed, stopping) =>
            {
                var document = parsed.GetRequiredValue(file);
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var imported = await server.ImportWorkflowAsync(await File.ReadAllTextAsync(document.FullName, stopping), document.Name, stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, imported, RestJson.Default.WorkflowSummary);
                else
                    terminal.Out.WriteLine($"Imported {document.Name} as version {imported.Version} of {imported.Id}. Name it in a job: \"workflow\": \"{imported.Id}\"");
                return ExitCodes.Success;
            });
    }
}
