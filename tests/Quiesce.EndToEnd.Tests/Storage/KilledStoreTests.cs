using Quiesce.Storage;

namespace Quiesce.EndToEnd.Tests.Storage;

public sealed class KilledStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quiesce-killed-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task No_acknowledged_commit_is_lost_and_none_is_half_there_when_the_writing_process_is_killed()
    {
        var acknowledged = new List<string>();
        foreach (var enough in new[] { 1, 40, 700, 3000 })
        {
            using var child = StoreChild.Start("write-store", _folder.FullName);
            for (var i = 0; i < enough && await child.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)) is { } id; i++)
                acknowledged.Add(id);
            child.Kill();
            // What it printed before it died was acknowledged too; the last line may be cut short.
            acknowledged.AddRange((await child.StandardOutput.ReadToEndAsync()).Split('\n').Where(line => line.Length == 32));
            await child.WaitForExitAsync();
        }

        Assert.True(acknowledged.Count > 3700, $"The child acknowledged only {acknowledged.Count} commits.");
        await using var store = await Store.OpenAsync(Path.Combine(_folder.FullName, "quiesce.db"), TimeProvider.System, CancellationToken.None);
        var present = (await store.InstancesAsync(new InstanceFilter(), 0, int.MaxValue, CancellationToken.None)).Select(row => row.Id).ToHashSet();
        Assert.Empty(acknowledged.Except(present));
        foreach (var id in present)
        {
            Assert.Single(await store.BookmarksAsync(id, CancellationToken.None));
            Assert.Single(await store.JournalAsync(id, 0, CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_second_process_is_refused_by_the_folder_lock_until_the_first_is_dead()
    {
        using var child = StoreChild.Start("hold-folder", _folder.FullName);
        Assert.Equal("held", await child.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));

        var refused = Assert.Throws<StorageException>(() => DataFolderLock.Take(_folder.FullName));
        Assert.Contains($"process {child.Id}", refused.Message, StringComparison.Ordinal);
        child.Kill();
        await child.WaitForExitAsync();
        DataFolderLock.Take(_folder.FullName).Dispose();
    }
}
