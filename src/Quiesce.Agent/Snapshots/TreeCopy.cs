using System.Runtime.InteropServices;
using Quiesce.Agent.Freezing;
using Quiesce.Agent.Native;
using Quiesce.Agent.Serving;

namespace Quiesce.Agent.Snapshots;

/// <summary>
/// Copies a tree: contents (shared where possible, holes kept), modes, owners, times, links of both kinds, extended attributes. Files that change meanwhile are copied as they are met;
/// sockets, pipes and devices are left out and said so.
/// </summary>
internal sealed unsafe class TreeCopy(Operation operation, long expected, bool shares) : IDisposable
{
    private const int FewFiles = 32;
    private readonly Dictionary<(ulong Device, ulong Inode), byte[]> linked = [];
    private readonly List<int> unsynced = [];
    private readonly FileContent content = new(shares, operation.Cancelled);
    private HashSet<ulong> notOurs = [];
    private int root = -1;
    private bool many;
    private int skipped;
    private long toldAt;

    public long Bytes { get; private set; }
    /// <summary><c>reflink</c> where every file with content shares its blocks with the source, otherwise <c>copy</c>.</summary>
    public string Method => content.Shared > 0 && content.Copied == 0 ? "reflink" : "copy";

    /// <summary>Whether files in one folder can share blocks with files in the other, found by trying with an empty one.</summary>
    public static bool CanShareBlocks(string from, string to) =>
        Files.Look(to) is { } there && FileContent.SameFileSystem(from, to) && there.IsFolder && FileContent.TryShare(to);

    /// <summary>The bytes that a full copy takes on disk.</summary>
    public static long Measure(string path, CancellationToken cancelled)
    {
        var folder = Files.OpenFolder(path);
        try
        {
            return Measure(folder, NotOurs(path), cancelled);
        }
        finally
        {
            Posix.Close(folder);
        }
    }

    /// <summary>Copies the content of one folder into another that is there and empty.</summary>
    /// <exception cref="PosixException">The disk is full, or something could not be read or written.</exception>
    public void Copy(string from, string to)
    {
        notOurs = NotOurs(from);
        var source = Files.OpenFolder(from);
        try
        {
            root = Files.OpenFolder(to);
            CopyFolder(source, root, []);
            Dress(root, Files.Look(source), source);
        }
        finally
        {
            Posix.Close(source);
        }
        if (skipped > 0)
            operation.Progress($"{skipped} socket(s), pipe(s) or device(s) in {from} were left out");
    }

    /// <summary>Returns when every byte is on disk: a few files are flushed one by one, many with their whole file system at once.</summary>
    /// <exception cref="PosixException">The disk refused, mostly because it is full.</exception>
    public void MakeDurable()
    {
        foreach (var fd in unsynced)
            Posix.Check(Files.Fsync(fd), "write the copy to disk");
        if (many)
            Posix.Check(Files.Syncfs(root), "write the copy to disk");
        else
            Posix.Check(Files.Fsync(root), "write the copy to disk");
    }

    public void Dispose()
    {
        foreach (var fd in unsynced)
            Posix.Close(fd);
        unsynced.Clear();
        if (root >= 0)
            Posix.Close(root);
        root = -1;
    }

    private void CopyFolder(int from, int to, byte[] prefix)
    {
        foreach (var name in Files.List(from))
        {
            operation.Cancelled.ThrowIfCancellationRequested();
            // Gone since it was listed: files changing underneath are no error.
            if (Files.Look(from, name) is not { } entry)
                continue;
            byte[] path = [.. prefix, .. name.AsSpan(0, name.Length - 1)];
            if (entry.IsFolder)
                CopySubfolder(from, to, name, path, entry);
            else if (entry.IsLink)
                CopyLink(from, to, name, entry);
            else if (!entry.IsFile)
                skipped++;
            else if (entry.Links < 2 || !TryLink(to, name, path, entry))
                CopyFile(from, to, name, entry);
        }
    }

    private void CopySubfolder(int from, int to, byte[] name, byte[] path, Entry entry)
    {
        var inside = Files.Open(from, name, Files.O_RDONLY | Files.O_DIRECTORY | Files.O_NOFOLLOW);
        if (inside < 0 && Marshal.GetLastPInvokeError() == Posix.ENOENT)
            return;
        Posix.Check(inside, $"open the folder {Files.Show(name)}");
        var copy = -1;
        try
        {
            fixed (byte* text = name)
                Posix.Check(Files.MkdirAt(to, text, 0x1C0), $"make the folder {Files.Show(name)}");
            copy = Posix.Check(Files.Open(to, name, Files.O_RDONLY | Files.O_DIRECTORY | Files.O_NOFOLLOW), $"open the copy of {Files.Show(name)}");
            many = true;
            if (!notOurs.Contains(entry.Device))
                CopyFolder(inside, copy, [.. path, (byte)'/']);
            Dress(copy, entry, inside);
        }
        finally
        {
            Posix.Close(inside);
            if (copy >= 0)
                Posix.Close(copy);
        }
    }

