using Quiesce.Agent.Serving;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Snapshots;

/// <summary>Deletes a restore point, whole or half; what is not there counts as deleted.</summary>
internal static class DeleteSnapshot
{
    public static DeleteSnapshotReply Run(Runtime runtime, DeleteSnapshotRequest request)
    {
        var provider = SnapshotProviders.Find(request.Provider);
        var place = PointPlace.Of(request.RestorePointId, request.SourcePath, request.Provider, request.Location);
        runtime.Freeze.MustBeWritable(place.Folder);
        try
        {
            var existed = provider.Delete(place);
            place.RemoveEmptyFolder();
            return new DeleteSnapshotReply(existed);
        }
        catch (IOException failed)
        {
            throw new OperationException(SnapshotFailure.Of(failed, $"Restore point {place.Id} at {place.Location} on {Environment.MachineName} was not deleted", place.Folder) with { LeftBehind = place.Location });
        }
    }
}
