using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.ServerCommands;

/// <summary>What sessions had to leave at guests.</summary>
internal static class LeftoverCommands
{
    public static Command Create(Terminal terminal) => new CliCommand("leftover", "What sessions had to leave at machines; it is retried until it is gone.", "quiesce leftover list", "quiesce leftover retry 01K9ZR")
    {
        List(terminal),
        Retry(terminal),
    };

    private static CliCommand List(Terminal terminal)
    {
        var machine = new Option<string?>("--machine") { Description = "Only of this machine", HelpName = "NAME" };
        var data = ServerAddress.DataOption();
        return new CliCommand("list", "List what is still owed to machines, the oldest first.", "quiesce leftover list --machine db1") { machine, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var leftovers = await server.LeftoversAsync(parsed.GetValue(machine), stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, leftovers, RestJson.Default.IReadOnlyListLeftoverSummary);
                else
                    Columns.Write(
                        terminal.Out,
                        ["ID", "MACHINE", "SESSION", "WHAT", "SINCE", "ATTEMPTS", "NEXT", "LAST ERROR"],
                        [.. leftovers.Select(left => new[]
                        {
                            left.Id, left.Machine, left.Session, left.Text, Words.At(left.CreatedAt, terminal.Time), $"{left.Attempts}", left.NextAttemptAt is null ? "given up" : Words.At(left.NextAttemptAt, terminal.Time), left.LastError ?? "",
                        })],
                        "Nothing is left behind.");
                return ExitCodes.Success;
            });
    }

    private static CliCommand Retry(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The leftover" };
        var data = ServerAddress.DataOption();
        return new CliCommand("retry", "Try now to do away with a leftover, instead of when it is due.", "quiesce leftover retry 01K9ZR") { id, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var retried = await server.RetryLeftoverAsync(parsed.GetRequiredValue(id), stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, retried, RestJson.Default.LeftoverRetried);
                else
                    terminal.Out.WriteLine(retried.Done ? $"{retried.Id} is done." : $"{retried.Id} is still there: {retried.Problem}");
                return retried.Done ? ExitCodes.Success : ExitCodes.Failed;
            });
    }
}
