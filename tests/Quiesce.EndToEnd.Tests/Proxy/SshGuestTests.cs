using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.EndToEnd.Tests.Hosts;

namespace Quiesce.EndToEnd.Tests.Proxy;

public sealed class SshGuestTests
{
    [Fact]
    public async Task A_guest_behind_ssh_is_deployed_to_used_and_left_as_it_was()
    {
        await using var guest = await SshGuest.StartAsync();
        await using var proxy = await ProxyUnderTest.ForAsync(guest);
        var db = ProxyUnderTest.Guest(guest);

        var ready = await proxy.PrepareAsync(db);
        var script = ProxyUnderTest.ScriptOf(await proxy.AskAsync(ProxyUnderTest.Script(db, "echo hello; echo oops >&2; exit 3")));
        var released = await proxy.ReleaseAsync(db);

        Assert.Equal("ssh", ready.Transport);
        Assert.Equal("linux-x64", ready.Platform);
        Assert.Equal((3, "hello\n", "oops\n"), (script.ExitCode, script.StdOut, script.StdErr));
        Assert.True(released.Removed);
        Assert.Empty(guest.Leftovers);
    }

    [Fact]
    public async Task Preparing_the_same_deployment_twice_leaves_one_runtime()
    {
        await using var guest = await SshGuest.StartAsync();
        await using var proxy = await ProxyUnderTest.ForAsync(guest);
        var db = ProxyUnderTest.Guest(guest);

        await proxy.PrepareAsync(db);
        await proxy.RestartAsync();
        await proxy.PrepareAsync(db);

        Assert.Single(guest.Leftovers);
        await proxy.ReleaseAsync(db);
        Assert.Empty(guest.Leftovers);
    }

    [Fact]
    public async Task A_connection_killed_in_mid_script_is_mended_and_the_script_ran_once()
    {
        await using var guest = await SshGuest.StartAsync();
        await using var proxy = await ProxyUnderTest.ForAsync(guest);
        var db = ProxyUnderTest.Guest(guest);
        var marks = Path.Combine(guest.Folder, "marks");
        var go = Path.Combine(guest.Folder, "go");
        await proxy.PrepareAsync(db);
        var script = proxy.AskAsync(ProxyUnderTest.Script(db, $"echo run >>{marks}; while [ ! -e {go} ]; do sleep 0.05; done; echo done"));
        await ProxyUnderTest.Until(() => File.Exists(marks), "the script to run");

        Assert.NotEqual(0, guest.CutConnections());
        await ProxyUnderTest.Until(() => proxy.Progress.Any(p => p.Message.Contains("Reconnect attempt 1 of 1", StringComparison.Ordinal)), "the reconnect");
        File.WriteAllText(go, "");

        Assert.Equal("done\n", ProxyUnderTest.ScriptOf(await script).StdOut);
        Assert.Equal("run\n", await File.ReadAllTextAsync(marks));
        await proxy.ReleaseAsync(db);
        Assert.Empty(guest.Leftovers);
    }

    [Fact]
    public async Task A_guest_that_stays_away_is_lost_and_its_runtime_clears_up_and_leaves_a_record()
    {
        await using var guest = await SshGuest.StartAsync();
        await using var proxy = await ProxyUnderTest.ForAsync(guest);
        var db = ProxyUnderTest.Guest(guest);
        var marks = Path.Combine(guest.Folder, "marks");
        await proxy.PrepareAsync(db, graceSeconds: 2);
        var script = proxy.AskAsync(ProxyUnderTest.Script(db, $"echo run >>{marks}; exec sleep 100"));
        await ProxyUnderTest.Until(() => File.Exists(marks), "the script to run");

        guest.CutConnections();
        await guest.RefuseAsync();
        var lost = (await script).Failure;
        await ProxyUnderTest.Until(() => guest.Leftovers is [var only] && only.Contains("orphan", StringComparison.Ordinal), "the orphan rule");
        await guest.PowerOnAsync();
        await proxy.RestartAsync();
        var known = ProxyUnderTest.ScriptOf(await proxy.AskAsync(ProxyUnderTest.Script(db, "unused", attempt: 2)));
        var released = await proxy.ReleaseAsync(db);

        Assert.Equal(FailureCodes.GuestLost, lost!.Code);
        Assert.True(lost.MayHaveStarted);
        Assert.False(known.Succeeded);
        Assert.NotNull(released.Orphan);
        Assert.Empty(guest.Leftovers);
    }

