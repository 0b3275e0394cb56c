using System.Runtime.InteropServices;
using System.Text;
using Quiesce.Agent.Native;

namespace Quiesce.Agent.Snapshots;

/// <summary>The calls on btrfs subvolumes, so that no external program is needed.</summary>
internal static unsafe class BtrfsIoctls
{
    private const nuint SnapCreateV2 = 0x50009417, SnapDestroy = 0x5000940F, GetSubvolRootref = 0xD000943D, GetSubvolFlags = 0x80089419;
    private const long Magic = 0x9123683E;
    private const ulong ReadOnlyFlag = 2, RootInode = 256;
    private const int ArgumentSize = 4096;

    public static bool IsBtrfs(string path) => Files.FileSystem(path).Magic == Magic;

    public static bool IsSubvolume(string path) => Files.Look(path) is { IsFolder: true, Inode: RootInode } && IsBtrfs(path);

    /// <summary>0, or the errno. <paramref name="name"/> appears in the folder at once and whole.</summary>
    public static int Snapshot(int source, int folder, byte[] argument)
    {
        fixed (byte* start = argument)
        {
            *(long*)start = source;
            return Posix.Ioctl(folder, SnapCreateV2, start) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>The argument of <see cref="Snapshot"/>, made before the clock runs.</summary>
    public static byte[] SnapshotArgument(string name, bool readOnly)
    {
        var argument = new byte[ArgumentSize];
        fixed (byte* start = argument)
            *(ulong*)(start + 16) = readOnly ? ReadOnlyFlag : 0;
        Encoding.UTF8.GetBytes(name, argument.AsSpan(56, 4039));
        return argument;
    }

    /// <summary>0, or the errno.</summary>
    public static int Destroy(int folder, string name)
    {
        var argument = new byte[ArgumentSize];
        Encoding.UTF8.GetBytes(name, argument.AsSpan(8, 4087));
        fixed (byte* start = argument)
            return Posix.Ioctl(folder, SnapDestroy, start) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    public static bool IsReadOnly(int subvolume)
    {
        ulong flags = 0;
        return Posix.Ioctl(subvolume, GetSubvolFlags, &flags) == 0 && (flags & ReadOnlyFlag) != 0;
    }

    /// <summary>How many subvolumes lie inside this one, those in the folder with the given inode not counted: a snapshot leaves them out.</summary>
    public static int Nested(int subvolume, ulong exceptIn)
    {
        var argument = new byte[ArgumentSize];
        var count = 0;
        fixed (byte* start = argument)
        {
            // More than fit in one answer end with an error that says so; those that fit are enough to refuse.
            if (Posix.Ioctl(subvolume, GetSubvolRootref, start) != 0 && start[ArgumentSize - 8] == 0)
                return 0;
            for (var i = 0; i < start[ArgumentSize - 8]; i++)
                if (*(ulong*)(start + 8 + i * 16 + 8) != exceptIn)
                    count++;
        }
        return count;
    }
}
