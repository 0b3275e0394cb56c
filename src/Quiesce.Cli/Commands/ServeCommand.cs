using System.CommandLine;
using System.Text.Json.Nodes;
using Quiesce.Cli.Client;
using Quiesce.Cli.Hosting;
using Quiesce.Cli.Rendering;
using Quiesce.Jobs;
using Quiesce.Proxy;
using Quiesce.Server;

namespace Quiesce.Cli.Commands;

internal static class ServeCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = new Option<string?>("--data") { Description = "Folder of the database, the keys and the workflows (default: $QUIESCE_DATA, else $XDG_DATA_HOME/quiesce)", HelpName = "DIR" };
        var urls = new Option<string>("--urls") { Description = "Where to listen, several separated by ';'; port 0 takes a free one", DefaultValueFactory = _ => ServerOptions.DefaultUrl, HelpName = "URL" };
        var runtime = new Option<string>("--runtime-folder") { Description = "Folder on every guest under which runtimes live; not on a file system mounted noexec", DefaultValueFactory = _ => new ProxyOptions().RuntimeFolder, HelpName = "DIR" };
        var reconnect = new Option<double>("--reconnect-wait") { Description = "Wait before a lost link to a guest is made again; keep it below the job's graceSeconds", DefaultValueFactory = _ => new ProxyOptions().ReconnectDelay.TotalSeconds, HelpName = "SECONDS" };
        var plain = new Option<bool>("--allow-plain-http") { Description = "Listen in plain text on an address that other machines reach; only behind something that encrypts" };
        var studio = new Option<string?>("--studio") { Description = "Folder of Elsa Studio, the workflow designer (default: beside the program; the page /studio says how to add it)", HelpName = "DIR" };
        return new CliCommand("serve", "Serve jobs, sessions and the REST API until stopped. Sessions under way go on at the next start.", "quiesce serve --data /var/lib/quiesce")
        { data, urls, plain, studio, runtime, reconnect }
            .Does((parsed, stopping) =>
            {
                var drill = CrashDrill.Of(terminal);
                var server = new ServerOptions
                {
                    DataFolder = Path.GetFullPath(parsed.GetValue(data) ?? ServerAddress.DefaultDataFolder(terminal)),
                    Urls = parsed.GetRequiredValue(urls),
                    AllowPlainHttp = parsed.GetValue(plain),
                    StudioFolder = parsed.GetValue(studio) is { } folder ? Path.GetFullPath(folder) : null,
                    LogFile = true,
                    Runner = new RunnerOptions { Checkpoint = drill },
                };
                var proxy = new ProxyOptions { RuntimeFolder = parsed.GetRequiredValue(runtime), ReconnectDelay = Wait(parsed.GetValue(reconnect)), Checkpoint = drill };
                return ServeAsync(terminal, server, proxy, parsed.WantsJson(), stopping);
            });
    }

    private static TimeSpan Wait(double seconds) =>
        seconds is >= 0 and <= 3600 ? TimeSpan.FromSeconds(seconds) : throw CliException.Usage($"--reconnect-wait is {seconds}; it has to be between 0 and 3600 seconds.");

    private static async Task<int> ServeAsync(Terminal terminal, ServerOptions options, ProxyOptions proxy, bool json, CancellationToken stopping)
    {
        await using var server = await EmbeddedHost.ComposeAsync(options, proxy, quiet: false, stopping);
        await StartAsync(server, stopping);
        if (json)
            JsonOutput.Line(terminal.Out, writer => Facts(server, options.DataFolder).WriteTo(writer));
        else
            Announce(terminal, server, options.DataFolder);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, server.Stopping);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (end.Token.Register(() => ended.TrySetResult()))
            await ended.Task;
        if (!json)
            terminal.Out.WriteLine("Stopping: sessions under way go on at the next start.");
        await server.StopAsync();
        return ExitCodes.Success;
    }

    private static async Task StartAsync(ServerHost server, CancellationToken stopping)
    {
        try
        {
            await server.StartAsync(stopping);
        }
        catch (IOException e)
        {
            throw new CliException(CliException.Codes.Io, $"The server cannot listen: {e.Message} Stop what listens there, or choose another address with --urls.", inner: e);
        }
    }

    private static JsonObject Facts(ServerHost server, string folder) => new()
    {
        ["url"] = server.Url!.ToString().TrimEnd('/'), ["dataFolder"] = folder, ["administratorKey"] = server.AdministratorKey, ["loginLink"] = server.LoginLink()!.ToString(), ["pid"] = Environment.ProcessId,
    };

    private static void Announce(Terminal terminal, ServerHost server, string folder)
    {
        terminal.Out.WriteLine($"Quiesce listens on {server.Url!.ToString().TrimEnd('/')}, with its data in {folder}");
        if (server.AdministratorKey is { } key)
        {
            terminal.Out.WriteLine($"Administrator key: {key}");
            terminal.Out.WriteLine("It is shown this once and stored as a hash: keep it for clients on other machines (QUIESCE_API_KEY). On this machine none is needed.");
        }

        terminal.Out.WriteLine($"Console: {server.LoginLink()}");
        terminal.Out.WriteLine("The link logs one browser on this machine in, within ten minutes; another one: quiesce console");
        terminal.Out.WriteLine("Stop with Ctrl-C.");
        terminal.Out.Flush();
    }
}
