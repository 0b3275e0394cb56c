using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.JobCommands;

internal static class StartJobCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The job" };
        var wait = new Option<bool>("--wait") { Description = "Show the session until it has ended; the exit code is its result. Ctrl-C cancels the session" };
        var chained = new Option<bool>("--chained") { Description = "Start the jobs after it too, when it has ended" };
        var data = ServerAddress.DataOption();
        return new CliCommand("start", "Start a session of a job.", "quiesce job start nightly-db --wait") { name, wait, chained, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var started = await server.StartJobAsync(parsed.GetRequiredValue(name), Guid.NewGuid().ToString("N"), parsed.GetValue(chained), stopping);
                return await SayAsync(terminal, server, started, parsed.GetValue(wait), parsed.WantsJson(), stopping);
            });
    }

    /// <summary>Says that a session was started, or shows it until its end.</summary>
    public static async Task<int> SayAsync(Terminal terminal, ServerClient server, StartedSession started, bool wait, bool json, CancellationToken stopping)
    {
        if (!wait)
        {
            if (json)
                JsonOutput.Write(terminal, started, RestJson.Default.StartedSession);
            else
                terminal.Out.WriteLine($"Started session {started.SessionId} of {started.Job}. Watch it with: quiesce session watch {started.SessionId}");
            return ExitCodes.Success;
        }

        SessionReport report;
        await using (var view = ProgressViews.Open(terminal, json))
            report = await SessionFollower.FollowAsync(
                SessionFollower.WatchAsync(server, started.SessionId, terminal.Time, CancellationToken.None),
                view,
                cancellation => server.CancelSessionAsync(started.SessionId, cancellation),
                stopping);
        if (json)
            JsonOutput.Write(terminal, report, RestJson.Default.SessionReport);
        else
            ReportPage.Write(terminal, report);
        return ExitCodes.Of(report);
    }
}
