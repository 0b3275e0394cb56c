using Quiesce.Agent.Native;

namespace Quiesce.Agent.Serving;

/// <summary>Whoever holds this lock owns the private folder: the serving process while it lives, then the orphan rule. It ends with its process, however that ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private const int Exclusive = 2, NotBlocking = 4;
    private int fd;

    private FolderLock(int fd) => this.fd = fd;

    /// <summary>Null where somebody else holds it.</summary>
    public static FolderLock? TryTake(string file)
    {
        var fd = Posix.Check(Files.Open(Files.AT_FDCWD, Files.Name(file), Files.O_RDWR | Files.O_CREAT | Files.O_NOFOLLOW, 0x180), $"open {file}");
        // A folder that was removed and made anew has a new lock file; the old one, though locked, guards nothing.
        if (Posix.Flock(fd, Exclusive | NotBlocking) == 0 && Files.Look(file) is { } named && named.Inode == Files.Look(fd).Inode)
            return new FolderLock(fd);
        Posix.Close(fd);
        return null;
    }

    public static bool WaitUntilFree(string file, TimeSpan time)
    {
        var until = Environment.TickCount64 + (long)time.TotalMilliseconds;
        while (Environment.TickCount64 < until)
        {
            if (Files.Look(file) is null)
                return true;
            using var taken = TryTake(file);
            if (taken is not null)
                return true;
            Thread.Sleep(50);
        }
        return false;
    }

    public void Dispose()
    {
        if (fd >= 0)
            Posix.Close(fd);
        fd = -1;
    }
}
