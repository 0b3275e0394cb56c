using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quiesce.Storage;

namespace Quiesce.Server.Hosting;

/// <summary>Keeps this process the owner of its sessions.</summary>
internal sealed class LeaseService(Store store, Owner owner, ServerOptions options, IHostApplicationLifetime lifetime, ILogger<LeaseService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.OwnerLease / 3, options.Time, stoppingToken);
                await RenewAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: the lease is given up after the last commit.
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            if (await store.RenewOwnerAsync(owner))
                return;
            // Others work on our sessions now; every commit of ours would be refused.
            log.LogCritical("Another server has taken the sessions of this one over, because it gave no sign of life for {Lease}. This one stops; start it again", options.OwnerLease);
            lifetime.StopApplication();
        }
        catch (StorageException e)
        {
            log.LogError(e, "The lease could not be renewed; trying again in {Wait}", options.OwnerLease / 3);
        }
    }
}
