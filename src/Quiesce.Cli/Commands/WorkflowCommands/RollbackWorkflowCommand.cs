using System.CommandLine;
using Quiesce.Cli.Client;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class RollbackWorkflowCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The definition" };
        var version = new Argument<int>("VERSION") { Description = "The version to go back to" };
        var publish = new Option<bool>("--publish") { Description = "Put it in force at once" };
        var data = ServerAddress.DataOption();
        return new CliCommand("rollback", "Copy an old version of a definition into a new draft.", "quiesce workflow rollback machine-snapshot 2 --publish") { id, version, publish, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var row = await server.RevertWorkflowAsync(parsed.GetRequiredValue(id), parsed.GetRequiredValue(version), parsed.GetValue(publish), stopping);
                PublishWorkflowCommand.Print(terminal, row, parsed.WantsJson());
                return ExitCodes.Success;
            });
    }
}
