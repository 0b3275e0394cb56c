using System.Diagnostics;
using Quiesce.Storage;

namespace Quiesce.EndToEnd.Tests.Storage;

/// <summary>The database on a small file system of its own that really fills up. Needs root, for the mount.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quiesce-full-");

    public void Dispose()
    {
        Run("umount", _folder.FullName);
        _folder.Delete();
    }

    // 4 MiB: the log alone fills the disk. 24 MiB: it has been folded into the database before, and that fails too.
    [Theory]
    [InlineData(4)]
    [InlineData(24)]
    public async Task A_full_disk_loses_nothing_that_was_acknowledged_and_the_store_goes_on_when_there_is_room(int mebibytes)
    {
        Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", _folder.FullName);
        var ballast = Path.Combine(_folder.FullName, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[1 << 20]);
        var path = Path.Combine(_folder.FullName, "quiesce.db");
        await using var store = await Store.OpenAsync(path, TimeProvider.System, CancellationToken.None);
        var owner = await store.RegisterOwnerAsync("me", TimeSpan.FromMinutes(1));
        var acknowledged = new List<string>();

        var full = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                await store.CommitAsync(StoreChild.Create(owner, $"i{i}"));
                acknowledged.Add($"i{i}");
            }
        });
        Assert.Equal((StorageProblem.Full, true), (full.Problem, full.IsTransient));
        Assert.Contains(path, full.Message, StringComparison.Ordinal);
        Assert.NotEmpty(acknowledged);
        Assert.Equal(acknowledged.Count, await store.CountInstancesAsync(new InstanceFilter(), CancellationToken.None));

        File.Delete(ballast);
        Assert.True((await store.CommitAsync(StoreChild.Create(owner, "afterwards"))).IsCommitted);
        Assert.NotNull(await store.InstanceAsync("afterwards", CancellationToken.None));
        foreach (var id in acknowledged)
            Assert.NotNull(await store.InstanceAsync(id, CancellationToken.None));
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {complaint}");
    }
}
