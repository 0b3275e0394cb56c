using System.CommandLine;
using Quiesce.Cli.Client;

namespace Quiesce.Cli.Commands.JobCommands;

internal static class RetryJobCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The job" };
        var machines = new Option<string[]>("--machine") { Description = "Only this machine; may be given several times", HelpName = "MACHINE" };
        var session = new Option<string?>("--session") { Description = "Of this session instead of the job's last one", HelpName = "ID" };
        var wait = new Option<bool>("--wait") { Description = "Show the session until it has ended; the exit code is its result. Ctrl-C cancels the session" };
        var data = ServerAddress.DataOption();
        return new CliCommand("retry", "Run the machines again that failed in a job's last session, with the job and the workflow as they were then.", "quiesce job retry nightly-db", "quiesce job retry nightly-db --machine db1 --wait")
        { name, machines, session, wait, data }
            .Does(async (parsed, stopping) =>
            {
                var job = parsed.GetRequiredValue(name);
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                // The server says what is wrong with a name that no job has.
                await server.JobAsync(job, stopping);
                var id = parsed.GetValue(session) ?? (await server.SessionsAsync(job, 0, 1, stopping) is [var last, ..] ? last.Id : null)
                    ?? throw new CliException("conflict", $"Job {job} has had no session, so that there is nothing to retry. Start it with: quiesce job start {job}");
                var started = await server.RetrySessionAsync(id, parsed.GetValue(machines) is { Length: > 0 } some ? some : null, stopping);
                return await StartJobCommand.SayAsync(terminal, server, started, parsed.GetValue(wait), parsed.WantsJson(), stopping);
            });
    }
}