    private void CopyLink(int from, int to, byte[] name, Entry entry)
    {
        var text = stackalloc byte[4097];
        var times = stackalloc long[4] { entry.AccessSeconds, entry.AccessNanoseconds, entry.ModifiedSeconds, entry.ModifiedNanoseconds };
        fixed (byte* named = name)
        {
            var length = Files.ReadlinkAt(from, named, text, 4096);
            if (length < 0)
                return;
            text[length] = 0;
            Posix.Check(Files.SymlinkAt(text, to, named), $"make the link {Files.Show(name)}");
            _ = Files.FchownAt(to, named, entry.Owner, entry.Group, Files.AT_SYMLINK_NOFOLLOW);
            _ = Files.UtimensAt(to, named, times, Files.AT_SYMLINK_NOFOLLOW);
        }
    }

    /// <summary>A second name of a file that was copied already.</summary>
    private bool TryLink(int to, byte[] name, byte[] path, Entry entry)
    {
        if (!linked.TryGetValue((entry.Device, entry.Inode), out var first))
        {
            linked.Add((entry.Device, entry.Inode), [.. path, 0]);
            return false;
        }
        fixed (byte* old = first, another = name)
            return Files.LinkAt(root, old, to, another, 0) == 0;
    }

    private void CopyFile(int from, int to, byte[] name, Entry entry)
    {
        var source = Files.Open(from, name, Files.O_RDONLY | Files.O_NOFOLLOW | Posix.O_NONBLOCK);
        if (source < 0 && Marshal.GetLastPInvokeError() is Posix.ENOENT or Posix.ELOOP)
            return;
        Posix.Check(source, $"open {Files.Show(name)}");
        var copy = -1;
        var kept = false;
        try
        {
            copy = Posix.Check(Files.Open(to, name, Files.O_WRONLY | Files.O_CREAT | Files.O_EXCL, 0x180), $"make the file {Files.Show(name)}");
            Bytes += content.Copy(source, copy, name);
            Dress(copy, entry, source);
            if (unsynced.Count < FewFiles)
            {
                unsynced.Add(copy);
                kept = true;
            }
            else
                many = true;
            Tell();
        }
        finally
        {
            Posix.Close(source);
            if (copy >= 0 && !kept)
                Posix.Close(copy);
        }
    }

    /// <summary>Owner, mode, attributes and times, in this order: a change of owner clears bits of the mode, and everything changes the times.</summary>
    private static void Dress(int copy, Entry entry, int source)
    {
        var times = stackalloc long[4] { entry.AccessSeconds, entry.AccessNanoseconds, entry.ModifiedSeconds, entry.ModifiedNanoseconds };
        byte nothing = 0;
        // Who is not root keeps the copy as his own.
        _ = Files.FchownAt(copy, &nothing, entry.Owner, entry.Group, Files.AT_EMPTY_PATH);
        Posix.Check(Files.Fchmod(copy, entry.Permissions), "set the mode of a copy");
        ExtendedAttributes.Copy(source, copy);
        Posix.Check(Files.Futimens(copy, times), "set the times of a copy");
    }

    private void Tell()
    {
        if (Environment.TickCount64 - toldAt < 500)
            return;
        toldAt = Environment.TickCount64;
        operation.Progress($"{Bytes} of about {expected} bytes", expected > 0 ? Math.Min((double)Bytes / expected, 1) : null);
    }

    private static long Measure(int folder, HashSet<ulong> notOurs, CancellationToken cancelled)
    {
        long sum = 0;
        foreach (var name in Files.List(folder))
        {
            cancelled.ThrowIfCancellationRequested();
            if (Files.Look(folder, name) is not { } entry)
                continue;
            sum += entry.Blocks * 512;
            if (!entry.IsFolder || notOurs.Contains(entry.Device))
                continue;
            var inside = Files.Open(folder, name, Files.O_RDONLY | Files.O_DIRECTORY | Files.O_NOFOLLOW);
            if (inside < 0)
                continue;
            sum += Measure(inside, notOurs, cancelled);
            Posix.Close(inside);
        }
        return sum;
    }

    /// <summary>Network and pseudo file systems mounted inside the tree are not copied: some have no end.</summary>
    private static HashSet<ulong> NotOurs(string path) =>
        [.. MountTable.Read().Below(path).Where(mount => !mount.IsBlock && mount.Type is not ("btrfs" or "tmpfs" or "zfs")).Select(mount => Files.Look(mount.MountPoint)?.Device ?? 0)];
}
