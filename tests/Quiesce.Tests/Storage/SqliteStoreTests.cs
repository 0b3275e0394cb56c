using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;
using Quiesce.Storage;

namespace Quiesce.Tests.Storage;

/// <summary>The contract on SQLite, and what is SQLite's own: a file that survives, is locked, is damaged, or is too new.</summary>
public sealed class SqliteStoreTests : StoreContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quiesce-store-");

    private string DatabaseFile => Path.Combine(_folder.FullName, "quiesce.db");

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

    [Fact]
    public async Task Closing_finishes_what_is_queued_and_refuses_what_comes_later()
    {
        var queued = Enumerable.Range(0, 100).Select(i => Store.CommitAsync(new Commit { Owner = Me, Create = true, Instance = Instance($"i{i}") })).ToList();
        await Store.DisposeAsync();

        Assert.All(await Task.WhenAll(queued), result => Assert.True(result.IsCommitted));
        Assert.Equal(StorageProblem.Closed, (await Assert.ThrowsAsync<StorageException>(() => Store.SetSettingAsync("a", "b"))).Problem);
        Assert.Equal(StorageProblem.Closed, (await Assert.ThrowsAsync<StorageException>(() => Store.SettingAsync("a", Ct))).Problem);
    }

    [Fact]
    public async Task A_locked_database_refuses_with_a_reason_and_takes_the_same_commit_once_it_is_free()
    {
        var commit = Next(await NewClaimedAsync("a"));
        await using (var other = Raw())
        {
            Execute(other, "BEGIN IMMEDIATE");
            var refused = await Assert.ThrowsAsync<StorageException>(() => Store.CommitAsync(commit));
            Assert.Equal((StorageProblem.Locked, true), (refused.Problem, refused.IsTransient));
            Assert.Contains(DatabaseFile, refused.Message, StringComparison.Ordinal);
            Assert.Equal(0, (await Store.InstanceAsync("a", Ct))!.Revision);
            Execute(other, "ROLLBACK");
        }

        await CommitAsync(commit);
    }

    [Fact]
    public async Task A_database_that_is_locked_while_it_is_opened_refuses_with_a_reason()
    {
        await Store.DisposeAsync();
        await using var other = Raw();
        Execute(other, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; INSERT INTO settings VALUES ('a', 'b'); COMMIT");

        Assert.Equal(StorageProblem.Locked, (await Assert.ThrowsAsync<StorageException>(() => OpenAsync(Time))).Problem);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8192)]
    public async Task A_damaged_file_refuses_to_open_and_says_what_to_do(int offset)
    {
        await Store.AddInstancesAsync([.. Enumerable.Range(0, 200).Select(i => new NewInstance(Instance($"i{i}"), Stimulus("start", $"i{i}")))]);
        await Store.DisposeAsync();
        await using (var file = File.OpenWrite(DatabaseFile))
        {
            file.Position = offset;
            file.Write(new byte[16384].Select((_, i) => (byte)(i * 31)).ToArray());
        }

        var refused = await Assert.ThrowsAsync<StorageException>(() => OpenAsync(Time));
        Assert.Equal((StorageProblem.Corrupt, false), (refused.Problem, refused.IsTransient));
        Assert.Contains(DatabaseFile, refused.Message, StringComparison.Ordinal);
        Assert.Contains("bring back a copy", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_refuses_to_open_and_is_left_as_it_is()
    {
        var path = Path.Combine(_folder.FullName, "letter.txt");
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("Dear Sir or Madam, ", 500)));
        var before = await File.ReadAllBytesAsync(path);

        Assert.Equal(StorageProblem.Corrupt, (await Assert.ThrowsAsync<StorageException>(() => Store.OpenAsync(path, Time, Ct))).Problem);
        Assert.Equal(before, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task A_folder_that_is_missing_refuses_to_open_and_names_the_file()
    {
        var path = Path.Combine(_folder.FullName, "missing", "quiesce.db");
        var refused = await Assert.ThrowsAsync<StorageException>(() => Store.OpenAsync(path, Time, Ct));
        Assert.Equal(StorageProblem.Unusable, refused.Problem);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_and_not_touched()
    {
        await Store.DisposeAsync();
        await using (var raw = Raw())
            Execute(raw, "INSERT INTO schema_migrations (number, name, applied_at) VALUES (9999, 'future', 0)");
        var before = await File.ReadAllBytesAsync(DatabaseFile);

        var refused = await Assert.ThrowsAsync<StorageException>(() => OpenAsync(Time));
        Assert.Equal(StorageProblem.NewerSchema, refused.Problem);
        Assert.Contains("9999", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(DatabaseFile));
    }

    [Fact]
    public async Task Damage_that_is_found_while_running_is_reported_and_what_is_sound_still_works()
    {
        await Store.AddInstancesAsync([.. Enumerable.Range(0, 500).Select(i => new NewInstance(Instance($"i{i}"), null))]);
        await Store.SetSettingAsync("sound", "yes");
        await Store.DisposeAsync();
        long page;
        await using (var raw = Raw())
            page = (long)Execute(raw, "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_instances_1'")!;
        await using var store = await OpenAsync(Time);
        await using (var file = File.OpenWrite(DatabaseFile))
        {
            file.Position = (page - 1) * 4096;
            file.Write(Enumerable.Repeat((byte)0xAA, 4096).ToArray());
        }

        Assert.Equal(StorageProblem.Corrupt, (await Assert.ThrowsAsync<StorageException>(() => store.InstanceAsync("i1", Ct))).Problem);
        Assert.Equal("yes", await store.SettingAsync("sound", Ct));
    }

    [Fact]
    public void Migrations_are_numbered_from_one_without_gaps()
    {
        var numbers = typeof(Store).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sqlite.sql", StringComparison.Ordinal))
            .Select(name => int.Parse(name.Split("Migrations.")[1][..4]))
            .Order();
        Assert.Equal(Enumerable.Range(1, numbers.Count()), numbers);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_new_database_is_readable_by_its_user_alone()
    {
        foreach (var path in new[] { DatabaseFile, DatabaseFile + "-wal" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task Opening_again_runs_no_migration_twice()
    {
        await Store.SetSettingAsync("kept", "yes");
        await using var second = await OpenAsync(Time);
        Assert.Equal("yes", await second.SettingAsync("kept", Ct));
    }

    protected override Task<Store> OpenAsync(TimeProvider time) =>
        Store.OpenAsync(DatabaseFile, time, new StoreOptions { BusyTimeout = TimeSpan.FromMilliseconds(200) }, CancellationToken.None);

    private SqliteConnection Raw()
    {
        var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=false");
        connection.Open();
        return connection;
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
