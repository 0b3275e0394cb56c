using System.Globalization;
using System.Text.Json.Nodes;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;
using Quiesce.Server.Access;
using Quiesce.Server.Api;
using Quiesce.Server.Hosting;
using Quiesce.Server.Studio;
using Quiesce.Server.Http;
using Quiesce.Server.Screens;
using Quiesce.Server.Studio.Site;
using Quiesce.Storage;

namespace Quiesce.Server;

/// <summary>
/// A server: store, runner, bus, and the REST API unless there is to be no HTTP. Whoever composes it adds the proxy through <c>services</c> and <c>bus</c>.
/// Create, start, stop, dispose; each once.
/// </summary>
public sealed class ServerHost : IAsyncDisposable
{
    /// <summary>File in the data folder that tells clients on this machine where the server listens. Mode 0600; gone after an orderly stop.</summary>
    public const string ServerFile = "server.json";

    /// <summary>The database's file in the data folder.</summary>
    public const string DatabaseFile = "quiesce.db";

    private readonly ServerOptions _options;
    private readonly Foundation _foundation;
    private readonly IHost _host;
    private bool _begun;
    private int _stopped;

    private ServerHost(ServerOptions options, Foundation foundation, IHost host) => (_options, _foundation, _host) = (options, foundation, host);

    /// <summary>Everything that runs in it.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>The administrator's key where it was made now, at the first start: to be shown once, since only its hash is kept.</summary>
    public string? AdministratorKey => _foundation.AdministratorKey;

    /// <summary>Where clients on this machine reach it; null before the start and without HTTP.</summary>
    public Uri? Url { get; private set; }

    /// <summary>Ended when the server stops, by itself or because it was told to.</summary>
    public CancellationToken Stopping => _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    /// <summary>Takes the data folder, opens the database, loads the definitions and wires everything up. Nothing runs yet.</summary>
    /// <param name="services">More services, such as a proxy's.</param>
    /// <param name="bus">More consumers, such as a proxy's.</param>
    /// <exception cref="RefusedException">A setting makes no sense or is not safe.</exception>
    /// <exception cref="StorageException">Another process has the folder (the message names it), or the database cannot be used.</exception>
    public static async Task<ServerHost> CreateAsync(ServerOptions options, Action<IServiceCollection>? services = null, Action<IBusRegistrationConfigurator>? bus = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var foundation = await Foundation.LayAsync(options, cancellationToken);
        try
        {
            var host = options.Urls is null ? WithoutHttp(options, foundation, services, bus) : WithHttp(options, foundation, services, bus);
            DefinitionWatch.Tell(host.Services.GetRequiredService<ILogger<DefinitionWatch>>(), foundation.Loaded);
            return new ServerHost(options, foundation, host);
        }
        catch
        {
            await foundation.DisposeAsync();
            throw;
        }
    }

    /// <summary>A link that logs a browser on this machine in as this machine's own key: once, within ten minutes. Null without HTTP and before the start.</summary>
    public Uri? LoginLink() =>
        Url is null ? null : new Uri(Url, $"login?code={_host.Services.GetRequiredService<LoginLinks>().Make(_foundation.Keys.All.First(key => key.Name == ApiKeys.LocalName)).Code}");

    /// <summary>Starts everything; when this returns, requests are answered and sessions of an earlier process go on.</summary>
    /// <exception cref="IOException">An address is taken already.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        // It counts from its making on.
        var status = _host.Services.GetRequiredService<ServerStatus>();
        await _host.StartAsync(cancellationToken);
        _begun = true;
        if (_host is not WebApplication web)
            return;
        Url = Reachable(web.Urls.First());
        status.Addresses = [.. web.Urls];
        var file = new JsonObject { ["url"] = Url.ToString().TrimEnd('/'), ["pid"] = Environment.ProcessId, ["started"] = _options.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture) };
        await DataFolder.WriteAsync(Path.Combine(_options.DataFolder, ServerFile), file.ToJsonString(), cancellationToken);
    }

    /// <summary>Starts, waits until <paramref name="stopping"/> or the server itself ends it, and stops in order.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await StartAsync(stopping);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (stopping.Register(() => ended.TrySetResult()))
        using (Stopping.Register(() => ended.TrySetResult()))
            await ended.Task;
        await StopAsync();
    }

    /// <summary>Answers nothing new, claims nothing new, finishes the bursts in hand, sends what they committed. Sessions go on with the next start.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
            return;
        if (Url is not null)
            File.Delete(Path.Combine(_options.DataFolder, ServerFile));
        using var patience = new CancellationTokenSource(_options.StopTimeout);
        // A host that did not get to its services cannot be stopped, and trying to would hide why.
        if (_begun)
            await _host.StopAsync(patience.Token);
        await _foundation.LeaveAsync();
    }

    /// <summary>Stops if that has not been done, and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        await _foundation.DisposeAsync();
    }

    private static WebApplication WithHttp(ServerOptions options, Foundation foundation, Action<IServiceCollection>? services, Action<IBusRegistrationConfigurator>? bus)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = options.DataFolder });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Body.Small;
        });
        builder.WebHost.UseUrls([.. options.Addresses.Select(address => address.ToString())]);
        builder.Services.AddRoutingCore();
        // A value that cannot be bound becomes a problem document like everything else.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        ConsoleHost.Add(builder.Services);
        ServerServices.Add(builder.Services, builder.Logging, options, foundation, services, bus);
        builder.Services.AddSingleton<WorkflowEndpoints>();
        AccessServices.Add(builder.Services, options, foundation);
        ApiManners.Add(builder.Services);
        OpenApiDocument.Add(builder.Services);
        StudioApi.AddServices(builder.Services);
        var web = builder.Build();
        ApiManners.Use(web);
        web.UseMiddleware<Problems>();
        // Routes say who may use them, so that they are looked up before the key is.
        web.UseRouting();
        web.UseMiddleware<AuditRequests>();
        web.UseMiddleware<KeyCheck>();
        LoginApi.Map(web);
        ApiRoutes.Map(web);
        StudioApi.Map(web);
        WorkflowEndpoints.Map(web);
        StudioSite.Map(web, options);
        ConsoleHost.Map(web);
        return web;
    }

    private static IHost WithoutHttp(ServerOptions options, Foundation foundation, Action<IServiceCollection>? services, Action<IBusRegistrationConfigurator>? bus)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = options.DataFolder });
        ServerServices.Add(builder.Services, builder.Logging, options, foundation, services, bus);
        return builder.Build();
    }

    /// <summary>What listens on every address is reached here by loopback.</summary>
    private static Uri Reachable(string url) => new(url.Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal).Replace("://[::]", "://127.0.0.1", StringComparison.Ordinal));
}
