using System.Runtime.Versioning;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.EndToEnd.Tests.Agent;

/// <summary>What becomes of a runtime whose link, starter or process dies.</summary>
[SupportedOSPlatform("linux")]
public sealed class AbandonmentTests
{
    [Fact]
    public void An_operation_goes_on_without_a_link_and_its_reply_waits_for_the_next_attach()
    {
        using var agent = RunningAgent.Start();
        var (on, go) = (Path.Combine(agent.Around, "on"), Path.Combine(agent.Around, "go"));
        using (var cut = agent.Attach())
        {
            cut.Begin("1", $"#!/bin/sh\ntouch {on}\nwhile [ ! -e {go} ]; do sleep 0.05; done\necho ended\n");
            RunningAgent.Until(() => File.Exists(on), "the script runs");
        }
        using (var second = agent.Attach())
            Assert.Equal("running", second.Hello.Operations["1"]);
        File.WriteAllText(go, "");
        RunningAgent.Until(() => { using var look = agent.Attach(); return look.Hello.Operations["1"] == "finished"; }, "the script has ended");
        using var last = agent.Attach();
        Assert.Equal("ended\n", AgentLink.Script(last.Run("1", "#!/bin/sh\necho never run\n")).StdOut);
    }

    [Fact]
    public void A_new_attach_replaces_a_link_that_hangs()
    {
        using var agent = RunningAgent.Start();
        using var old = agent.Attach();
        using var fresh = agent.Attach();
        Assert.Null(old.Next());
        fresh.Send(new ChannelMessage { Type = "ping" });
        Assert.Equal("pong", fresh.Next()!.Type);
    }

    [Fact]
    public void The_same_deployment_started_again_is_the_one_that_runs()
    {
        using var agent = RunningAgent.Start();
        var again = agent.StartAgain();
        Assert.True(again is { Ready: true, AlreadyRunning: true });
        Assert.Equal((agent.Ready.ProcessId, agent.Ready.Socket), (again.ProcessId, again.Socket));
    }

