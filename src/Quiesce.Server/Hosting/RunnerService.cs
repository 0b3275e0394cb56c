using Microsoft.Extensions.Hosting;
using Quiesce.Jobs;

namespace Quiesce.Server.Hosting;

/// <summary>Runs the loop. A stop claims nothing new and waits for the bursts in hand.</summary>
internal sealed class RunnerService(SessionRunner runner) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => runner.RunAsync(stoppingToken), CancellationToken.None);
}
