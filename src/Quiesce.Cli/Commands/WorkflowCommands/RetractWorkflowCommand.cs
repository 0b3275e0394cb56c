using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class RetractWorkflowCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The definition" };
        var data = ServerAddress.DataOption();
        return new CliCommand("retract", "Take the version in force back: nothing starts it any more. Sessions under way keep it.", "quiesce workflow retract my-snapshot") { id, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var version = await server.RetractWorkflowAsync(parsed.GetRequiredValue(id), stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, version, RestJson.Default.WorkflowVersion);
                else
                    terminal.Out.WriteLine($"Version {version.Version} of {version.Id} is not in force any more.");
                return ExitCodes.Success;
            });
    }
}
