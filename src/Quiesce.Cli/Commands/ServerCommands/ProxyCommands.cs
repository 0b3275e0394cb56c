using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.ServerCommands;

/// <summary>Guest interaction proxies.</summary>
internal static class ProxyCommands
{
    public static Command Create(Terminal terminal) => new CliCommand("proxy", "Guest interaction proxies: what reaches the machines.", "quiesce proxy list") { List(terminal) };

    private static CliCommand List(Terminal terminal)
    {
        var data = ServerAddress.DataOption();
        return new CliCommand("list", "List the proxies, what they can do and how busy they are.", "quiesce proxy list") { data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var proxies = await server.ProxiesAsync(stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, proxies, RestJson.Default.IReadOnlyListProxySummary);
                else
                    Columns.Write(
                        terminal.Out,
                        ["NAME", "KIND", "STATE", "HOST", "IN HAND", "WAITING", "PLACES", "PLATFORMS", "CHANNELS", "PROVIDERS"],
                        [.. proxies.Select(proxy => new[]
                        {
                            proxy.Name, proxy.Kind, proxy.State, proxy.Host, $"{proxy.OperationsInHand}", $"{proxy.OperationsWaiting}", $"{proxy.Places}", string.Join(',', proxy.Platforms), string.Join(',', proxy.Channels), string.Join(',', proxy.Providers),
                        })],
                        "No proxies. `quiesce serve` has one built in.");
                return ExitCodes.Success;
            });
    }
}
