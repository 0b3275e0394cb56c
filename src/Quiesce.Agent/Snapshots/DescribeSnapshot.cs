using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Snapshots;

/// <summary>Looks whether a restore point is there, whole, and what it is.</summary>
internal static class DescribeSnapshot
{
    public static DescribeSnapshotReply Run(DescribeSnapshotRequest request) =>
        SnapshotProviders.Find(request.Provider).Describe(PointPlace.Of(request.RestorePointId, request.SourcePath, request.Provider, request.Location));
}
