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
internal sealed partial class LiveUpdates(Instances instances, IHubContext<WorkflowInstanceHub> hub, TimeProvider time, ILogger<LiveUpdates> log) : IHostedService, IDisposable
{
    /// <summary>What a viewer can follow; a burst may commit a hundred times in it.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly Lock _books = new();
    private readonly Dictionary<string, HashSet<string>> _instancesOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>How many instances somebody watches.</summary>
    public int WatchedInstances
    {
        get
        {
            lock (_books)
                return _watched.Count;
        }
    }

    public static void AddServices(IServiceCollection services)
    {
        // What a client sends are ids; what it gets fits Elsa's client: camel case, nothing left out.
        services.AddSignalR(signalR => signalR.MaximumReceiveMessageSize = 16 << 10)
            .AddJsonProtocol(json => json.PayloadSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase);
        services.AddSingleton<LiveUpdates>();
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

    /// <summary>A connection watches an instance from now on.</summary>
    public void Add(string connectionId, string instanceId)
    {
        lock (_books)
        {
            if (!_instancesOf.TryGetValue(connectionId, out var watching))
                _instancesOf[connectionId] = watching = new(StringComparer.Ordinal);
            if (!watching.Add(instanceId))
                return;
            if (!_watched.TryGetValue(instanceId, out var watched))
                _watched[instanceId] = watched = new Watched();
            watched.Observers++;
        }

        // What happened between the page's look and this moment it would not hear of.
        Note(instanceId);
    }

    /// <summary>A connection is gone.</summary>
    public void Remove(string connectionId)
    {
        lock (_books)
        {
            if (!_instancesOf.Remove(connectionId, out var watching))
                return;
            foreach (var instanceId in watching)
                if (_watched.TryGetValue(instanceId, out var watched) && --watched.Observers == 0)
                    _watched.Remove(instanceId);
        }
    }

    private void Note(string instanceId)
    {
        lock (_books)
        {
            if (!_watched.TryGetValue(instanceId, out var watched))
                return;
            watched.IsDue = true;
            if (watched.IsTelling)
                return;
            watched.IsTelling = true;
        }

        _ = Task.Run(() => TellAsync(instanceId));
    }

    /// <summary>Tells until nothing new came during the pause.</summary>
    private async Task TellAsync(string instanceId)
    {
        try
        {
            while (Take(instanceId))
            {
                await SendAsync(instanceId, _stopping.Token);
                await Task.Delay(Pause, time, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        catch (Exception e) when (e is StorageException or InvalidOperationException or NotImplementedException)
        {
            NotTold(log, e, instanceId);
            lock (_books)
                if (_watched.TryGetValue(instanceId, out var watched))
                    watched.IsTelling = false;
        }
    }

    private bool Take(string instanceId)
    {
        lock (_books)
        {
            if (!_watched.TryGetValue(instanceId, out var watched))
                return false;
            (watched.IsTelling, watched.IsDue) = (watched.IsDue, false);
            return watched.IsTelling;
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

    private sealed class Watched
    {
        public int Observers { get; set; }

        public bool IsDue { get; set; }

        public bool IsTelling { get; set; }
    }

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
