using Quiesce.Storage;

namespace Quiesce.Tests.Storage;

public sealed class DataFolderLockTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quiesce-lock-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_folder_is_held_by_one_at_a_time_and_the_refusal_names_the_holder()
    {
        var path = Path.Combine(_folder.FullName, "data");
        using (DataFolderLock.Take(path))
        {
            var refused = Assert.Throws<StorageException>(() => DataFolderLock.Take(path));
            Assert.Equal(StorageProblem.Locked, refused.Problem);
            Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
            Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        }

        DataFolderLock.Take(path).Dispose();
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused_with_its_name()
    {
        var file = Path.Combine(_folder.FullName, "a-file");
        File.WriteAllText(file, "");
        var refused = Assert.Throws<StorageException>(() => DataFolderLock.Take(Path.Combine(file, "data")));
        Assert.Equal(StorageProblem.Unusable, refused.Problem);
        Assert.Contains("a-file", refused.Message, StringComparison.Ordinal);
    }
}
