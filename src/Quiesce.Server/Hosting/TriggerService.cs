using Microsoft.Extensions.Hosting;
using Quiesce.Jobs.Triggers;

namespace Quiesce.Server.Hosting;

/// <summary>Starts workflows by the clock.</summary>
internal sealed class TriggerService(TriggerTimers timers) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => timers.RunAsync(stoppingToken), CancellationToken.None);
}
