using Microsoft.Extensions.Hosting;
using Quiesce.Jobs;

namespace Quiesce.Server.Hosting;

/// <summary>Runs the loop. A stop claims nothing new and waits for the bursts in hand.</summary>
internal sealed class RunnerService(SessionRunner runner, RunnerOptions options) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A script that never ends holds its thread until its limit. The pool would add threads for the others only by and by, and they are other people's sessions.
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + (2 * options.Workers)), ports);
        return Task.Run(() => runner.RunAsync(stoppingToken), CancellationToken.None);
    }
}
