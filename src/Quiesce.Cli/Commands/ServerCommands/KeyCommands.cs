using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.ServerCommands;

/// <summary>What can be done with keys.</summary>
internal static class KeyCommands
{
    public static Command Create(Terminal terminal) => new CliCommand("key", "Keys: who may use the server, and for what.", "quiesce key create nightly --role operator", "quiesce key list")
    {
        Make(terminal),
        List(terminal),
        Delete(terminal),
    };

    private static CliCommand Make(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "Who the key stands for in sessions and in the audit" };
        var role = new Option<string>("--role") { Description = "What it may do", DefaultValueFactory = _ => Roles.Operator };
        role.AcceptOnlyFromAmong([.. Roles.All]);
        var data = ServerAddress.DataOption();
        return new CliCommand("create", "Make a key. It is printed this once and stored as a hash.", "quiesce key create nightly --role operator") { name, role, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var key = await server.CreateKeyAsync(new NewKey(parsed.GetRequiredValue(name), parsed.GetRequiredValue(role)), stopping);
                if (parsed.WantsJson())
                {
                    JsonOutput.Write(terminal, key, RestJson.Default.CreatedKey);
                    return ExitCodes.Success;
                }

                terminal.Out.WriteLine(key.Key);
                terminal.Error.WriteLine($"This is the {key.Role} key of {key.Name}. Keep it now: it cannot be shown again. Clients send it in X-Api-Key, or take it from QUIESCE_API_KEY.");
                return ExitCodes.Success;
            });
    }

    private static CliCommand List(Terminal terminal)
    {
        var data = ServerAddress.DataOption();
        return new CliCommand("list", "List the keys, without themselves.", "quiesce key list") { data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var keys = await server.KeysAsync(stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, keys, RestJson.Default.IReadOnlyListKeySummary);
                else
                    Columns.Write(
                        terminal.Out,
                        ["NAME", "ROLE", "CREATED", "BY", "LAST USED", "ID"],
                        [.. keys.Select(key => new[] { key.Name, key.Role, Words.At(key.CreatedAt, terminal.Time), key.CreatedBy ?? "the server", key.LastUsed is null ? "never" : Words.At(key.LastUsed, terminal.Time), key.Id })],
                        "No keys.");
                return ExitCodes.Success;
            });
    }

    private static CliCommand Delete(Terminal terminal)
    {
        var key = new Argument<string>("KEY") { Description = "Its name or id" };
        var data = ServerAddress.DataOption();
        return new CliCommand("delete", "Delete a key: it, its log-ins and its open connections end at once.", "quiesce key delete nightly") { key, data }
            .Does(async (parsed, stopping) =>
            {
                var which = parsed.GetRequiredValue(key);
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                await server.DeleteKeyAsync(which, stopping);
                JsonOutput.WriteDone(terminal, parsed.WantsJson(), $"Deleted key {which}.", ("key", which), ("status", "deleted"));
                return ExitCodes.Success;
            });
    }
}
