using System.Runtime.InteropServices;

namespace Quiesce.Agent.Native;

/// <summary>The system calls that .NET has no word for: processes and descriptors. Paths are bytes, because a file name on Linux need not be text.</summary>
internal static unsafe partial class Posix
{
    private const string Library = "libc";

    public const int EPERM = 1, ENOENT = 2, EINTR = 4, EAGAIN = 11, EACCES = 13, EBUSY = 16, EEXIST = 17, EXDEV = 18, ENOTDIR = 20, EINVAL = 22, ENOTTY = 25, ENOSPC = 28, ENOSYS = 38,
        ELOOP = 40, EOPNOTSUPP = 95, EDQUOT = 122;
    public const int SIGKILL = 9, SIGTERM = 15;
    public const short POLLIN = 1;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    [LibraryImport(Library, EntryPoint = "setsid", SetLastError = true)] public static partial int SetSid();
    [LibraryImport(Library, EntryPoint = "getsid", SetLastError = true)] public static partial int GetSid(int pid);
    [LibraryImport(Library, EntryPoint = "getpgid", SetLastError = true)] public static partial int GetPgid(int pid);
    [LibraryImport(Library, EntryPoint = "geteuid")] public static partial uint GetEuid();
    [LibraryImport(Library, EntryPoint = "umask")] public static partial uint Umask(uint mask);
    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)] public static partial int Kill(int pid, int signal);
    [LibraryImport(Library, EntryPoint = "waitid", SetLastError = true)] public static partial int WaitId(int kind, int pid, byte* information, int options);
    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)] public static partial int WaitPid(int pid, int* status, int options);
    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)] public static partial int Pipe2(int* ends, int flags);
    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)] public static partial int Poll(PollFd* descriptors, nuint count, int milliseconds);
    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)] public static partial nint Read(int fd, byte* buffer, nuint count);
    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)] public static partial nint Write(int fd, byte* buffer, nuint count);
    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)] public static partial int Close(int fd);
    [LibraryImport(Library, EntryPoint = "dup2", SetLastError = true)] public static partial int Dup2(int from, int to);
    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)] public static partial int Flock(int fd, int operation);
    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)] public static partial int Ioctl(int fd, nuint request, void* argument);
    [LibraryImport(Library, EntryPoint = "mlockall", SetLastError = true)] public static partial int MlockAll(int flags);
    [LibraryImport(Library, EntryPoint = "munlockall", SetLastError = true)] public static partial int MunlockAll();

    public const int O_CLOEXEC = 0x80000, O_NONBLOCK = 0x800;

    /// <summary>A pipe whose ends no started program inherits by accident: the guardian's and the timer's sense of our death hang on that.</summary>
    public static (int Read, int Write) Pipe()
    {
        var ends = stackalloc int[2];
        Check(Pipe2(ends, O_CLOEXEC), "make a pipe");
        return (ends[0], ends[1]);
    }

    /// <summary>Writes all of it, or says that it could not (a closed pipe, mostly).</summary>
    public static bool TryWrite(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nuint done = 0;
            while (done < (nuint)bytes.Length)
            {
                var count = Write(fd, start + done, (nuint)bytes.Length - done);
                if (count < 0 && Marshal.GetLastPInvokeError() == EINTR)
                    continue;
                if (count <= 0)
                    return false;
                done += (nuint)count;
            }
        }
        return true;
    }

    /// <summary>What is there to read, 0 at the end of the file, -1 on an error.</summary>
    public static int Read(int fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = Read(fd, start, (nuint)buffer.Length);
                if (count >= 0 || Marshal.GetLastPInvokeError() != EINTR)
                    return (int)count;
            }
        }
    }

    /// <exception cref="PosixException">The call failed.</exception>
    public static int Check(int result, string doing)
    {
        if (result < 0)
            throw new PosixException(Marshal.GetLastPInvokeError(), doing);
        return result;
    }
}

/// <summary>A system call failed; the message says what was being done and what the system said.</summary>
internal sealed class PosixException(int error, string doing) : IOException($"Could not {doing}: {Words(error)}.")
{
    /// <summary>The errno.</summary>
    public int Error { get; } = error;

    public static string Words(int error) => Marshal.GetPInvokeErrorMessage(error);
}
