using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Tests.Proxy;

public sealed class CommandProviderTests
{
    private static OperationRequest Take(ProviderSettings provider, string freeze = "never", int attempt = 1) =>
        ProxyFixture.Request(Verbs.TakeSnapshot, new TakeSnapshotRequest("rp-1", "/data", provider, freeze, 30), ContractsJson.Default.TakeSnapshotRequest, attempt: attempt);

    private static ProviderSettings Command(string program, int timeoutSeconds = 60) =>
        new("command", "pool", Create: [program, "create", "two words"], Delete: [program, "delete"], Restore: [program, "restore"], TimeoutSeconds: timeoutSeconds);

    private static FakeAgent Freezing(ProxyFixture proxy, bool thawedByTimer = false)
    {
        var agent = proxy.Agent();
        agent.Answers(Verbs.FreezeGuest, ProxyFixture.Json(new FreezeGuestReply(["/data"], 7), ContractsJson.Default.FreezeGuestReply));
        agent.Answers(Verbs.ThawGuest, ProxyFixture.Json(new ThawGuestReply(3, 250, thawedByTimer), ContractsJson.Default.ThawGuestReply));
        return agent;
    }

    [Fact]
    public async Task The_last_line_that_create_prints_is_the_location()
    {
        await using var proxy = new ProxyFixture();
        var program = proxy.Write("san", "#!/bin/sh\necho working\necho \"vol7@$QUIESCE_RESTORE_POINT_ID:$1:$2:$QUIESCE_SOURCE_PATH:$QUIESCE_MACHINE:$QUIESCE_TARGET:$QUIESCE_LOCATION\"\necho\n");

        var reply = await proxy.HandleAsync(Take(Command(program)));

        Assert.Null(reply.Failure);
        Assert.Equal("vol7@rp-1:create:two words:/data:db1:pool:", reply.Body!.Value.GetProperty("location").GetString());
        Assert.Equal("command", reply.Body.Value.GetProperty("method").GetString());
    }

    [Fact]
    public async Task Create_may_print_json_with_location_and_bytes()
    {
        await using var proxy = new ProxyFixture();
        var program = proxy.Write("san", "#!/bin/sh\necho '{\"location\": \"vol7@1\", \"bytes\": 4096}'\n");

        var reply = await proxy.HandleAsync(Take(Command(program)));

        Assert.Equal("vol7@1", reply.Body!.Value.GetProperty("location").GetString());
        Assert.Equal(4096, reply.Body.Value.GetProperty("bytes").GetInt64());
    }

    [Fact]
    public async Task The_guest_is_frozen_before_create_and_thawed_after_it()
    {
        await using var proxy = new ProxyFixture();
        var agent = Freezing(proxy);
        var thawed = false;
        var during = Path.Combine(proxy.Folder, "during");
        agent.OnRequest = (_, request) =>
        {
            thawed |= request.Verb == Verbs.ThawGuest && File.Exists(during);
            return Task.FromResult(true);
        };
        var program = proxy.Write("san", $"#!/bin/sh\ntouch {during}\necho vol7\n");

        var reply = await proxy.HandleAsync(Take(Command(program), "always"));

        Assert.Equal(["FreezeGuest op-1/freeze", "ThawGuest op-1/thaw"], agent.Done);
        Assert.True(thawed);
        var legs = reply.Body!.Value.GetProperty("legs");
        Assert.Equal((7, 3, 250), (legs.GetProperty("freezeMs").GetDouble(), legs.GetProperty("thawMs").GetDouble(), legs.GetProperty("frozenMs").GetDouble()));
        Assert.False(reply.Body.Value.GetProperty("thawedByTimer").GetBoolean());
    }

