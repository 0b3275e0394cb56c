using System.Runtime.InteropServices;
using Quiesce.Agent.Native;

namespace Quiesce.Agent.Freezing;

/// <summary>The two calls that freeze and thaw a file system, on descriptors opened before.</summary>
internal static unsafe class Ioctls
{
    private const nuint FreezeCall = 0xC0045877, ThawCall = 0xC0045878;

    /// <summary>0, or the errno.</summary>
    public static int Freeze(int fd) => Call(fd, FreezeCall);

    /// <summary>0, or the errno; EINVAL where it was not frozen.</summary>
    public static int Thaw(int fd) => Call(fd, ThawCall);

    /// <summary>For those who come later and have no descriptor. True where it was frozen and is no more.</summary>
    public static bool TryThaw(string mountPoint)
    {
        var fd = Files.Open(Files.AT_FDCWD, Files.Name(mountPoint), Files.O_RDONLY | Files.O_DIRECTORY);
        if (fd < 0)
            return false;
        var thawed = Thaw(fd) == 0;
        Posix.Close(fd);
        return thawed;
    }

    private static int Call(int fd, nuint request)
    {
        var argument = 0;
        return Posix.Ioctl(fd, request, &argument) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }
}
