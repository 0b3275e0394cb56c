using Quiesce.Contracts.Bus;
using Quiesce.Proxy.Snapshots.Command;

namespace Quiesce.Proxy.Snapshots;

/// <summary>Which provider a job's settings name.</summary>
internal sealed class SnapshotProviders(GuestSessions sessions)
{
    private readonly AgentSnapshots agent = new(sessions);
    private readonly CommandSnapshots command = new(sessions);

    /// <exception cref="GuestFailureException">GP-SNAPSHOT: no provider has that name.</exception>
    public ISnapshotProvider For(ProviderSettings settings, Guest guest) => settings.Name switch
    {
        "command" => command,
        "directory" or "btrfs" => agent,
        _ => throw new GuestFailureException(FailureCodes.Snapshot, $"There is no snapshot provider '{settings.Name}' for {guest.Machine}. Use directory, btrfs or command in the job's \"snapshot\"."),
    };
}
