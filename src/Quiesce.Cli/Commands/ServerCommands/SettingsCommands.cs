using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.ServerCommands;

/// <summary>The server's settings, and facts about it.</summary>
internal static class SettingsCommands
{
    public static Command Create(Terminal terminal) => new CliCommand("settings", "How long the server keeps things, and facts about it.", "quiesce settings show", "quiesce settings set --session-weeks 26")
    {
        Show(terminal),
        Set(terminal),
    };

    private static CliCommand Show(Terminal terminal)
    {
        var data = ServerAddress.DataOption();
        return new CliCommand("show", "Print the settings and what the server holds. With --json the settings alone.", "quiesce settings show") { data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var settings = await server.SettingsAsync(stopping);
                if (parsed.WantsJson())
                {
                    JsonOutput.Write(terminal, settings, RestJson.Default.ServerSettings);
                    return ExitCodes.Success;
                }

                var facts = await server.ServerAsync(stopping);
                Columns.Write(
                    terminal.Out,
                    ["WHAT", "VALUE"],
                    [
                        ["session weeks", Kept(settings.SessionWeeks)], ["audit days", Kept(settings.AuditDays)], ["version", facts.Version], ["started", Words.At(facts.StartedAt, terminal.Time)], ["data folder", facts.DataFolder],
                        ["data", Words.Size(facts.DataBytes)], ["free", Words.Size(facts.FreeBytes)], ["bus", facts.Bus], ["sessions", $"{facts.Counts.Sessions}, {facts.Counts.RunningSessions} running"],
                        ["leftovers", $"{facts.Counts.Leftovers}"],
                    ],
                    "");
                return ExitCodes.Success;
            });
    }

    private static CliCommand Set(Terminal terminal)
    {
        var weeks = new Option<int?>("--session-weeks") { Description = "Weeks that ended sessions are kept, 0 for ever", HelpName = "N" };
        var days = new Option<int?>("--audit-days") { Description = "Days that the audit is kept, 0 for ever", HelpName = "N" };
        var data = ServerAddress.DataOption();
        return new CliCommand("set", "Change settings; what is not named stays.", "quiesce settings set --session-weeks 26 --audit-days 730") { weeks, days, data }
            .Does(async (parsed, stopping) =>
            {
                if (parsed.GetValue(weeks) is null && parsed.GetValue(days) is null)
                    throw CliException.Usage("Nothing is to be set. Name --session-weeks or --audit-days.");
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var now = await server.SettingsAsync(stopping);
                var changed = await server.ChangeSettingsAsync(now with { SessionWeeks = parsed.GetValue(weeks) ?? now.SessionWeeks, AuditDays = parsed.GetValue(days) ?? now.AuditDays }, stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, changed, RestJson.Default.ServerSettings);
                else
                    terminal.Out.WriteLine($"Sessions are kept for {Kept(changed.SessionWeeks, "week")}, the audit for {Kept(changed.AuditDays, "day")}.");
                return ExitCodes.Success;
            });
    }

    private static string Kept(int number) => number == 0 ? "for ever" : $"{number}";

    private static string Kept(int number, string unit) => number == 0 ? "ever" : $"{number} {unit}(s)";
}