    [Fact]
    public async Task The_guest_is_thawed_when_create_fails_and_its_last_words_are_passed_on()
    {
        await using var proxy = new ProxyFixture();
        var agent = Freezing(proxy);
        var program = proxy.Write("san", "#!/bin/sh\necho the array is full >&2\nexit 4\n");

        var reply = await proxy.HandleAsync(Take(Command(program), "always"));

        Assert.Equal(FailureCodes.Snapshot, reply.Failure!.Code);
        Assert.Contains("exit code 4: the array is full", reply.Failure.Message, StringComparison.Ordinal);
        Assert.Equal("rp-1", reply.Failure.LeftBehind);
        Assert.Contains("ThawGuest op-1/thaw", agent.Done);
    }

    [Fact]
    public async Task Create_that_takes_too_long_is_killed_with_all_that_it_started_and_the_guest_is_thawed()
    {
        await using var proxy = new ProxyFixture();
        var agent = Freezing(proxy);
        var child = Path.Combine(proxy.Folder, "child");
        var program = proxy.Write("san", $"#!/bin/sh\nsleep 300 &\necho $! >{child}\nwait\n");

        var reply = await proxy.HandleAsync(Take(Command(program, timeoutSeconds: 1), "always"));

        Assert.Contains("did not end within 1 s", reply.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("ThawGuest op-1/thaw", agent.Done);
        var id = (await File.ReadAllTextAsync(child)).Trim();
        await ProxyFixture.Until(() => !Directory.Exists($"/proc/{id}") || File.ReadAllText($"/proc/{id}/stat").Contains(") Z", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancelled_create_is_ended_and_the_guest_is_thawed()
    {
        await using var proxy = new ProxyFixture();
        var agent = Freezing(proxy);
        var during = Path.Combine(proxy.Folder, "during");
        var program = proxy.Write("san", $"#!/bin/sh\ntouch {during}\nexec sleep 300\n");
        var taking = proxy.HandleAsync(Take(Command(program), "always"));
        await ProxyFixture.Until(() => File.Exists(during));

        await proxy.HandleAsync(ProxyFixture.Request(Verbs.CancelOperation, new CancelOperationRequest("op-1"), ContractsJson.Default.CancelOperationRequest, "cancel-1"));

        Assert.Equal(FailureCodes.Cancelled, (await taking).Failure!.Code);
        Assert.Contains("ThawGuest op-1/thaw", agent.Done);
    }

    [Fact]
    public async Task A_freeze_that_did_not_hold_is_reported()
    {
        await using var proxy = new ProxyFixture();
        Freezing(proxy, thawedByTimer: true);

        var reply = await proxy.HandleAsync(Take(Command(proxy.Write("san", "#!/bin/sh\necho vol7\n")), "always"));

        Assert.True(reply.Body!.Value.GetProperty("thawedByTimer").GetBoolean());
    }

    [Fact]
    public async Task A_guest_lost_between_freeze_and_thaw_leaves_a_point_that_is_not_claimed_to_be_consistent()
    {
        await using var proxy = new ProxyFixture();
        var agent = Freezing(proxy);
        agent.OnRequest = (link, request) =>
        {
            if (request.Verb == Verbs.ThawGuest)
                link.Cut();
            return Task.FromResult(request.Verb != Verbs.ThawGuest);
        };

        var reply = await proxy.HandleAsync(Take(Command(proxy.Write("san", "#!/bin/sh\necho vol7\n")), "always"));

        Assert.Null(reply.Failure);
        Assert.True(reply.Body!.Value.GetProperty("thawedByTimer").GetBoolean());
        Assert.Contains(proxy.Progress, p => p.Level == "warning" && p.Message.Contains("its own timer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Auto_goes_on_without_a_freeze_where_the_file_system_cannot_be_frozen()
    {
        await using var proxy = new ProxyFixture();
        var agent = Freezing(proxy);
        agent.Fails(Verbs.FreezeGuest, new Failure(FailureCodes.Freeze, "tmpfs cannot be frozen"));
        var program = proxy.Write("san", "#!/bin/sh\necho vol7\n");

        var auto = await proxy.HandleAsync(Take(Command(program), "auto"));
        var always = await proxy.HandleAsync(Take(Command(program), "always") with { OperationId = "op-2" });

        Assert.Empty(auto.Body!.Value.GetProperty("fileSystemsFrozen").EnumerateArray().ToList());
        Assert.Equal(FailureCodes.Freeze, always.Failure!.Code);
    }

    [Fact]
    public async Task What_an_earlier_proxy_left_frozen_is_thawed_and_the_create_program_that_outlived_it_is_ended_before_the_point_is_deleted()
    {
        await using var proxy = new ProxyFixture();
        var agent = Freezing(proxy);
        var start = new System.Diagnostics.ProcessStartInfo("setsid", ["--", "sleep", "300"]) { Environment = { ["QUIESCE_RESTORE_POINT_ID"] = "rp-1", ["QUIESCE_ACTION"] = "create" } };
        using var left = System.Diagnostics.Process.Start(start)!;

        var reply = await proxy.HandleAsync(Take(Command("/bin/false"), "always", attempt: 2));
        await left.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(reply.Failure is { Code: FailureCodes.Snapshot, MayHaveStarted: true, LeftBehind: "rp-1" }, $"{reply.Failure}");
        Assert.Contains("ThawGuest op-1/thaw", agent.Done);
    }

    [Fact]
    public async Task Create_that_was_under_way_when_the_proxy_died_is_not_started_again()
    {
        await using var proxy = new ProxyFixture();
        var ran = Path.Combine(proxy.Folder, "ran");

        var reply = await proxy.HandleAsync(Take(Command(proxy.Write("san", $"#!/bin/sh\ntouch {ran}\necho vol7\n")), attempt: 2));

        Assert.True(reply.Failure!.MayHaveStarted);
        Assert.Equal("rp-1", reply.Failure.LeftBehind);
        Assert.False(File.Exists(ran));
    }

    [Fact]
    public async Task Create_that_prints_no_location_has_failed()
    {
        await using var proxy = new ProxyFixture();

        var reply = await proxy.HandleAsync(Take(Command(proxy.Write("san", "#!/bin/sh\nexit 0\n"))));

        Assert.Contains("printed no location", reply.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_named()
    {
        await using var proxy = new ProxyFixture();

        var reply = await proxy.HandleAsync(Take(Command("/no/such/program")));

        Assert.Equal(FailureCodes.Snapshot, reply.Failure!.Code);
        Assert.Contains("/no/such/program", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_and_restore_are_told_the_location()
    {
        await using var proxy = new ProxyFixture();
        var said = Path.Combine(proxy.Folder, "said");
        var provider = Command(proxy.Write("san", $"#!/bin/sh\necho \"$1 $QUIESCE_LOCATION $QUIESCE_TARGET\" >>{said}\n"));

        var restored = await proxy.HandleAsync(ProxyFixture.Request(Verbs.RestoreSnapshot, new RestoreSnapshotRequest("rp-1", "/data", provider, "vol7@1", "/new"), ContractsJson.Default.RestoreSnapshotRequest, "restore-1"));
        var deleted = await proxy.HandleAsync(ProxyFixture.Request(Verbs.DeleteSnapshot, new DeleteSnapshotRequest("rp-1", "/data", provider, "vol7@1"), ContractsJson.Default.DeleteSnapshotRequest, "delete-1"));

        Assert.Null(deleted.Failure);
        Assert.Equal("/new", restored.Body!.Value.GetProperty("target").GetString());
        Assert.Equal("restore vol7@1 /new\ndelete vol7@1 pool\n", await File.ReadAllTextAsync(said));
    }

    [Fact]
    public async Task A_provider_that_nobody_knows_is_refused_with_the_known_ones()
    {
        await using var proxy = new ProxyFixture();

        var reply = await proxy.HandleAsync(Take(new ProviderSettings("tape")));

        Assert.Contains("directory, btrfs or command", reply.Failure!.Message, StringComparison.Ordinal);
    }
}
