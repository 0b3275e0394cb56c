using Microsoft.Extensions.Hosting;
using Quiesce.Jobs.Documents;
using Quiesce.Jobs.Schedules;

namespace Quiesce.Server.Hosting;

/// <summary>Runs the scheduler, and tells it of changed jobs. A stop starts nothing new: what is due is a row.</summary>
internal sealed class SchedulerService(Scheduler scheduler, JobCatalog jobs) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void Changed(string job) => scheduler.Wake();
        jobs.Changed += Changed;
        try
        {
            await Task.Run(() => scheduler.RunAsync(stoppingToken), CancellationToken.None);
        }
        finally
        {
            jobs.Changed -= Changed;
        }
    }
}
