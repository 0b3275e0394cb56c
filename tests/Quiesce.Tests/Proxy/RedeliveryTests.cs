using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Tests.Proxy;

public sealed class RedeliveryTests
{
    private static OrphanRecord Record(IReadOnlyDictionary<string, string> operations, bool thawed = false, RunScriptReply? pre = null, RunScriptReply? post = null, string deployment = "d1", DateTimeOffset? at = null) =>
        new(deployment, at ?? DateTimeOffset.UtcNow, "nobody attached again", operations, thawed, pre, post);

    [Fact]
    public async Task A_proxy_that_was_restarted_asks_the_runtime_by_id_and_the_script_runs_once()
    {
        await using var proxy = new ProxyFixture();
        var agent = proxy.Agent();
        await proxy.HandleAsync(ProxyFixture.Script());
        await proxy.RestartAsync();

        var reply = await proxy.HandleAsync(ProxyFixture.Script(attempt: 2));

        Assert.Null(reply.Failure);
        Assert.Equal(["op-1", "op-1"], agent.Asked);
        Assert.Single(agent.Done);
    }

    [Fact]
    public async Task Without_runtime_and_record_a_script_counts_as_started()
    {
        await using var proxy = new ProxyFixture();

        var reply = await proxy.HandleAsync(ProxyFixture.Script(attempt: 2));

        Assert.Equal(FailureCodes.GuestLost, reply.Failure!.Code);
        Assert.True(reply.Failure.MayHaveStarted);
    }

    [Fact]
    public async Task A_first_sending_to_a_runtime_that_is_gone_has_surely_not_started()
    {
        await using var proxy = new ProxyFixture();

        var reply = await proxy.HandleAsync(ProxyFixture.Script(attempt: 1));

        Assert.Equal(FailureCodes.GuestLost, reply.Failure!.Code);
        Assert.False(reply.Failure.MayHaveStarted);
    }

    [Fact]
    public async Task The_record_answers_for_the_pre_script()
    {
        await using var proxy = new ProxyFixture();
        proxy.WriteRecord(Record(new Dictionary<string, string> { ["op-1"] = "finished" }, pre: ProxyFixture.ScriptReply()));

        var reply = await proxy.HandleAsync(ProxyFixture.Script(attempt: 2));

        Assert.Null(reply.Failure);
        Assert.Equal("pre", reply.Body!.Value.GetProperty("phase").GetString());
    }

    [Fact]
    public async Task The_record_answers_for_the_post_script_that_the_orphan_rule_ran()
    {
        await using var proxy = new ProxyFixture();
        proxy.WriteRecord(Record(new Dictionary<string, string> { ["op-1"] = "finished" }, post: ProxyFixture.ScriptReply("post", byOrphanRule: true)));

        var reply = await proxy.HandleAsync(ProxyFixture.Script("post", id: "op-2"));

        Assert.True(reply.Body!.Value.GetProperty("byOrphanRule").GetBoolean());
    }

