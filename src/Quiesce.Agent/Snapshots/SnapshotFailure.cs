using Quiesce.Agent.Native;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Snapshots;

/// <summary>What the system said about a snapshot, as words for the operator.</summary>
internal static class SnapshotFailure
{
    public static Failure Of(IOException failed, string what, string folder)
    {
        var advice = (failed as PosixException)?.Error switch
        {
            Posix.ENOSPC or Posix.EDQUOT => $" {folder} has {Free(folder)} bytes free. Make room there or name another target.",
            Posix.EPERM or Posix.EACCES => $" The account {Environment.UserName} may not; connect as root or as the owner.",
            _ => "",
        };
        return new Failure(FailureCodes.Snapshot, $"{what}: {failed.Message}{advice}", Retryable: (failed as PosixException)?.Error is Posix.ENOSPC or Posix.EBUSY or Posix.EAGAIN);
    }

    public static long Free(string folder)
    {
        while (Files.Look(folder, follow: true) is null && Path.GetDirectoryName(folder) is { } parent)
            folder = parent;
        return Files.FileSystem(folder).Free;
    }
}
