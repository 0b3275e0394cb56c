using System.Runtime.InteropServices;
using System.Text;

namespace Quiesce.Agent.Native;

/// <summary>Files and folders by descriptor and byte name: nothing is looked up twice by path, so a link swapped in underneath cannot lead us astray.</summary>
internal static unsafe partial class Files
{
    private const string Library = "libc";

    public const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_REMOVEDIR = 0x200, AT_EMPTY_PATH = 0x1000;
    public const int O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0x40, O_EXCL = 0x80, O_TRUNC = 0x200, O_APPEND = 0x400;
    /// <summary>These two differ between processors.</summary>
    public static readonly int O_DIRECTORY = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 : 0x10000;
    public static readonly int O_NOFOLLOW = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)] public static partial int OpenAt(int folder, byte* name, int flags, uint mode);
    [LibraryImport(Library, EntryPoint = "mkdirat", SetLastError = true)] public static partial int MkdirAt(int folder, byte* name, uint mode);
    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true)] public static partial int UnlinkAt(int folder, byte* name, int flags);
    [LibraryImport(Library, EntryPoint = "linkat", SetLastError = true)] public static partial int LinkAt(int fromFolder, byte* from, int toFolder, byte* to, int flags);
    [LibraryImport(Library, EntryPoint = "symlinkat", SetLastError = true)] public static partial int SymlinkAt(byte* text, int folder, byte* name);
    [LibraryImport(Library, EntryPoint = "readlinkat", SetLastError = true)] public static partial nint ReadlinkAt(int folder, byte* name, byte* buffer, nuint size);
    [LibraryImport(Library, EntryPoint = "fchmod", SetLastError = true)] public static partial int Fchmod(int fd, uint mode);
    [LibraryImport(Library, EntryPoint = "fchownat", SetLastError = true)] public static partial int FchownAt(int folder, byte* name, uint owner, uint group, int flags);
    [LibraryImport(Library, EntryPoint = "utimensat", SetLastError = true)] public static partial int UtimensAt(int folder, byte* name, long* times, int flags);
    [LibraryImport(Library, EntryPoint = "futimens", SetLastError = true)] public static partial int Futimens(int fd, long* times);
    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true)] private static partial int Statx(int folder, byte* name, int flags, uint mask, byte* buffer);
    [LibraryImport(Library, EntryPoint = "statfs", SetLastError = true)] private static partial int Statfs(byte* path, long* buffer);
    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)] public static partial int Fsync(int fd);
    [LibraryImport(Library, EntryPoint = "syncfs", SetLastError = true)] public static partial int Syncfs(int fd);
    [LibraryImport(Library, EntryPoint = "ftruncate", SetLastError = true)] public static partial int Ftruncate(int fd, long length);
    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)] public static partial long Lseek(int fd, long offset, int whence);
    [LibraryImport(Library, EntryPoint = "copy_file_range", SetLastError = true)] public static partial nint CopyFileRange(int from, long* fromOffset, int to, long* toOffset, nuint count, uint flags);
    [LibraryImport(Library, EntryPoint = "pread", SetLastError = true)] public static partial nint Pread(int fd, byte* buffer, nuint count, long offset);
    [LibraryImport(Library, EntryPoint = "pwrite", SetLastError = true)] public static partial nint Pwrite(int fd, byte* buffer, nuint count, long offset);
    [LibraryImport(Library, EntryPoint = "fdopendir", SetLastError = true)] private static partial nint FdOpenDir(int fd);
    [LibraryImport(Library, EntryPoint = "readdir", SetLastError = true)] private static partial byte* ReadDir(nint folder);
    [LibraryImport(Library, EntryPoint = "closedir", SetLastError = true)] private static partial int CloseDir(nint folder);
    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)] private static partial int Fcntl(int fd, int command, int argument);
    [LibraryImport(Library, EntryPoint = "flistxattr", SetLastError = true)] public static partial nint FlistXattr(int fd, byte* names, nuint size);
    [LibraryImport(Library, EntryPoint = "fgetxattr", SetLastError = true)] public static partial nint FgetXattr(int fd, byte* name, byte* value, nuint size);
    [LibraryImport(Library, EntryPoint = "fsetxattr", SetLastError = true)] public static partial int FsetXattr(int fd, byte* name, byte* value, nuint size, int flags);

    /// <summary>A path or name as the system wants it: bytes, ended by a zero.</summary>
    public static byte[] Name(string path)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return bytes;
    }

    /// <summary>For people to read; a name that is not text shows replacement marks.</summary>
    public static string Show(byte[] name) => Encoding.UTF8.GetString(name.AsSpan(0, name.Length - 1));

    /// <summary>Opens, never handed on to programs that we start; -1 with the error in the last P/Invoke error.</summary>
    public static int Open(int folder, byte[] name, int flags, uint mode = 0)
    {
        fixed (byte* text = name)
            return OpenAt(folder, text, flags | Posix.O_CLOEXEC, mode);
    }

    /// <exception cref="PosixException">It cannot be opened.</exception>
    public static int OpenFolder(string path) => Posix.Check(Open(AT_FDCWD, Name(path), O_RDONLY | O_DIRECTORY), $"open the folder {path}");

    /// <summary>What a name stands for, without following a link; null where there is nothing.</summary>
    public static Entry? Look(int folder, byte[] name, bool follow = false)
    {
        var buffer = stackalloc byte[256];
        fixed (byte* text = name)
        {
            var flags = (follow ? 0 : AT_SYMLINK_NOFOLLOW) | (name.Length == 1 ? AT_EMPTY_PATH : 0);
            if (Statx(folder, text, flags, 0xFFF, buffer) != 0)
            {
                var error = Marshal.GetLastPInvokeError();
                return error is Posix.ENOENT or Posix.ENOTDIR ? null : throw new PosixException(error, $"look at {Show(name)}");
            }
        }
        return new Entry(*(ushort*)(buffer + 28), *(uint*)(buffer + 20), *(uint*)(buffer + 24), *(uint*)(buffer + 16), *(ulong*)(buffer + 32), *(long*)(buffer + 40), *(long*)(buffer + 48),
            *(long*)(buffer + 64), *(uint*)(buffer + 72), *(long*)(buffer + 112), *(uint*)(buffer + 120), ((ulong)*(uint*)(buffer + 136) << 32) | *(uint*)(buffer + 140));
    }

    /// <inheritdoc cref="Look(int, byte[], bool)"/>
    public static Entry? Look(string path, bool follow = false) => Look(AT_FDCWD, Name(path), follow);

    /// <summary>What an open descriptor is.</summary>
    public static Entry Look(int fd) => Look(fd, [0])!.Value;

    /// <summary>The magic number of the file system that holds the path, and the bytes free to this account.</summary>
    public static (long Magic, long Free) FileSystem(string path)
    {
        var buffer = stackalloc long[32];
        fixed (byte* text = Name(path))
            Posix.Check(Statfs(text, buffer), $"ask about the file system of {path}");
        return (buffer[0], buffer[1] * buffer[4]);
    }

    /// <summary>The path without links; null where there is nothing.</summary>
    public static string? RealPath(string path)
    {
        var fd = Open(AT_FDCWD, Name(path), 0x200000 /* O_PATH */);
        if (fd < 0)
            return null;
        var buffer = stackalloc byte[4096];
        fixed (byte* link = Name($"/proc/self/fd/{fd}"))
        {
            var length = ReadlinkAt(AT_FDCWD, link, buffer, 4096);
            Posix.Close(fd);
            return length < 0 ? null : Encoding.UTF8.GetString(buffer, (int)length);
        }
    }

    /// <summary>Whether programs may not be started from the file system that holds the path.</summary>
    public static bool NoExec(string path)
    {
        var buffer = stackalloc long[32];
        fixed (byte* text = Name(path))
            // struct statfs: type, block size, five counts, a two-word id in one, name length, fragment size, flags.
            return Statfs(text, buffer) == 0 && (buffer[10] & 8 /* ST_NOEXEC */) != 0;
    }

    /// <summary>The names in an open folder, without the two dots, read in full before anything is done with them.</summary>
    public static List<byte[]> List(int folder)
    {
        var names = new List<byte[]>();
        // A second descriptor: closedir closes the one it was given, and the caller still needs its own.
        var copy = Posix.Check(Fcntl(folder, 1030 /* F_DUPFD_CLOEXEC */, 0), "list a folder");
        var stream = FdOpenDir(copy);
        if (stream == 0)
            throw new PosixException(Marshal.GetLastPInvokeError(), "list a folder");
        try
        {
            for (var entry = ReadDir(stream); entry is not null; entry = ReadDir(stream))
            {
                var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + 19);
                if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
                    continue;
                var bytes = new byte[name.Length + 1];
                name.CopyTo(bytes);
                names.Add(bytes);
            }
        }
        finally
        {
            CloseDir(stream);
        }
        Lseek(folder, 0, 0);
        return names;
    }
}

/// <summary>One file system entry.</summary>
internal readonly record struct Entry(ushort Mode, uint Owner, uint Group, uint Links, ulong Inode, long Size, long Blocks, long AccessSeconds, uint AccessNanoseconds, long ModifiedSeconds, uint ModifiedNanoseconds, ulong Device)
{
    public bool IsFolder => (Mode & 0xF000) == 0x4000;
    public bool IsFile => (Mode & 0xF000) == 0x8000;
    public bool IsLink => (Mode & 0xF000) == 0xA000;
    /// <summary>Permission bits with set-id and sticky.</summary>
    public uint Permissions => (uint)(Mode & 0xFFF);
}
