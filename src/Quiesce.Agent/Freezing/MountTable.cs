using System.Text;

namespace Quiesce.Agent.Freezing;

/// <summary>One mounted file system as <c>/proc/self/mountinfo</c> tells of it.</summary>
/// <param name="Device">Major and minor number; major 0 is no block device.</param>
internal sealed record Mount(string MountPoint, string Device, string Type, bool Writable)
{
    /// <summary>Backed by a block device, and not btrfs: a snapshot of a frozen btrfs never returns.</summary>
    public bool IsBlock => !Device.StartsWith("0:", StringComparison.Ordinal) && Type is not ("btrfs" or "overlay" or "squashfs" or "iso9660");
}

/// <summary>What is mounted where.</summary>
internal sealed class MountTable(IReadOnlyList<Mount> mounts)
{
    public static MountTable Read() => Parse(File.ReadAllText("/proc/self/mountinfo"));

    public static MountTable Parse(string text)
    {
        var mounts = new List<Mount>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(' ');
            var dash = fields.Length < 10 ? -1 : Array.IndexOf(fields, "-", 6);
            if (dash < 0 || dash + 3 >= fields.Length)
                continue;
            var writable = fields[5].Split(',').Contains("rw") && !fields[dash + 3].Split(',').Contains("ro");
            mounts.Add(new Mount(Unescape(fields[4]), fields[2], fields[dash + 1], writable));
        }
        return new MountTable(mounts);
    }

    /// <summary>The file system that holds an absolute path without links. Of several at one point the last one mounted counts.</summary>
    public Mount? Holding(string path) => mounts.Where(mount => IsWithin(path, mount.MountPoint)).Aggregate((Mount?)null, (best, next) => best is null || next.MountPoint.Length >= best.MountPoint.Length ? next : best);

    /// <summary>Those mounted below a path: its data lie on them too.</summary>
    public IEnumerable<Mount> Below(string path) => mounts.Where(mount => mount.MountPoint != path && IsWithin(mount.MountPoint, path) && Holding(mount.MountPoint) == mount);

    public static bool IsWithin(string path, string folder) => folder == "/" || path == folder || (path.StartsWith(folder, StringComparison.Ordinal) && path[folder.Length] == '/');

    private static string Unescape(string field)
    {
        if (!field.Contains('\\'))
            return field;
        var bytes = new List<byte>();
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length)
            {
                bytes.Add((byte)Convert.ToInt32(field.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
                bytes.AddRange(Encoding.UTF8.GetBytes(field[i].ToString()));
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