    [Fact]
    public void After_the_grace_time_the_entrusted_post_script_runs_once_and_nothing_is_left_but_the_record()
    {
        using var agent = RunningAgent.Start(grace: 1);
        var count = Path.Combine(agent.Around, "post");
        using (var link = agent.Attach())
            Assert.Null(link.Run("pre-1", "#!/bin/sh\necho held\n", entrusted: $"#!/bin/sh\necho $QUIESCE_PHASE >> {count}\n").Failure);
        var record = agent.WaitForRecord();
        Assert.True(record.PostScript is { Succeeded: true, ByOrphanRule: true, Phase: "post" });
        Assert.Equal("held\n", record.PreScript!.StdOut);
        Assert.Equal("finished", record.Operations["pre-1"]);
        Assert.False(record.Thawed);
        Assert.Equal("post\n", File.ReadAllText(count));
        RunningAgent.Until(() => agent.Processes().Count == 0, "every process is gone");
        Assert.False(Directory.Exists(agent.Folder));
        Assert.InRange(new FileInfo(agent.RecordFile).Length, 100, 5_000);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(agent.RecordFile));
    }

    [Fact]
    public void A_post_script_that_was_started_discharges_the_entrusted_one()
    {
        using var agent = RunningAgent.Start(grace: 1);
        var count = Path.Combine(agent.Around, "post");
        using (var link = agent.Attach())
        {
            link.Run("pre", "#!/bin/sh\n", entrusted: $"#!/bin/sh\necho entrusted >> {count}\n");
            link.Run("post", $"#!/bin/sh\necho asked >> {count}\nexit 1\n", phase: "post");
        }
        Assert.True(agent.WaitForRecord().PostScript is { ExitCode: 1, ByOrphanRule: false }, "the record tells how it ended: its reply may have been lost");
        Assert.Equal("asked\n", File.ReadAllText(count));
    }

    [Fact]
    public void A_pre_script_that_was_not_started_owes_no_post_script()
    {
        using var agent = RunningAgent.Start(grace: 1);
        var count = Path.Combine(agent.Around, "post");
        using (var link = agent.Attach())
            link.Run("pre", "#!/no/such/interpreter\n", entrusted: $"#!/bin/sh\necho entrusted >> {count}\n");
        Assert.Null(agent.WaitForRecord().PostScript);
        Assert.False(File.Exists(count));
    }

    [Fact]
    public void A_pre_script_still_running_when_the_grace_time_is_over_is_ended_before_the_post_script()
    {
        using var agent = RunningAgent.Start(grace: 1);
        var (on, order) = (Path.Combine(agent.Around, "on"), Path.Combine(agent.Around, "order"));
        using (var link = agent.Attach())
        {
            link.Begin("pre", $"#!/bin/sh\ntrap 'echo pre-ended >> {order}; exit 1' TERM\ntouch {on}\nwhile :; do sleep 0.1; done\n", entrusted: $"#!/bin/sh\necho post >> {order}\n");
            RunningAgent.Until(() => File.Exists(on), "the pre script runs");
        }
        Assert.True(agent.WaitForRecord().PostScript!.Succeeded);
        Assert.Equal("pre-ended\npost\n", File.ReadAllText(order));
    }

    [Fact]
    public void A_goodbye_starts_no_grace_time()
    {
        using var agent = RunningAgent.Start(grace: 1, expiry: 4);
        using (var link = agent.Attach())
        {
            link.Run("1", "#!/bin/sh\n");
            link.Goodbye();
            Assert.Null(link.Next());
        }
        // Only the expiry ends it: well after the grace time that did not run.
        Assert.Contains("time of 4 s was over", agent.WaitForRecord().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_serving_process_killed_in_a_pre_script_is_followed_by_its_guardian()
    {
        using var agent = RunningAgent.Start();
        var (on, count) = (Path.Combine(agent.Around, "on"), Path.Combine(agent.Around, "post"));
        using (var link = agent.Attach())
        {
            link.Begin("pre", $"#!/bin/sh\necho $$ > {on}.new; mv {on}.new {on}\nsleep 600\n", entrusted: $"#!/bin/sh\necho post >> {count}\n");
            RunningAgent.Until(() => File.Exists(on), "the pre script runs");
            agent.Process.Kill();
            var record = agent.WaitForRecord();
            Assert.Equal("killed", record.Operations["pre"]);
            Assert.True(record.PreScript is { Started: true, ExitCode: null });
            Assert.True(record.PostScript!.Succeeded);
        }
        Assert.Equal("post\n", File.ReadAllText(count));
        RunningAgent.Until(() => agent.Processes().Count == 0, "every process is gone");
        Assert.False(Directory.Exists(agent.Folder));
    }

    [Fact]
    public void A_serving_process_asked_to_end_is_followed_by_its_guardian_too()
    {
        using var agent = RunningAgent.Start();
        using (var link = agent.Attach())
            link.Run("pre", "#!/bin/sh\n", entrusted: "#!/bin/sh\necho resumed\n");
        LoopFileSystem.Run("kill", "-TERM", $"{agent.Process.Id}");
        Assert.Equal("resumed\n", agent.WaitForRecord().PostScript!.StdOut);
    }

    [Fact]
    public void A_full_disk_under_the_private_folder_stops_neither_the_script_nor_its_outcome()
    {
        using var disk = new LoopFileSystem("ext4", 16);
        using var agent = RunningAgent.Start(around: disk.In("around"));
        using var link = agent.Attach();
        var reply = link.Run("1", $"#!/bin/sh\nhead -c 100000000 /dev/zero > {disk.In("ballast")} 2>/dev/null\necho outcome\nexit 0\n");
        Assert.Null(reply.Failure);
        Assert.Equal("outcome\n", AgentLink.Script(reply).StdOut);
        Assert.True(link.Release().Removed);
        RunningAgent.Until(() => agent.Processes().Count == 0, "every process is gone");
        Assert.False(Directory.Exists(agent.Folder));
    }

    [Fact]
    public void A_runtime_started_after_a_death_begins_no_operation_of_the_dead_one_again()
    {
        using var agent = RunningAgent.Start();
        var count = Path.Combine(agent.Around, "count");
        using (var link = agent.Attach())
            link.Run("pre", $"#!/bin/sh\necho ran >> {count}\n");
        agent.Process.Kill();
        agent.WaitForRecord();
        RunningAgent.Until(() => !Directory.Exists(agent.Folder), "the guardian has cleared up");
        Assert.False(agent.StartAgain().AlreadyRunning);
        using var again = agent.Attach();
        Assert.Equal("lost", again.Hello.Operations["pre"]);
        var reply = again.Run("pre", $"#!/bin/sh\necho ran >> {count}\n");
        Assert.True(reply.Failure is { Code: FailureCodes.GuestLost, MayHaveStarted: true });
        Assert.Equal("ran\n", File.ReadAllText(count));
        again.Release();
    }

    [Fact]
    public void Release_leaves_nothing_behind()
    {
        using var agent = RunningAgent.Start();
        using var link = agent.Attach();
        link.Run("1", "#!/bin/sh\n");
        var reply = link.Release();
        Assert.True(reply is { Removed: true, Orphan: null });
        RunningAgent.Until(() => agent.Processes().Count == 0, "every process is gone");
        Assert.Empty(Directory.GetFileSystemEntries(agent.Around));
    }

    [Fact]
    public void Release_runs_a_post_script_that_is_still_owed_and_says_so()
    {
        using var agent = RunningAgent.Start();
        var count = Path.Combine(agent.Around, "post");
        using var link = agent.Attach();
        link.Run("pre", "#!/bin/sh\n", entrusted: $"#!/bin/sh\necho post >> {count}\n");
        Assert.True(link.Release().Orphan!.PostScript!.Succeeded);
        Assert.Equal("post\n", File.ReadAllText(count));
        Assert.False(File.Exists(agent.RecordFile));
    }

    [Fact]
    public void A_peer_that_used_to_ping_and_fell_silent_counts_as_gone()
    {
        using var agent = RunningAgent.Start(grace: 1);
        using var link = agent.Attach();
        link.Run("1", "#!/bin/sh\n");
        link.Send(new ChannelMessage { Type = "ping" });
        Assert.Contains("grace time", agent.WaitForRecord().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_runtime_that_was_attached_to_and_asked_for_nothing_leaves_a_record_of_just_that()
    {
        using var agent = RunningAgent.Start(grace: 1);
        agent.Attach().Dispose();
        var record = agent.WaitForRecord();
        Assert.Empty(record.Operations);
        Assert.True(record is { Thawed: false, PreScript: null, PostScript: null });
    }

    [Fact]
    public void Orphan_leaves_a_folder_alone_that_is_no_runtimes()
    {
        var folder = Directory.CreateTempSubdirectory("quiesce-agent-test-");
        File.WriteAllText(Path.Combine(folder.FullName, "precious"), "");
        using var process = System.Diagnostics.Process.Start(RunningAgent.Program, ["orphan", "--dir", folder.FullName]);
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.True(File.Exists(Path.Combine(folder.FullName, "precious")));
        folder.Delete(recursive: true);
    }
}
