using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Jobs.Activities;
using Quiesce.Jobs.Documents;
using Quiesce.Proxy;
using Quiesce.Server;
using Quiesce.Server.Hosting;

namespace Quiesce.Cli.Hosting;

/// <summary>Server and proxy composed in this process: with HTTP for <c>serve</c>, without for <c>run</c> and <c>demo</c>.</summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly ServerHost _server;

    private EmbeddedHost(ServerHost server) => _server = server;

    public JobCatalog Jobs => _server.Services.GetRequiredService<JobCatalog>();

    public Sessions Sessions => _server.Services.GetRequiredService<Sessions>();

    public RestorePoints RestorePoints => _server.Services.GetRequiredService<RestorePoints>();

    /// <summary>Composes a server with a proxy of its own. It is not started yet.</summary>
    /// <param name="quiet">Log nothing on the console: the report tells everything, and a live tree or <c>--json</c> is not to be written into.</param>
    public static Task<ServerHost> ComposeAsync(ServerOptions options, ProxyOptions proxy, bool quiet, CancellationToken cancellation) => ServerHost.CreateAsync(
        options,
        services =>
        {
            services.AddGuestProxy(proxy);
            services.AddSingleton(all => new ProxyPresence(() => Presence(all.GetRequiredService<GuestOperations>(), proxy)));
            // A start that fails is thrown to us, and we say what to do about it: no stack trace besides.
            services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None));
            if (quiet)
                services.RemoveAll<ILoggerProvider>();
        },
        bus => bus.AddGuestProxy(),
        cancellation);

    /// <summary>Starts a host without HTTP on a folder. Sessions that an earlier process left there go on by themselves.</summary>
    public static async Task<EmbeddedHost> StartAsync(string dataFolder, CancellationToken cancellation)
    {
        var server = await ComposeAsync(new ServerOptions { DataFolder = dataFolder, Urls = null }, new ProxyOptions(), quiet: true, cancellation);
        try
        {
            await server.StartAsync(cancellation);
            return new EmbeddedHost(server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sessions that have not ended, the oldest first.</summary>
    public async Task<IReadOnlyList<SessionSummary>> UnfinishedAsync(CancellationToken cancellation) =>
        [.. (await Sessions.ListAsync(null, 0, 100, cancellation)).Where(s => s.EndedAt is null).Reverse()];

    /// <summary>The built-in proxy: Linux guests and, over their own OpenSSH, Windows guests.</summary>
    private static ProxySummary Presence(GuestOperations operations, ProxyOptions options)
    {
        var (waiting, places) = (operations.Waiting, Math.Max(1, options.MaxConcurrentTasks));
        return new ProxySummary(SelectProxy.Controller, "built-in", waiting > 0 ? "busy" : "ready", Environment.MachineName, ServerStatus.Version,
            ["linux", "windows"], ["local", "ssh"], ["directory", "btrfs", "command"], operations.InHand, waiting, places);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
