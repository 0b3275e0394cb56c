using System.CommandLine;
using System.Text.Json.Nodes;
using Quiesce.Cli.Client;
using Quiesce.Cli.Hosting;
using Quiesce.Server;

namespace Quiesce.Cli.Commands;

internal static class ServeCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = new Option<string?>("--data") { Description = "Folder of the database, the keys and the workflows (default: $QUIESCE_DATA, else $XDG_DATA_HOME/quiesce)", HelpName = "DIR" };
        var urls = new Option<string>("--urls") { Description = "Where to listen, several separated by ';'; port 0 takes a free one", DefaultValueFactory = _ => ServerOptions.DefaultUrl, HelpName = "URL" };
        return new CliCommand("serve", "Serve jobs, sessions and the REST API until stopped. Sessions under way go on at the next start.", "quiesce serve --data /var/lib/quiesce")
        { data, urls }
            .Does((parsed, stopping) => ServeAsync(
                terminal, Path.GetFullPath(parsed.GetValue(data) ?? ServerAddress.DefaultDataFolder(terminal)), parsed.GetRequiredValue(urls), parsed.WantsJson(), stopping));
    }

    private static async Task<int> ServeAsync(Terminal terminal, string folder, string urls, bool json, CancellationToken stopping)
    {
        await using var server = await EmbeddedHost.ComposeAsync(new ServerOptions { DataFolder = folder, Urls = urls, LogFile = true }, quiet: false, stopping);
        await server.StartAsync(stopping);
        if (json)
            terminal.Out.WriteLine(new JsonObject
            {
                ["url"] = server.Url!.ToString().TrimEnd('/'), ["dataFolder"] = folder, ["administratorKey"] = server.AdministratorKey, ["pid"] = Environment.ProcessId,
            }.ToJsonString());
        else
            Announce(terminal, server, folder);
        await terminal.Out.FlushAsync(CancellationToken.None);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, server.Stopping);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (end.Token.Register(() => ended.TrySetResult()))
            await ended.Task;
        if (!json)
            terminal.Out.WriteLine("Stopping: sessions under way go on at the next start.");
        await server.StopAsync();
        return ExitCodes.Success;
    }

    private static void Announce(Terminal terminal, ServerHost server, string folder)
    {
        terminal.Out.WriteLine($"Quiesce listens on {server.Url!.ToString().TrimEnd('/')}, with its data in {folder}");
        if (server.AdministratorKey is { } key)
        {
            terminal.Out.WriteLine($"Administrator key: {key}");
            terminal.Out.WriteLine("It is shown this once and stored as a hash: keep it for clients on other machines (QUIESCE_API_KEY). On this machine none is needed.");
        }

        terminal.Out.WriteLine("Stop with Ctrl-C.");
    }
}
