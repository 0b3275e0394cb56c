using System.Runtime.InteropServices;
using Quiesce.Agent.Native;

namespace Quiesce.Agent.Snapshots;

/// <summary>Removes a tree by descriptors, never through a link.</summary>
internal static unsafe class TreeRemoval
{
    /// <summary>False where there was nothing.</summary>
    /// <exception cref="PosixException">Something could not be removed.</exception>
    public static bool Remove(string path)
    {
        if (Files.Look(path) is not { } entry)
            return false;
        var name = Files.Name(path);
        if (entry.IsFolder)
            Clear(Files.AT_FDCWD, name);
        Unlink(Files.AT_FDCWD, name, entry.IsFolder);
        if (Path.GetFileName(Path.GetDirectoryName(path)) == PointPlace.DefaultName)
            RemoveIfEmpty(Path.GetDirectoryName(path)!);
        return true;
    }

    /// <summary>Removes what is in a folder and leaves the folder.</summary>
    public static void Empty(string path) => Clear(Files.AT_FDCWD, Files.Name(path));

    public static void RemoveIfEmpty(string folder)
    {
        fixed (byte* name = Files.Name(folder))
            _ = Files.UnlinkAt(Files.AT_FDCWD, name, Files.AT_REMOVEDIR);
    }

    private static void Clear(int parent, byte[] name)
    {
        var folder = Files.Open(parent, name, Files.O_RDONLY | Files.O_DIRECTORY | Files.O_NOFOLLOW);
        if (folder < 0)
        {
            if (Marshal.GetLastPInvokeError() == Posix.ENOENT)
                return;
            throw new PosixException(Marshal.GetLastPInvokeError(), $"open {Files.Show(name)} to remove it");
        }
        try
        {
            foreach (var inside in Files.List(folder))
            {
                if (Files.Look(folder, inside) is not { } entry)
                    continue;
                if (entry.IsFolder)
                    Clear(folder, inside);
                Unlink(folder, inside, entry.IsFolder);
            }
        }
        finally
        {
            Posix.Close(folder);
        }
    }

    private static void Unlink(int parent, byte[] name, bool isFolder)
    {
        fixed (byte* text = name)
            if (Files.UnlinkAt(parent, text, isFolder ? Files.AT_REMOVEDIR : 0) != 0 && Marshal.GetLastPInvokeError() != Posix.ENOENT)
                throw new PosixException(Marshal.GetLastPInvokeError(), $"remove {Files.Show(name)}");
    }
}
