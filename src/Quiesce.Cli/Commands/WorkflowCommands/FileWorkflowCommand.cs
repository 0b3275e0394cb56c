using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class FileWorkflowCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The definition" };
        var data = ServerAddress.DataOption();
        return new CliCommand("file", "Give a definition made in the designer a file in the server's workflows folder. Publishing writes there from then on.", "quiesce workflow file my-snapshot") { id, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var written = await server.WriteWorkflowFileAsync(parsed.GetRequiredValue(id), stopping);
                JsonOutput.WriteDone(terminal, parsed.WantsJson(), $"Workflow {written.Id} is kept in {written.File} of the workflows folder.", ("workflow", written.Id), ("file", written.File));
                return ExitCodes.Success;
            });
    }
}
