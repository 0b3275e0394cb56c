using Quiesce.Storage;

namespace Quiesce.Tests.Storage;

/// <summary>The contract on SQLite, and what is SQLite's own: a file that survives, is damaged, locked, or too new.</summary>
public sealed class SqliteStoreTests : StoreContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quiesce-store-");

    private string File => Path.Combine(_folder.FullName, "quiesce.db");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_committed_is_there_after_the_store_was_closed_and_opened()
    {
        await CommitAsync(Next(await NewClaimedAsync("a")) with { Journal = new JournalSegment("a", 1, 1, "[{}]") });
        await Store.DisposeAsync();

        await using var again = await OpenAsync(Time);
        Assert.Equal(1, (await again.InstanceAsync("a", Ct))!.Revision);
        Assert.Single(await again.JournalAsync("a", 0, Ct));
    }

    protected override Task<Store> OpenAsync(TimeProvider time) =>
        Store.OpenAsync(File, time, new StoreOptions { BusyTimeout = TimeSpan.FromMilliseconds(200) }, CancellationToken.None);
}
