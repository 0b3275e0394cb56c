using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quiesce.Jobs;

namespace Quiesce.Server.Hosting;

/// <summary>Lets the janitor look once a minute; what is due when is its own business.</summary>
internal sealed class JanitorService(Janitor janitor, ServerOptions options, ILogger<JanitorService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await SweepAsync(stoppingToken);
                await Task.Delay(options.Sweep, options.Time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: what is owed is a row.
        }
    }

    private async Task SweepAsync(CancellationToken stopping)
    {
        try
        {
            await janitor.SweepAsync(stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it was about one guest, the others are still owed something.
            log.LogError(e, "The janitor could not finish its round; it goes again in {Sweep}", options.Sweep);
        }
    }
}
