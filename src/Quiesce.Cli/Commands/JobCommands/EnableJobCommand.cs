using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;

namespace Quiesce.Cli.Commands.JobCommands;

/// <summary><c>job enable</c> and <c>job disable</c>.</summary>
internal static class EnableJobCommand
{
    public static Command Create(Terminal terminal, bool isEnabled)
    {
        var (verb, done) = isEnabled ? ("enable", "enabled") : ("disable", "disabled");
        var name = new Argument<string>("NAME") { Description = "The job" };
        var data = ServerAddress.DataOption();
        return new CliCommand(
            verb,
            isEnabled ? "Let a job start by itself again; what it missed is not made up for." : "Let a job's schedule rest. It can still be started by hand, and a session under way goes on.",
            $"quiesce job {verb} nightly-db") { name, data }
            .Does(async (parsed, stopping) =>
            {
                var job = parsed.GetRequiredValue(name);
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                await server.EnableJobAsync(job, isEnabled, stopping);
                JsonOutput.WriteDone(terminal, parsed.WantsJson(), $"Job {job} is {done}.", ("job", job), ("status", done));
                return ExitCodes.Success;
            });
    }
}
