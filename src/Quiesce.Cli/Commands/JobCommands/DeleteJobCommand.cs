using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;

namespace Quiesce.Cli.Commands.JobCommands;

internal static class DeleteJobCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The job" };
        var data = ServerAddress.DataOption();
        return new CliCommand("delete", "Delete a job. Its restore points stay.", "quiesce job delete nightly-db") { name, data }
            .Does(async (parsed, stopping) =>
            {
                var job = parsed.GetRequiredValue(name);
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                await server.DeleteJobAsync(job, stopping);
                JsonOutput.WriteDone(terminal, parsed.WantsJson(), $"Deleted job {job}. Its restore points stay: quiesce restorepoint list", ("job", job), ("status", "deleted"));
                return ExitCodes.Success;
            });
    }
}
