using System.Runtime.InteropServices;
using Quiesce.Agent.Native;

namespace Quiesce.Agent.Snapshots;

/// <summary>The content of one file into another: shared blocks, else copied by the kernel piece by piece with its holes, else by hand.</summary>
internal sealed unsafe class FileContent(bool shares, CancellationToken cancelled)
{
    private const nuint FiClone = 0x40049409;
    private const int SeekData = 3, SeekHole = 4;
    private const long Piece = 16 * 1024 * 1024;
    private bool byHand;

    /// <summary>Files that share their blocks with the source.</summary>
    public int Shared { get; private set; }
    /// <summary>Files with content that was copied.</summary>
    public int Copied { get; private set; }

    public static bool SameFileSystem(string from, string to) => Files.FileSystem(from).Magic == Files.FileSystem(to).Magic;

    /// <summary>Whether the file system of this folder shares blocks at all.</summary>
    public static bool TryShare(string folder)
    {
        var first = Path.Combine(folder, $".quiesce-try-{Path.GetRandomFileName()}");
        var second = first + "2";
        try
        {
            File.WriteAllBytes(first, new byte[4096]);
            var from = Files.Open(Files.AT_FDCWD, Files.Name(first), Files.O_RDONLY);
            var to = Files.Open(Files.AT_FDCWD, Files.Name(second), Files.O_WRONLY | Files.O_CREAT | Files.O_EXCL, 0x180);
            var shared = Clone(from, to) == 0;
            Posix.Close(from);
            Posix.Close(to);
            return shared;
        }
        catch (IOException)
        {
            // No room for one block: then the copy says so in its own words.
            return false;
        }
        finally
        {
            File.Delete(first);
            File.Delete(second);
        }
    }

    /// <summary>Returns the length copied.</summary>
    public long Copy(int from, int to, byte[] name)
    {
        var size = Files.Look(from).Size;
        if (size == 0)
            return 0;
        if (shares && Clone(from, to) == 0)
        {
            Shared++;
            return size;
        }
        Copied++;
        Posix.Check(Files.Ftruncate(to, size), $"make room for {Files.Show(name)}");
        for (long at = 0; at < size;)
        {
            var data = Files.Lseek(from, at, SeekData);
            // No data behind here (a hole to the end), or a file system that does not tell holes: then all of it is data.
            if (data < 0 && Marshal.GetLastPInvokeError() == 6 /* ENXIO */)
                break;
            if (data < 0)
                data = at;
            var hole = Files.Lseek(from, data, SeekHole);
            var end = Math.Min(hole < 0 ? size : hole, size);
            if (!CopyRange(from, to, data, end, name))
                break;
            at = Math.Max(end, data + 1);
        }
        return size;
    }

    private static int Clone(int from, int to) => Posix.Ioctl(to, FiClone, (void*)from) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>False where the file ended early: it was cut while we read it.</summary>
    private bool CopyRange(int from, int to, long at, long end, byte[] name)
    {
        while (at < end)
        {
            cancelled.ThrowIfCancellationRequested();
            nint count = -1;
            if (!byHand)
            {
                long read = at, write = at;
                count = Files.CopyFileRange(from, &read, to, &write, (nuint)Math.Min(end - at, Piece), 0);
                if (count < 0)
                {
                    var error = Marshal.GetLastPInvokeError();
                    byHand = error is Posix.EXDEV or Posix.EINVAL or Posix.ENOSYS or Posix.EOPNOTSUPP;
                    if (!byHand)
                        throw new PosixException(error, $"copy {Files.Show(name)}");
                }
            }
            if (byHand)
                count = CopyByHand(from, to, at, end, name);
            if (count == 0)
                return false;
            at += count;
        }
        return true;
    }

    private static nint CopyByHand(int from, int to, long at, long end, byte[] name)
    {
        var buffer = new byte[128 * 1024];
        fixed (byte* start = buffer)
        {
            var count = Files.Pread(from, start, (nuint)Math.Min(buffer.Length, end - at), at);
            Posix.Check((int)count, $"read {Files.Show(name)}");
            for (nint done = 0; done < count;)
            {
                var written = Files.Pwrite(to, start + done, (nuint)(count - done), at + done);
                Posix.Check((int)written, $"write the copy of {Files.Show(name)}");
                done += written;
            }
            return count;
        }
    }
}
