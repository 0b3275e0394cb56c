using System.Diagnostics;
using Quiesce.Agent.Native;
using Quiesce.Agent.Serving;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Snapshots;

/// <summary>Restores a point into a new or empty folder; nothing that is there is ever overwritten.</summary>
internal static class RestoreSnapshot
{
    public static RestoreSnapshotReply Run(Runtime runtime, Operation operation, RestoreSnapshotRequest request)
    {
        var began = Stopwatch.GetTimestamp();
        var provider = SnapshotProviders.Find(request.Provider);
        var place = PointPlace.Of(request.RestorePointId, request.SourcePath, request.Provider, request.Location);
        if (request.Target is not { Length: > 0 } || request.Target[0] != '/')
            throw new OperationException(FailureCodes.Snapshot, $"'{request.Target}' is no absolute path to restore to.");
        var target = Path.GetFullPath(request.Target).TrimEnd('/');
        runtime.Freeze.MustBeWritable(target);
        if (provider.Describe(place) is not { Exists: true, Complete: true })
            throw new OperationException(FailureCodes.Snapshot, $"There is no whole restore point {place.Id} at {place.Location} on {Environment.MachineName}; nothing was restored.");
        var before = Files.Look(target, follow: true);
        if (before is { } taken && (!taken.IsFolder || Directory.EnumerateFileSystemEntries(target).Any()))
            throw new OperationException(FailureCodes.Snapshot, $"{target} on {Environment.MachineName} is there and not an empty folder; nothing was restored. Name a new folder.");
        if (before is null)
            runtime.State.Change(state => state with { HalfMade = [.. state.HalfMade, target] });
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var (method, bytes) = provider.Restore(place, target, operation);
            return new RestoreSnapshotReply(target, method, bytes, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        catch (Exception failed) when (failed is IOException or OperationCanceledException)
        {
            if (before is null)
                TreeRemoval.Remove(target);
            else
                TreeRemoval.Empty(target);
            if (failed is IOException io)
                throw new OperationException(SnapshotFailure.Of(io, $"Restore point {place.Id} was not restored to {target} on {Environment.MachineName}, the half is removed", Path.GetDirectoryName(target)!));
            throw;
        }
        finally
        {
            runtime.State.Note(state => state with { HalfMade = [.. state.HalfMade.Where(half => half != target)] });
        }
    }
}
