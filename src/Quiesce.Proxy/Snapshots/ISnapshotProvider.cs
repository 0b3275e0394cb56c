using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy.Snapshots;

/// <summary>Makes and keeps restore points: on the guest beside the data (<see cref="AgentSnapshots"/>) or by the user's own programs (<see cref="Command.CommandSnapshots"/>).</summary>
internal interface ISnapshotProvider
{
    /// <summary>The critical section: freeze where needed, create, thaw in every outcome.</summary>
    Task<Answer> CreateAsync(Operation operation, TakeSnapshotRequest request, CancellationToken stopping);

    /// <summary>Deletes a point. Deleting what is not there is success.</summary>
    Task<Answer> DeleteAsync(Operation operation, DeleteSnapshotRequest request, CancellationToken stopping);

    /// <summary>Restores a point into a new or empty folder.</summary>
    Task<Answer> RestoreAsync(Operation operation, RestoreSnapshotRequest request, CancellationToken stopping);

    /// <summary>Looks whether a point is there.</summary>
    Task<Answer> DescribeAsync(Operation operation, DescribeSnapshotRequest request, CancellationToken stopping);
}
