using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.EndToEnd.Tests.Agent;

/// <summary>Restore points next to the data, on real file systems. Needs root for those with a file system of their own.</summary>
[SupportedOSPlatform("linux")]
public sealed class SnapshotTests : IDisposable
{
    private static readonly ProviderSettings Copy = new("directory");
    private static readonly ProviderSettings Btrfs = new("btrfs");
    private readonly RunningAgent agent = RunningAgent.Start();
    private readonly AgentLink link;
    private int ids;

    public SnapshotTests() => link = agent.Attach();

    public void Dispose()
    {
        link.Dispose();
        agent.Dispose();
    }

    private ChannelMessage Take(string source, ProviderSettings provider, string freeze = "auto", string point = "point-1", int thawAfter = 30) =>
        link.Ask($"{++ids}", new TakeSnapshotRequest(point, source, provider, freeze, thawAfter), ContractsJson.Default.TakeSnapshotRequest);

    private static TakeSnapshotReply Taken(ChannelMessage reply)
    {
        Assert.Null(reply.Failure);
        return reply.Body!.Value.Deserialize(ContractsJson.Default.TakeSnapshotReply)!;
    }

    private DescribeSnapshotReply Describe(string source, ProviderSettings provider, string point = "point-1") =>
        link.Ask($"{++ids}", new DescribeSnapshotRequest(point, source, provider, null), ContractsJson.Default.DescribeSnapshotRequest).Body!.Value.Deserialize(ContractsJson.Default.DescribeSnapshotReply)!;

    private bool Delete(string source, ProviderSettings provider, string? location = null, string point = "point-1") =>
        link.Ask($"{++ids}", new DeleteSnapshotRequest(point, source, provider, location), ContractsJson.Default.DeleteSnapshotRequest).Body!.Value.Deserialize(ContractsJson.Default.DeleteSnapshotReply)!.Existed;

    private ChannelMessage Restore(string source, ProviderSettings provider, string location, string target) =>
        link.Ask($"{++ids}", new RestoreSnapshotRequest("point-1", source, provider, location, target), ContractsJson.Default.RestoreSnapshotRequest);

    private static string Listing(string folder) =>
        LoopFileSystem.Run("sh", "-c", $"cd '{folder}' && find . -printf '%P|%y|%m|%U:%G|%s|%T@|%l|%n\\n' | LC_ALL=C sort && find . -type f -exec sha256sum {{}} + | LC_ALL=C sort");

    [Fact]
    public void A_tree_comes_back_as_it_was_with_modes_owners_times_links_and_holes()
    {
        var source = Directory.CreateDirectory(Path.Combine(agent.Around, "data")).FullName;
        LoopFileSystem.Run("sh", "-c", $"""
            cd '{source}' && mkdir -p a/b && echo one > a/one && ln a/one a/b/same && ln -s ../one a/b/link && ln -s /nowhere dangling && chmod 4750 a/one && chmod 2711 a/b
            truncate -s 50M sparse && printf tail | dd of=sparse bs=1 seek=30000000 conv=notrunc status=none && : > empty && touch -d '2001-02-03 04:05:06.789' empty a && touch "$(printf 'not\377text')" && chown 1234:5678 empty dangling -h
            """);
        var before = Listing(source);
        var taken = Taken(Take(source, Copy));
        Assert.Equal("copy", taken.Method);
        Assert.Equal(Path.Combine(agent.Around, ".quiesce-snapshots", "point-1"), taken.Location);
        Assert.Empty(taken.FileSystemsFrozen);
        Assert.Equal(before, Listing(taken.Location));
        Assert.InRange(long.Parse(LoopFileSystem.Run("du", "-sk", taken.Location).Split('\t')[0]), 0, 1024);
        Assert.True(Describe(source, Copy) is { Exists: true, Complete: true, Method: "copy" });

        File.WriteAllText(Path.Combine(source, "a", "one"), "changed");
        var target = Path.Combine(agent.Around, "back", "again");
        Assert.Null(Restore(source, Copy, taken.Location, target).Failure);
        Assert.Equal(before, Listing(target));
        Assert.True(Delete(source, Copy, taken.Location));
        Assert.False(Delete(source, Copy));
        Assert.False(Directory.Exists(Path.Combine(agent.Around, ".quiesce-snapshots")));
    }

    [Fact]
    public void The_same_point_taken_twice_is_one()
    {
        var source = Directory.CreateDirectory(Path.Combine(agent.Around, "data")).FullName;
        File.WriteAllText(Path.Combine(source, "f"), "first");
        var location = Taken(Take(source, Copy)).Location;
        File.WriteAllText(Path.Combine(source, "f"), "second");
        Assert.Equal(location, Taken(Take(source, Copy)).Location);
        Assert.Equal("first", File.ReadAllText(Path.Combine(location, "f")));
    }

