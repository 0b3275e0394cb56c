namespace Quiesce.EndToEnd.Tests.Hosts;

/// <summary>A file system mounted for one test and unmounted after it.</summary>
internal sealed class Mounted : IAsyncDisposable
{
    private Mounted(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>A file system in memory, with mount options such as <c>size=4m,noexec</c>.</summary>
    public static async Task<Mounted> TmpfsAsync(string folder, string options)
    {
        Directory.CreateDirectory(folder);
        await ToolProcess.RunAsync("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder);
        return new Mounted(folder);
    }

    /// <summary>A small ext4 in a file beside the folder: one that can really be frozen.</summary>
    public static async Task<Mounted> Ext4Async(string folder, int megabytes = 64)
    {
        Directory.CreateDirectory(folder);
        var image = folder + ".img";
        await ToolProcess.RunAsync("truncate", "-s", $"{megabytes}M", image);
        await ToolProcess.RunAsync("mkfs.ext4", "-q", image);
        await ToolProcess.RunAsync("mount", "-o", "loop", image, folder);
        return new Mounted(folder);
    }

    public async ValueTask DisposeAsync() => await ToolProcess.RunAsync("umount", "--lazy", Folder);
}
