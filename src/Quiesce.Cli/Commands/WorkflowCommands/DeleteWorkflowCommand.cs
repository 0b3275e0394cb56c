using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class DeleteWorkflowCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The definition" };
        var version = new Option<int?>("--version") { Description = "Only this version", HelpName = "NUMBER" };
        var data = ServerAddress.DataOption();
        return new CliCommand(
            "delete", "Delete a definition with all its versions, or one of them. What runs keeps its own; a file in the workflows folder is left alone.",
            "quiesce workflow delete my-snapshot", "quiesce workflow delete my-snapshot --version 3") { id, version, data }
            .Does(async (parsed, stopping) =>
            {
                var (name, number) = (parsed.GetRequiredValue(id), parsed.GetValue(version));
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                await server.DeleteWorkflowAsync(name, number, stopping);
                JsonOutput.WriteDone(terminal, parsed.WantsJson(), number is null ? $"Deleted workflow {name}." : $"Deleted version {number} of workflow {name}.", ("workflow", name), ("status", "deleted"));
                return ExitCodes.Success;
            });
    }
}
