using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quiesce.Jobs;
using Quiesce.Storage;

namespace Quiesce.Server.Studio.Live;

/// <summary>
/// Tells those who watch an instance that it changed, at most once in <see cref="Pause"/> for each instance. A commit of an instance that nobody watches costs one
/// look into a dictionary.
/// </summary>
internal sealed partial class LiveUpdates(Watchers watchers, Instances instances, IHubContext<WorkflowInstanceHub> hub, TimeProvider time, ILogger<LiveUpdates> log) : IHostedService, IDisposable
{
    /// <summary>What a viewer can follow; a burst may commit a hundred times in it.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _stopping = new();

    public static void AddServices(IServiceCollection services)
    {
        // What a client sends are ids; what it gets fits Elsa's client: camel case, nothing left out.
        services.AddSignalR(signalR => signalR.MaximumReceiveMessageSize = 16 << 10)
            .AddJsonProtocol(json => json.PayloadSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase);
        services.AddSingleton<Watchers>().AddSingleton<LiveUpdates>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveUpdates>());
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        instances.Changed += Note;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        instances.Changed -= Note;
        return _stopping.CancelAsync();
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>The instance changed: those who watch it are told, now or when the pause is over.</summary>
    public void Note(string instanceId)
    {
        if (watchers.Owe(instanceId))
            _ = Task.Run(() => TellAsync(instanceId));
    }

    /// <summary>Tells until nothing new came during the pause.</summary>
    private async Task TellAsync(string instanceId)
    {
        try
        {
            while (watchers.Take(instanceId))
            {
                await SendAsync(instanceId, _stopping.Token);
                await Task.Delay(Pause, time, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        catch (Exception e) when (e is StorageException or InvalidOperationException)
        {
            NotTold(log, e, instanceId);
            watchers.GiveUp(instanceId);
        }
    }

    private async Task SendAsync(string instanceId, CancellationToken ct)
    {
        var observers = hub.Clients.Group(instanceId);
        var stats = await instances.StatsAsync(instanceId, null, ct);
        await observers.SendAsync("ActivityExecutionLogUpdatedAsync", new StatsMessage([.. stats.Select(StatsItem.Of)]), ct);
        await observers.SendAsync("WorkflowExecutionLogUpdatedAsync", new LogMessage(), ct);
        await observers.SendAsync("WorkflowInstanceUpdatedAsync", new InstanceMessage(instanceId), ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Those who watch the instance {InstanceId} were not told of a change; its next change tells them of both")]
    private static partial void NotTold(ILogger log, Exception e, string instanceId);

    private sealed record InstanceMessage(string WorkflowInstanceId);

    private sealed record LogMessage;

    private sealed record StatsMessage(IReadOnlyList<StatsItem> Stats);

    private sealed record StatsItem(
        string ActivityId, string ActivityNodeId, long StartedCount, long CompletedCount, long UncompletedCount, bool IsBlocked, bool IsFaulted, int AggregateFaultCount, IReadOnlyDictionary<string, string> Metadata)
    {
        private static readonly Dictionary<string, string> Nothing = [];

        public static StatsItem Of(Quiesce.Engine.ActivityStats stats) => new(
            stats.ActivityId, stats.ActivityNodeId, stats.StartedCount, stats.CompletedCount, stats.UncompletedCount, stats.IsBlocked, stats.IsFaulted, stats.AggregateFaultCount, Nothing);
    }
}
