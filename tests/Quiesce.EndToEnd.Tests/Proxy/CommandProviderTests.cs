using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.EndToEnd.Tests.Hosts;

namespace Quiesce.EndToEnd.Tests.Proxy;

public sealed class CommandProviderTests
{
    [Fact]
    public async Task A_users_program_runs_while_the_guests_file_system_really_is_frozen()
    {
        await using var guest = await SshGuest.StartAsync();
        await using var proxy = await ProxyUnderTest.ForAsync(guest);
        await using var data = await Mounted.Ext4Async(Path.Combine(guest.Folder, "data"));
        var db = ProxyUnderTest.Guest(guest);
        var blocked = Path.Combine(guest.Folder, "blocked");
        // A write in the background hangs while the file system is frozen and goes through after the thaw.
        var program = Path.Combine(guest.Folder, "create");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n(echo x >{data.Folder}/late; echo through >{blocked}) >/dev/null 2>&1 &\nsleep 0.3\ntest ! -e {blocked} && echo frozen\n");
        await ToolProcess.RunAsync("chmod", "755", program);
        await proxy.PrepareAsync(db);

        var reply = await proxy.AskAsync(
            db, Verbs.TakeSnapshot, new TakeSnapshotRequest("rp-1", data.Folder, new ProviderSettings("command", Create: [program]), "always", 20),
            ContractsJson.Default.TakeSnapshotRequest, ContractsJson.Default.TakeSnapshotReply);

        Assert.Equal("frozen", reply.Location);
        Assert.Equal([data.Folder], reply.FileSystemsFrozen);
        Assert.False(reply.ThawedByTimer);
        Assert.InRange(reply.Legs.FrozenMs, reply.Legs.SnapshotMs - 5, 10_000);
        await ProxyUnderTest.Until(() => File.Exists(blocked), "the write that the freeze had held up");
        await proxy.ReleaseAsync(db);
        Assert.Empty(guest.Leftovers);
    }

    [Fact]
    public async Task A_program_that_outlasts_the_guests_timer_leaves_a_point_that_is_not_claimed_to_be_consistent()
    {
        await using var guest = await SshGuest.StartAsync();
        await using var proxy = await ProxyUnderTest.ForAsync(guest);
        await using var data = await Mounted.Ext4Async(Path.Combine(guest.Folder, "data"));
        var db = ProxyUnderTest.Guest(guest);
        var program = Path.Combine(guest.Folder, "create");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\necho x >{data.Folder}/late\necho done\n");
        await ToolProcess.RunAsync("chmod", "755", program);
        await proxy.PrepareAsync(db);

        var reply = await proxy.AskAsync(
            db, Verbs.TakeSnapshot, new TakeSnapshotRequest("rp-1", data.Folder, new ProviderSettings("command", Create: [program]), "always", 1),
            ContractsJson.Default.TakeSnapshotRequest, ContractsJson.Default.TakeSnapshotReply);

        Assert.True(reply.ThawedByTimer);
        await proxy.ReleaseAsync(db);
        Assert.Empty(guest.Leftovers);
    }
}