    [Fact]
    public async Task A_record_that_never_saw_the_script_says_that_it_was_not_started()
    {
        await using var proxy = new ProxyFixture();
        proxy.WriteRecord(Record(new Dictionary<string, string>()));

        var reply = await proxy.HandleAsync(ProxyFixture.Script(attempt: 2));

        Assert.Equal(FailureCodes.GuestLost, reply.Failure!.Code);
        Assert.False(reply.Failure.MayHaveStarted);
        Assert.Contains("nobody attached again", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_is_just_being_written_is_waited_for()
    {
        await using var proxy = new ProxyFixture();
        proxy.Options = proxy.Options with { OrphanWait = TimeSpan.FromSeconds(20) };
        var folder = Directory.CreateDirectory(Path.Combine(proxy.Options.RuntimeFolder, "quiesce-d1"));

        var reply = proxy.HandleAsync(ProxyFixture.Script(attempt: 2));
        proxy.WriteRecord(Record(new Dictionary<string, string> { ["op-1"] = "finished" }, pre: ProxyFixture.ScriptReply()));
        folder.Delete();

        Assert.Null((await reply).Failure);
    }

    [Fact]
    public async Task A_runtime_that_ends_in_mid_operation_is_answered_for_by_its_record()
    {
        await using var proxy = new ProxyFixture();
        var agent = proxy.Agent();
        agent.OnRequest = (_, _) =>
        {
            proxy.WriteRecord(Record(new Dictionary<string, string> { ["op-1"] = "killed" }, pre: ProxyFixture.ScriptReply() with { ExitCode = 137 }));
            agent.Gone();
            return Task.FromResult(false);
        };

        var reply = await proxy.HandleAsync(ProxyFixture.Script());

        Assert.Equal(137, reply.Body!.Value.GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task Thawing_a_guest_whose_runtime_ended_by_the_orphan_rule_reports_that_it_thawed()
    {
        await using var proxy = new ProxyFixture();
        proxy.WriteRecord(Record(new Dictionary<string, string>(), thawed: true));

        var reply = await proxy.HandleAsync(ProxyFixture.Request(Verbs.ThawGuest, new ThawGuestRequest(), ContractsJson.Default.ThawGuestRequest, attempt: 2));

        Assert.True(reply.Body!.Value.GetProperty("thawedByTimer").GetBoolean());
    }

    [Fact]
    public async Task Releasing_a_missing_deployment_is_success()
    {
        await using var proxy = new ProxyFixture();

        var reply = await proxy.HandleAsync(ProxyFixture.Release());

        Assert.Null(reply.Failure);
        Assert.False(reply.Body!.Value.GetProperty("removed").GetBoolean());
    }

    [Fact]
    public async Task Releasing_a_deployment_takes_the_runtime_away()
    {
        await using var proxy = new ProxyFixture();
        var agent = proxy.Agent();

        var reply = await proxy.HandleAsync(ProxyFixture.Release());

        Assert.Null(reply.Failure);
        Assert.Equal(["ReleaseGuest release-1"], agent.Done);
        Assert.Empty(Directory.EnumerateFileSystemEntries(proxy.Options.RuntimeFolder));
    }

    [Fact]
    public async Task Releasing_after_the_orphan_rule_brings_the_record_and_removes_it()
    {
        await using var proxy = new ProxyFixture();
        proxy.WriteRecord(Record(new Dictionary<string, string> { ["op-1"] = "killed" }, thawed: true));

        var reply = await proxy.HandleAsync(ProxyFixture.Release());

        Assert.True(reply.Body!.Value.GetProperty("orphan").GetProperty("thawed").GetBoolean());
        Assert.Empty(Directory.EnumerateFileSystemEntries(proxy.Options.RuntimeFolder));
    }

    [Fact]
    public async Task Releasing_what_a_killed_runtime_left_removes_its_folder()
    {
        await using var proxy = new ProxyFixture();
        Directory.CreateDirectory(Path.Combine(proxy.Options.RuntimeFolder, "quiesce-d1", "scripts"));

        var reply = await proxy.HandleAsync(ProxyFixture.Release());

        Assert.True(reply.Body!.Value.GetProperty("removed").GetBoolean());
        Assert.Empty(Directory.EnumerateFileSystemEntries(proxy.Options.RuntimeFolder));
    }

    [Fact]
    public async Task A_release_that_failed_is_tried_again_when_it_is_repeated()
    {
        await using var proxy = new ProxyFixture();
        var agent = proxy.Agent();
        var before = agent.CarryOut;
        agent.CarryOut = request =>
        {
            agent.CarryOut = before;
            Directory.CreateDirectory(agent.Folder);
            return new Contracts.Channel.ChannelMessage { Type = "reply", Id = request.Id, Failure = new Failure(FailureCodes.Leftover, "still busy", LeftBehind: agent.Folder) };
        };

        Assert.Equal(FailureCodes.Leftover, (await proxy.HandleAsync(ProxyFixture.Release())).Failure!.Code);
        Assert.Null((await proxy.HandleAsync(ProxyFixture.Release(attempt: 2))).Failure);
        Assert.Empty(Directory.EnumerateFileSystemEntries(proxy.Options.RuntimeFolder));
    }

    [Fact]
    public async Task Preparing_again_after_a_crash_finds_the_runtime_and_starts_no_second_one()
    {
        await using var proxy = new ProxyFixture();
        proxy.Agent();

        // There is no agent file, so a second start would fail.
        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(attempt: 2));

        Assert.Null(reply.Failure);
        Assert.Equal("guest", reply.Body!.Value.GetProperty("host").GetString());
    }

    [Fact]
    public async Task Preparing_again_never_replaces_a_runtime_that_had_done_something()
    {
        await using var proxy = new ProxyFixture();
        proxy.WriteRecord(Record(new Dictionary<string, string> { ["op-1"] = "finished" }));

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(attempt: 2));

        Assert.Equal(FailureCodes.GuestLost, reply.Failure!.Code);
    }

    [Fact]
    public async Task Preparing_collects_the_old_records_of_others_and_leaves_the_young_ones()
    {
        await using var proxy = new ProxyFixture();
        proxy.Agent();
        proxy.WriteRecord(Record(new Dictionary<string, string>(), deployment: "old", at: DateTimeOffset.UtcNow.AddHours(-2)));
        proxy.WriteRecord(Record(new Dictionary<string, string>(), deployment: "young"));

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(attempt: 2));

        var orphan = Assert.Single(reply.Body!.Value.GetProperty("orphans").EnumerateArray().ToList());
        Assert.Equal("old", orphan.GetProperty("deploymentId").GetString());
        Assert.Equal(["quiesce-orphan-young.json"], Directory.EnumerateFiles(proxy.Options.RuntimeFolder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_hostile_record_on_the_guest_is_no_reason_to_delete_another_file()
    {
        await using var proxy = new ProxyFixture();
        proxy.Agent();
        proxy.WriteRecord(Record(new Dictionary<string, string>(), deployment: "evil", at: DateTimeOffset.UtcNow.AddHours(-2)) with { });
        var file = Path.Combine(proxy.Options.RuntimeFolder, "quiesce-orphan-evil.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"evil\"", "\"../../x\"", StringComparison.Ordinal));

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(attempt: 2));

        Assert.Empty(reply.Body!.Value.GetProperty("orphans").EnumerateArray().ToList());
    }
}