    [Fact]
    public async Task A_changed_host_key_is_refused()
    {
        await using var guest = await SshGuest.StartAsync();
        await using var proxy = await ProxyUnderTest.ForAsync(guest);
        await proxy.PrepareAsync(ProxyUnderTest.Guest(guest));
        await proxy.ReleaseAsync(ProxyUnderTest.Guest(guest));
        guest.CutConnections();
        await guest.RefuseAsync();
        await guest.NewHostKeyAsync();
        await guest.PowerOnAsync();

        var reply = await proxy.AskAsync(Prepare(ProxyUnderTest.Guest(guest, "e2e-2")));

        Assert.Equal(FailureCodes.Auth, reply.Failure!.Code);
        Assert.Contains("host key", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_guest_does_not_know_is_refused_credentials()
    {
        await using var guest = await SshGuest.StartAsync();
        await using var proxy = await ProxyUnderTest.ForAsync(guest);
        var stranger = Path.Combine(guest.Folder, "stranger");
        await ToolProcess.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", stranger);

        var reply = await proxy.AskAsync(Prepare(ProxyUnderTest.Guest(guest) with { Identity = stranger }));

        Assert.Equal(FailureCodes.Auth, reply.Failure!.Code);
        Assert.Contains("authorized_keys", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_that_is_off_cannot_be_reached()
    {
        await using var guest = await SshGuest.StartAsync();
        await using var proxy = await ProxyUnderTest.ForAsync(guest);
        await guest.RefuseAsync();

        var reply = await proxy.AskAsync(Prepare(ProxyUnderTest.Guest(guest)));

        Assert.Equal(FailureCodes.Connect, reply.Failure!.Code);
        Assert.True(reply.Failure.Retryable);
        Assert.Contains("Connection refused", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Testing_a_machine_connects_and_copies_nothing()
    {
        await using var guest = await SshGuest.StartAsync();
        await using var proxy = await ProxyUnderTest.ForAsync(guest);

        var reply = await TestAsync(proxy, guest);

        Assert.Equal("linux-x64", reply.Platform);
        Assert.Equal(Environment.UserName, reply.Account);
        Assert.Empty(reply.Problems);
        Assert.Empty(guest.Leftovers);
    }

    [Fact]
    public async Task A_runtime_folder_that_is_full_is_told_apart_and_nothing_is_left_in_it()
    {
        await using var guest = await SshGuest.StartAsync();
        await using var proxy = await ProxyUnderTest.ForAsync(guest);
        await using var small = await Mounted.TmpfsAsync(guest.RuntimeFolder, "size=4m");

        var problems = (await TestAsync(proxy, guest)).Problems;
        var reply = await proxy.AskAsync(Prepare(ProxyUnderTest.Guest(guest)));

        Assert.Contains("Less than 64 MB", Assert.Single(problems), StringComparison.Ordinal);
        Assert.Equal(FailureCodes.Deploy, reply.Failure!.Code);
        Assert.Contains("no room", reply.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(guest.Leftovers);
    }

    [Fact]
    public async Task A_runtime_folder_mounted_noexec_is_told_apart_and_nothing_is_left_in_it()
    {
        await using var guest = await SshGuest.StartAsync();
        await using var proxy = await ProxyUnderTest.ForAsync(guest);
        await using var noexec = await Mounted.TmpfsAsync(guest.RuntimeFolder, "size=100m,noexec");

        var problems = (await TestAsync(proxy, guest)).Problems;
        var reply = await proxy.AskAsync(Prepare(ProxyUnderTest.Guest(guest)));

        Assert.Contains("noexec", Assert.Single(problems), StringComparison.Ordinal);
        Assert.Equal(FailureCodes.Deploy, reply.Failure!.Code);
        Assert.Contains("noexec", reply.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(guest.Leftovers);
    }

    [Fact]
    public async Task No_connection_outlives_the_release_or_the_proxy()
    {
        await using var guest = await SshGuest.StartAsync();
        await using var proxy = await ProxyUnderTest.ForAsync(guest);
        await proxy.PrepareAsync(ProxyUnderTest.Guest(guest));
        await TestAsync(proxy, guest);

        await proxy.ReleaseAsync(ProxyUnderTest.Guest(guest));

        await ProxyUnderTest.Until(() => guest.Connections == 0, "the connections to end");
    }

    private static OperationRequest Prepare(Guest guest) =>
        ProxyUnderTest.Request(guest, Verbs.PrepareGuest, new PrepareGuestRequest(60, 600), ContractsJson.Default.PrepareGuestRequest);

    private static Task<TestMachineReply> TestAsync(ProxyUnderTest proxy, SshGuest guest) =>
        proxy.AskAsync(ProxyUnderTest.Guest(guest, "test"), Verbs.TestMachine, new TestMachineRequest(), ContractsJson.Default.TestMachineRequest, ContractsJson.Default.TestMachineReply);
}
