using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Server;
using Quiesce.Storage;
using Quiesce.Tests.Jobs;

namespace Quiesce.Benchmarks;

/// <summary>Guests that answer at once, behind the real bus.</summary>
public sealed class SimulatedEdge(SimulatedGuests guests, IBus bus) : IConsumer<OperationRequest>
{
    public Task Consume(ConsumeContext<OperationRequest> context) => bus.Publish(guests.Carry(context.Message));
}

/// <summary>A whole server in this process, without HTTP, in a folder of its own.</summary>
public sealed class EmbeddedServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ServerHost _host;

    private EmbeddedServer(DirectoryInfo folder, ServerHost host) => (_folder, _host) = (folder, host);

    public string Folder => _folder.FullName;
    public Sessions Sessions => _host.Services.GetRequiredService<Sessions>();
    public Store Store => _host.Services.GetRequiredService<Store>();
    public IServiceProvider Services => _host.Services;
    public Uri? Url => _host.Url;
    /// <summary>The key of clients on this machine.</summary>
    public string Key => File.ReadAllText(Path.Combine(Folder, "local.key")).Trim();

    /// <summary>Starts one; without a composition of its own it has simulated guests.</summary>
    /// <param name="urls">Where it answers REST; null for no HTTP.</param>
    public static async Task<EmbeddedServer> StartAsync(Action<IServiceCollection>? services = null, Action<IBusRegistrationConfigurator>? bus = null, string? urls = null)
    {
        var folder = Directory.CreateTempSubdirectory("quiesce-bench-");
        var options = new ServerOptions { DataFolder = folder.FullName, Urls = urls, ShippedWorkflows = Shipped() };
        var host = await ServerHost.CreateAsync(options, services ?? (one => one.AddSingleton<SimulatedGuests>()), bus ?? (one => one.AddConsumer<SimulatedEdge>()), CancellationToken.None);
        await host.StartAsync();
        return new EmbeddedServer(folder, host);
    }

    /// <summary>Applies a job; scripts are shell texts.</summary>
    public async Task ApplyAsync(string name, IReadOnlyList<MachineEntry> machines, string path, string provider, bool scripts, int atOnce)
    {
        var pre = new ScriptRow(Hash("exit 0\n"), "pre.sh", Encoding.UTF8.GetBytes("exit 0\n"));
        var job = new JobDocument
        {
            Name = name, Machines = machines, MaxConcurrentMachines = atOnce, Source = new SourceSettings { Path = path }, Snapshot = new SnapshotSettings { Provider = provider, Keep = 0 },
            GuestProcessing = new GuestProcessingSettings
            {
                Mode = scripts ? AppMode.RequireSuccess : AppMode.Disabled,
                Scripts = scripts ? new ScriptSettings { Linux = new ScriptPair { Pre = "pre.sh", PreSha256 = pre.Sha256, Post = "pre.sh", PostSha256 = pre.Sha256 } } : null,
            },
        };
        await Store.PutJobAsync(name, JsonSerializer.Serialize(job, RestJson.Default.JobDocument), [pre], null);
    }

    /// <summary>Runs a session to its end.</summary>
    public async Task<SessionReport> RunAsync(string job)
    {
        var started = await Sessions.StartAsync(job, "benchmark", null, CancellationToken.None);
        SessionReport? last = null;
        await foreach (var report in Sessions.WatchAsync(started.SessionId, CancellationToken.None)) last = report;
        return last!;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Shipped()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Workflows.sln"))) return Path.Combine(folder.FullName, "workflows");
        throw new InvalidOperationException("run the benchmarks inside a checkout");
    }
}
