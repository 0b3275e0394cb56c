using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.ServerCommands;

/// <summary>The audit.</summary>
internal static class AuditCommands
{
    public static Command Create(Terminal terminal) => new CliCommand("audit", "The audit: who did what, and when.", "quiesce audit list --subject jobs/nightly-db") { List(terminal) };

    private static CliCommand List(Terminal terminal)
    {
        var by = new Option<string?>("--by") { Description = "Only what this key did", HelpName = "NAME" };
        var subject = new Option<string?>("--subject") { Description = "Only what was done to this, such as jobs/nightly-db", HelpName = "WHAT" };
        var page = new Option<int>("--page") { Description = "Which page, from 1", DefaultValueFactory = _ => 1, HelpName = "N" };
        var size = new Option<int>("--page-size") { Description = "Entries a page", DefaultValueFactory = _ => 50, HelpName = "N" };
        var data = ServerAddress.DataOption();
        return new CliCommand("list", "List what was done and what was refused, the latest first.", "quiesce audit list --by nightly") { by, subject, page, size, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var entries = await server.AuditAsync(parsed.GetValue(by), parsed.GetValue(subject), parsed.GetValue(page) - 1, parsed.GetValue(size), stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, entries, RestJson.Default.IReadOnlyListAuditEntry);
                else
                    Columns.Write(
                        terminal.Out,
                        ["AT", "BY", "ROLE", "ACTION", "SUBJECT", "OUTCOME", "DETAIL"],
                        [.. entries.Select(entry => new[] { Words.At(entry.At, terminal.Time), entry.By, entry.Role, entry.Action, entry.Subject ?? "-", entry.Outcome, entry.Detail ?? "" })],
                        "Nothing was done yet that the audit would hold.");
                return ExitCodes.Success;
            });
    }
}