    [Fact]
    public void Restoring_over_something_is_refused()
    {
        var source = Directory.CreateDirectory(Path.Combine(agent.Around, "data")).FullName;
        File.WriteAllText(Path.Combine(source, "f"), "data");
        var location = Taken(Take(source, Copy)).Location;
        Assert.Equal(FailureCodes.Snapshot, Restore(source, Copy, location, source).Failure!.Code);
        Assert.Equal("data", File.ReadAllText(Path.Combine(source, "f")));
    }

    [Fact]
    public void A_target_inside_the_source_is_refused()
    {
        var source = Directory.CreateDirectory(Path.Combine(agent.Around, "data")).FullName;
        Assert.Contains("inside the source", Take(source, Copy with { Target = Path.Combine(source, "points") }).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_freeze_that_is_impossible_fails_before_anything_is_done()
    {
        var source = Directory.CreateDirectory(Path.Combine(agent.Around, "data")).FullName;
        Assert.Equal(FailureCodes.Freeze, Take(source, Copy, "always").Failure!.Code);
        Assert.False(Directory.Exists(Path.Combine(agent.Around, ".quiesce-snapshots")));
    }

    [Fact]
    public void A_copy_to_another_file_system_is_taken_frozen()
    {
        using var disk = new LoopFileSystem("ext4", 64);
        File.WriteAllText(disk.In("f"), "data");
        var taken = Taken(Take(disk.MountPoint, Copy with { Target = Path.Combine(agent.Around, "points") }));
        Assert.Equal([disk.MountPoint], taken.FileSystemsFrozen);
        Assert.False(taken.ThawedByTimer);
        Assert.False(disk.IsFrozen());
        Assert.True(taken.Legs is { PrepareMs: > 0, FreezeMs: > 0, SnapshotMs: > 0, ThawMs: > 0 });
        Assert.InRange(taken.Legs.FrozenMs, taken.Legs.FreezeMs + taken.Legs.SnapshotMs + taken.Legs.ThawMs - 0.01, 60_000);
        Assert.Equal("data", File.ReadAllText(Path.Combine(taken.Location, "f")));
    }

    [Fact]
    public void A_snapshot_that_outlives_its_thaw_timer_says_that_the_freeze_did_not_hold()
    {
        using var disk = new LoopFileSystem("ext4", 512);
        LoopFileSystem.Run("sh", "-c", $"cd '{disk.MountPoint}' && seq 1 20000 | xargs touch");
        var settings = Copy with { Target = Path.Combine(agent.Around, "points") };
        link.Request("take", new TakeSnapshotRequest("point-1", disk.MountPoint, settings, "auto", 1), ContractsJson.Default.TakeSnapshotRequest);
        RunningAgent.Until(() => Directory.Exists(Path.Combine(agent.Around, "points", "point-1.incomplete")), "the copy has begun");
        // A serving process that hangs cannot thaw; the timer does not need it.
        LoopFileSystem.Run("kill", "-STOP", $"{agent.Process.Id}");
        RunningAgent.Until(() => !disk.IsFrozen(), "the timer has fired");
        LoopFileSystem.Run("kill", "-CONT", $"{agent.Process.Id}");
        var taken = Taken(link.ReplyTo("take"));
        Assert.Equal([disk.MountPoint], taken.FileSystemsFrozen);
        Assert.True(taken.ThawedByTimer);
        Assert.InRange(taken.Legs.FrozenMs, 900, 60_000);
    }

    [Fact]
    public void A_full_disk_is_told_with_both_figures_and_leaves_no_half()
    {
        using var disk = new LoopFileSystem("ext4", 16);
        var source = Directory.CreateDirectory(Path.Combine(agent.Around, "data")).FullName;
        File.WriteAllBytes(Path.Combine(source, "big"), new byte[20 * 1024 * 1024]);
        var failure = Take(source, Copy with { Target = disk.In("points") }, "never").Failure!;
        Assert.Equal(FailureCodes.Snapshot, failure.Code);
        Assert.Matches("needs [0-9]+ bytes .* has [0-9]+ free", failure.Message);
        Assert.Empty(Directory.GetFileSystemEntries(disk.In("points")));
    }

    [Fact]
    public void A_disk_that_fills_up_while_copying_leaves_no_half()
    {
        using var disk = new LoopFileSystem("ext4", 16);
        var source = Directory.CreateDirectory(Path.Combine(agent.Around, "data")).FullName;
        // Small by its blocks, large in inodes: what the look beforehand cannot foresee.
        LoopFileSystem.Run("sh", "-c", $"cd '{source}' && seq 1 8000 | xargs touch");
        var failure = Take(source, Copy with { Target = disk.In("points") }, "never").Failure!;
        Assert.Equal(FailureCodes.Snapshot, failure.Code);
        Assert.Contains("bytes free", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(disk.In("points")));
    }

    [Fact]
    public void A_process_killed_while_copying_leaves_no_half()
    {
        using var disk = new LoopFileSystem("ext4", 512);
        var source = Directory.CreateDirectory(Path.Combine(agent.Around, "data")).FullName;
        LoopFileSystem.Run("sh", "-c", $"cd '{source}' && seq 1 60000 | xargs touch");
        link.Request("take", new TakeSnapshotRequest("point-1", source, Copy, "never", 30), ContractsJson.Default.TakeSnapshotRequest);
        var half = Path.Combine(agent.Around, ".quiesce-snapshots", "point-1.incomplete");
        RunningAgent.Until(() => Directory.Exists(half), "the copy has begun");
        agent.Process.Kill();
        Assert.Equal("killed", agent.WaitForRecord().Operations["take"]);
        RunningAgent.Until(() => !Directory.Exists(agent.Folder), "the folder is removed");
        Assert.False(Directory.Exists(Path.Combine(agent.Around, ".quiesce-snapshots")));
    }

    [Fact]
    public void A_btrfs_point_is_read_only_restorable_and_deletable()
    {
        using var disk = new LoopFileSystem("btrfs", 128);
        var source = disk.In("data");
        LoopFileSystem.Run("btrfs", "subvolume", "create", source);
        File.WriteAllText(Path.Combine(source, "f"), "before");
        var taken = Taken(Take(source, Btrfs));
        Assert.Equal(("btrfs", disk.In(".quiesce-snapshots/point-1")), (taken.Method, taken.Location));
        Assert.Empty(taken.FileSystemsFrozen);
        Assert.InRange(taken.Legs.FrozenMs - taken.Legs.SnapshotMs, 0, 5);
        File.WriteAllText(Path.Combine(source, "f"), "after");
        Assert.Equal("before", File.ReadAllText(Path.Combine(taken.Location, "f")));
        Assert.Throws<IOException>(() => File.WriteAllText(Path.Combine(taken.Location, "g"), ""));
        Assert.True(Describe(source, Btrfs) is { Exists: true, Complete: true, Method: "btrfs" });

        Assert.Null(Restore(source, Btrfs, taken.Location, disk.In("back")).Failure);
        Assert.Equal("before", File.ReadAllText(disk.In("back/f")));
        File.WriteAllText(disk.In("back/f"), "writable");
        var elsewhere = Restore(source, Btrfs, taken.Location, Path.Combine(agent.Around, "elsewhere"));
        Assert.Null(elsewhere.Failure);
        Assert.Equal("before", File.ReadAllText(Path.Combine(agent.Around, "elsewhere", "f")));

        Assert.True(Delete(source, Btrfs, taken.Location));
        Assert.False(Delete(source, Btrfs, taken.Location));
        Assert.False(Directory.Exists(disk.In(".quiesce-snapshots")));
    }

    [Fact]
    public void The_root_of_a_btrfs_keeps_its_points_inside()
    {
        using var disk = new LoopFileSystem("btrfs", 128);
        File.WriteAllText(disk.In("f"), "data");
        Assert.Equal(disk.In(".quiesce-snapshots/point-1"), Taken(Take(disk.MountPoint, Btrfs)).Location);
        Assert.Equal("data", File.ReadAllText(Path.Combine(Taken(Take(disk.MountPoint, Btrfs, point: "point-2")).Location, "f")));
    }

    [Fact]
    public void Btrfs_is_never_frozen()
    {
        using var disk = new LoopFileSystem("btrfs", 128);
        LoopFileSystem.Run("btrfs", "subvolume", "create", disk.In("data"));
        Assert.Equal(FailureCodes.Freeze, Take(disk.In("data"), Btrfs, "always").Failure!.Code);
        Assert.Equal(FailureCodes.Freeze, link.Ask("f", new FreezeGuestRequest([disk.MountPoint], 5), ContractsJson.Default.FreezeGuestRequest).Failure!.Code);
    }

    [Fact]
    public void A_folder_that_is_no_subvolume_and_one_with_others_inside_are_refused_with_advice()
    {
        using var disk = new LoopFileSystem("btrfs", 128);
        Directory.CreateDirectory(disk.In("plain"));
        Assert.Contains("no subvolume", Take(disk.In("plain"), Btrfs).Failure!.Message, StringComparison.Ordinal);
        LoopFileSystem.Run("btrfs", "subvolume", "create", disk.In("outer"));
        LoopFileSystem.Run("btrfs", "subvolume", "create", disk.In("outer/inner"));
        Assert.Contains("leave out", Take(disk.In("outer"), Btrfs).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_on_btrfs_shares_its_blocks()
    {
        using var disk = new LoopFileSystem("btrfs", 200);
        var source = Directory.CreateDirectory(disk.In("data")).FullName;
        File.WriteAllBytes(Path.Combine(source, "big"), Encoding.ASCII.GetBytes(new string('q', 60 * 1024 * 1024)));
        for (var point = 1; point <= 3; point++)
            Assert.Equal("reflink", Taken(Take(source, Copy, point: $"point-{point}")).Method);
    }
}
