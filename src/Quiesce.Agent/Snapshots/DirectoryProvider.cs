using System.Text.Json;
using Quiesce.Agent.Freezing;
using Quiesce.Agent.Native;
using Quiesce.Agent.Serving;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Snapshots;

/// <summary>A copy of the tree beside the data: shared blocks where the file system can, bytes where it cannot. It has its name only when it is whole.</summary>
internal sealed class DirectoryProvider : ISnapshotProvider
{
    public bool IsAtomic => false;

    public IPreparedSnapshot Prepare(PointPlace place, Operation operation)
    {
        if (Files.Look(place.Source) is not { IsFolder: true })
            throw new OperationException(FailureCodes.Snapshot, $"{place.Source} on {Environment.MachineName} is no folder; no snapshot was taken. Correct the job's source.");
        Directory.CreateDirectory(place.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var folder = Files.RealPath(place.Folder)!;
        if (MountTable.IsWithin(folder, place.Source))
            throw new OperationException(FailureCodes.Snapshot, $"The target {place.Folder} lies inside the source {place.Source}: each copy would hold the ones before. Name a target outside.");
        TreeRemoval.Remove(place.Incomplete);
        var shares = TreeCopy.CanShareBlocks(place.Source, folder);
        var needed = TreeCopy.Measure(place.Source, operation.Cancelled);
        var free = SnapshotFailure.Free(folder);
        if (!shares && needed > free)
            throw new OperationException(new Failure(FailureCodes.Snapshot, $"A copy of {place.Source} on {Environment.MachineName} needs {needed} bytes and {folder} has {free} free; nothing was copied. Make room there or name another target.", Retryable: true));
        return new Prepared(place, new TreeCopy(operation, needed, shares));
    }

    public bool Delete(PointPlace place)
    {
        // The record goes last: as long as it is there, a repeat finds its way.
        var existed = Remove(place.Location) | Remove(place.Incomplete);
        return existed | Remove(place.RecordFile);
    }

    public (string Method, long? Bytes) Restore(PointPlace place, string target, Operation operation) => CopyInto(place.Location, target, operation);

    public static (string Method, long? Bytes) CopyInto(string from, string target, Operation operation)
    {
        Directory.CreateDirectory(target);
        var shares = TreeCopy.CanShareBlocks(from, target);
        var needed = TreeCopy.Measure(from, operation.Cancelled);
        var free = SnapshotFailure.Free(target);
        if (!shares && needed > free)
            throw new OperationException(FailureCodes.Snapshot, $"Restoring needs {needed} bytes and {target} on {Environment.MachineName} has {free} free; nothing was restored. Make room there or name another folder.");
        using var copy = new TreeCopy(operation, needed, shares);
        copy.Copy(from, target);
        copy.MakeDurable();
        return (copy.Method, copy.Bytes);
    }

    public DescribeSnapshotReply Describe(PointPlace place)
    {
        if (Files.Look(place.Location) is not { IsFolder: true })
            return new DescribeSnapshotReply(Files.Look(place.Incomplete) is not null, false, Files.Look(place.Incomplete) is null ? null : place.Incomplete, null, null);
        try
        {
            var record = JsonSerializer.Deserialize(File.ReadAllBytes(place.RecordFile), AgentReadJson.Default.PointRecord);
            return new DescribeSnapshotReply(true, true, place.Location, record?.Method, record?.Bytes);
        }
        catch (Exception lost) when (lost is IOException or JsonException)
        {
            // The name alone says that it is whole; only what it weighs is forgotten.
            return new DescribeSnapshotReply(true, true, place.Location, null, null);
        }
    }

    private static bool Remove(string path) => TreeRemoval.Remove(path);

    private sealed class Prepared(PointPlace place, TreeCopy copy) : IPreparedSnapshot
    {
        private bool finished;

        public void Take()
        {
            Directory.CreateDirectory(place.Incomplete, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            copy.Copy(place.Source, place.Incomplete);
        }

        public (string Method, long? Bytes) Finish()
        {
            copy.MakeDurable();
            File.WriteAllBytes(place.RecordFile, JsonSerializer.SerializeToUtf8Bytes(new PointRecord(place.Id, place.Source, copy.Method, copy.Bytes, TimeProvider.System.GetUtcNow()), AgentJson.Default.PointRecord));
            // The data are on disk; the name is what makes them a restore point, and it is on disk when we answer.
            Directory.Move(place.Incomplete, place.Location);
            var folder = Files.OpenFolder(place.Folder);
            _ = Files.Fsync(folder);
            Posix.Close(folder);
            finished = true;
            return (copy.Method, copy.Bytes);
        }

        public void Dispose()
        {
            copy.Dispose();
            if (!finished)
                TreeRemoval.Remove(place.Incomplete);
        }
    }
}
