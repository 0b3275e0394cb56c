using System.CommandLine;
using Quiesce.Cli.Client;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class ExportWorkflowCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The definition" };
        var data = ServerAddress.DataOption();
        return new CliCommand("export", "Print a definition as the JSON that Elsa opens.", "quiesce workflow export machine-snapshot > machine-snapshot.json") { id, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                // The document is the answer with and without --json, byte for byte.
                terminal.Out.WriteLine((await server.ExportWorkflowAsync(parsed.GetRequiredValue(id), stopping)).TrimEnd());
                return ExitCodes.Success;
            });
    }
}
