using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands;

/// <summary>What can be done with sessions: look at them, and end them.</summary>
internal static class SessionCommands
{
    public static Command Create(Terminal terminal) => new CliCommand("session", "Sessions: runs of a job.", "quiesce session list --job nightly-db")
    {
        List(terminal),
        Show(terminal),
        Watch(terminal),
        Cancel(terminal),
    };

    private static CliCommand List(Terminal terminal)
    {
        var job = new Option<string?>("--job") { Description = "Only sessions of this job", HelpName = "NAME" };
        var page = new Option<int>("--page") { Description = "Which page, from 1", DefaultValueFactory = _ => 1, HelpName = "N" };
        var size = new Option<int>("--page-size") { Description = "Sessions a page", DefaultValueFactory = _ => 50, HelpName = "N" };
        var data = ServerAddress.DataOption();
        return new CliCommand("list", "List sessions, the latest first.", "quiesce session list --job nightly-db") { job, page, size, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var sessions = await server.SessionsAsync(parsed.GetValue(job), parsed.GetValue(page) - 1, parsed.GetValue(size), stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, sessions, RestJson.Default.IReadOnlyListSessionSummary);
                else
                    Columns.Write(
                        terminal.Out,
                        ["ID", "JOB", "STATE", "RESULT", "STARTED", "TOOK", "MACHINES", "WELL", "WARNINGS", "FAILED"],
                        [.. sessions.Select(s => new[]
                        {
                            s.Id, s.Job, s.State, s.IsCanceled ? "cancelled" : Words.Of(s.Result), Words.At(s.StartedAt, terminal.Time),
                            Duration.Between(s.StartedAt, s.EndedAt, terminal.Time.GetUtcNow()) ?? "", $"{s.Machines}", $"{s.Succeeded}", $"{s.Warnings}", $"{s.Failed}",
                        })],
                        "No sessions. Start one with: quiesce job start NAME");
                return ExitCodes.Success;
            });
    }

    private static CliCommand Show(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The session" };
        var data = ServerAddress.DataOption();
        return new CliCommand("show", "Print a session's report.", "quiesce session show 01K9ZQ --json") { id, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                Print(terminal, await server.SessionAsync(parsed.GetRequiredValue(id), stopping), parsed.WantsJson());
                return ExitCodes.Success;
            });
    }

    private static CliCommand Watch(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The session" };
        var data = ServerAddress.DataOption();
        return new CliCommand(
            "watch", "Show a session until it has ended; the exit code is its result. Ctrl-C stops watching, the session goes on. With --json the last report is printed.", "quiesce session watch 01K9ZQ")
        { id, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                SessionReport report;
                await using (var view = ProgressViews.Open(terminal, parsed.WantsJson()))
                    report = await SessionFollower.FollowAsync(SessionFollower.WatchAsync(server, parsed.GetRequiredValue(id), terminal.Time, stopping), view, null, stopping);
                Print(terminal, report, parsed.WantsJson());
                return ExitCodes.Of(report);
            });
    }

    private static CliCommand Cancel(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The session" };
        var data = ServerAddress.DataOption();
        return new CliCommand("cancel", "Cancel a session: guests are thawed and cleaned up, then it ends.", "quiesce session cancel 01K9ZQ") { id, data }
            .Does(async (parsed, stopping) =>
            {
                var session = parsed.GetRequiredValue(id);
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                await server.CancelSessionAsync(session, stopping);
                JsonOutput.WriteDone(
                    terminal, parsed.WantsJson(), $"Cancelling {session}: guests are thawed and cleaned up. See: quiesce session watch {session}", ("id", session), ("status", "cancelling"));
                return ExitCodes.Success;
            });
    }

    private static void Print(Terminal terminal, SessionReport report, bool json)
    {
        if (json)
            JsonOutput.Write(terminal, report, RestJson.Default.SessionReport);
        else
            ReportPage.Write(terminal, report);
    }
}
