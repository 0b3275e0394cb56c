using Quiesce.Agent.Native;
using Quiesce.Agent.Serving;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Snapshots;

/// <summary>Read-only snapshots of a btrfs subvolume: one call, atomic, and never on a frozen file system.</summary>
internal sealed class BtrfsProvider : ISnapshotProvider
{
    public bool IsAtomic => true;

    public IPreparedSnapshot Prepare(PointPlace place, Operation operation)
    {
        if (Files.Look(place.Source) is null)
            throw new OperationException(FailureCodes.Snapshot, $"There is no {place.Source} on {Environment.MachineName}; no snapshot was taken. Correct the job's source.");
        if (!BtrfsIoctls.IsSubvolume(place.Source))
            throw new OperationException(FailureCodes.Snapshot, BtrfsIoctls.IsBtrfs(place.Source)
                ? $"{place.Source} on {Environment.MachineName} is a folder on btrfs but no subvolume, so it cannot be snapshot. Make it one (btrfs subvolume create) or use the provider directory."
                : $"{place.Source} on {Environment.MachineName} does not lie on btrfs. Use the provider directory.");
        Directory.CreateDirectory(place.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var source = Files.OpenFolder(place.Source);
        var folder = -1;
        try
        {
            folder = Files.OpenFolder(place.Folder);
            if (BtrfsIoctls.Nested(source, Files.Look(folder).Inode) is > 0 and var nested)
                throw new OperationException(FailureCodes.Snapshot,
                    $"{place.Source} on {Environment.MachineName} holds {nested} subvolume(s) of its own, which its snapshot would leave out. Protect those as sources of their own, or use the provider directory.");
            return new Prepared(place, source, folder);
        }
        catch
        {
            Posix.Close(source);
            if (folder >= 0)
                Posix.Close(folder);
            throw;
        }
    }

    public bool Delete(PointPlace place)
    {
        if (Files.Look(place.Location) is null)
            return false;
        if (!BtrfsIoctls.IsSubvolume(place.Location))
            throw new OperationException(FailureCodes.Snapshot, $"{place.Location} on {Environment.MachineName} is no btrfs subvolume; it was left alone. Look who made it.");
        var folder = Files.OpenFolder(place.Folder);
        try
        {
            if (BtrfsIoctls.Destroy(folder, place.Id) is not 0 and var error)
                throw new PosixException(error, "delete the subvolume");
            return true;
        }
        finally
        {
            Posix.Close(folder);
        }
    }

    public (string Method, long? Bytes) Restore(PointPlace place, string target, Operation operation)
    {
        var parent = Files.OpenFolder(Path.GetDirectoryName(target)!);
        var point = Files.OpenFolder(place.Location);
        try
        {
            // An empty folder makes way for the subvolume that takes its name.
            TreeRemoval.RemoveIfEmpty(target);
            if (BtrfsIoctls.Snapshot(point, parent, BtrfsIoctls.SnapshotArgument(Path.GetFileName(target), readOnly: false)) == 0)
                return ("btrfs", null);
        }
        finally
        {
            Posix.Close(parent);
            Posix.Close(point);
        }
        // Another file system, or an empty mount point that cannot make way.
        return DirectoryProvider.CopyInto(place.Location, target, operation);
    }

    public DescribeSnapshotReply Describe(PointPlace place)
    {
        if (Files.Look(place.Location) is null)
            return new DescribeSnapshotReply(false, false, null, null, null);
        if (!BtrfsIoctls.IsSubvolume(place.Location))
            return new DescribeSnapshotReply(true, false, place.Location, null, null);
        var point = Files.OpenFolder(place.Location);
        var whole = BtrfsIoctls.IsReadOnly(point);
        Posix.Close(point);
        return new DescribeSnapshotReply(true, whole, place.Location, "btrfs", null);
    }

    private sealed class Prepared(PointPlace place, int source, int folder) : IPreparedSnapshot
    {
        private readonly byte[] argument = BtrfsIoctls.SnapshotArgument(place.Id, readOnly: true);

        public void Take()
        {
            if (BtrfsIoctls.Snapshot(source, folder, argument) is not 0 and var error)
                throw error == Posix.EXDEV
                    ? new OperationException(FailureCodes.Snapshot, $"{place.Folder} lies on another file system than {place.Source}; a btrfs snapshot stays on its own. Name a target there.")
                    : new PosixException(error, $"snapshot {place.Source}");
        }

        public (string Method, long? Bytes) Finish() => ("btrfs", null);

        public void Dispose()
        {
            Posix.Close(source);
            Posix.Close(folder);
        }
    }
}
