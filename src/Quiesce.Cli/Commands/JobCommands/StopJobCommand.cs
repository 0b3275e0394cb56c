using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;

namespace Quiesce.Cli.Commands.JobCommands;

internal static class StopJobCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The job" };
        var now = new Option<bool>("--now") { Description = "End the machines at work too; they are thawed and cleaned up first" };
        var chained = new Option<bool>("--cancel-chained") { Description = "Do not start the jobs after it then" };
        var data = ServerAddress.DataOption();
        return new CliCommand("stop", "Stop a job's session: machines at work are finished, no further one is begun.", "quiesce job stop nightly-db", "quiesce job stop nightly-db --now")
        { name, now, chained, data }
            .Does(async (parsed, stopping) =>
            {
                var job = parsed.GetRequiredValue(name);
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                await server.StopJobAsync(job, parsed.GetValue(now), parsed.GetValue(chained), stopping);
                JsonOutput.WriteDone(
                    terminal, parsed.WantsJson(), parsed.GetValue(now) ? $"Stopping {job} now: guests are thawed and cleaned up." : $"Stopping {job} after the machines at work.", ("job", job), ("status", "stopping"));
                return ExitCodes.Success;
            });
    }
}
