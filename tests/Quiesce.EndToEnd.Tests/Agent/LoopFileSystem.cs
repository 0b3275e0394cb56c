using System.Diagnostics;

namespace Quiesce.EndToEnd.Tests.Agent;

/// <summary>A file system of our own on a loop device. Whatever a test did to it, it is thawed, unmounted and removed.</summary>
public sealed class LoopFileSystem : IDisposable
{
    private readonly string image;

    public LoopFileSystem(string type, long megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("quiesce-agent-fs-").FullName;
        image = Path.Combine(folder, "image");
        MountPoint = Path.Combine(folder, "mnt");
        Directory.CreateDirectory(MountPoint);
        using (var file = File.Create(image))
            file.SetLength(megabytes * 1024 * 1024);
        Run($"mkfs.{type}", type == "ext4" ? ["-q", "-F", image] : ["-q", image]);
        Run("mount", "-o", "loop", image, MountPoint);
    }

    public string MountPoint { get; }

    public string In(string name) => Path.Combine(MountPoint, name);

    /// <summary>Found out without writing: the kernel refuses a second freeze as busy, and a thaw of what is not frozen as invalid.</summary>
    public bool IsFrozen()
    {
        if (TryRun("fsfreeze", "-f", MountPoint) != 0)
            return true;
        TryRun("fsfreeze", "-u", MountPoint);
        return false;
    }

    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors.Result}");
        return output;
    }

    private static int TryRun(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    public void Dispose()
    {
        TryRun("fsfreeze", "-u", MountPoint);
        if (TryRun("umount", MountPoint) != 0)
            TryRun("umount", "-l", MountPoint);
        Directory.Delete(Path.GetDirectoryName(image)!, recursive: true);
    }
}
