using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.EndToEnd.Tests.Agent;

/// <summary>Needs root: an ext4 of our own is frozen for real.</summary>
public sealed class FreezeTests : IDisposable
{
    private readonly LoopFileSystem disk = new("ext4", 64);
    private readonly RunningAgent agent = RunningAgent.Start();

    public void Dispose()
    {
        agent.Dispose();
        disk.Dispose();
    }

    private ChannelMessage Freeze(AgentLink link, int seconds = 30, string id = "freeze") =>
        link.Ask(id, new FreezeGuestRequest([disk.In(".")], seconds), ContractsJson.Default.FreezeGuestRequest);

    private static ThawGuestReply Thaw(AgentLink link, string id = "thaw") =>
        link.Ask(id, new ThawGuestRequest(), ContractsJson.Default.ThawGuestRequest).Body!.Value.Deserialize(ContractsJson.Default.ThawGuestReply)!;

    [Fact]
    public void A_file_system_is_frozen_and_thawed_and_the_time_is_told()
    {
        using var link = agent.Attach();
        var reply = Freeze(link);
        Assert.Null(reply.Failure);
        Assert.Equal([disk.MountPoint], reply.Body!.Value.Deserialize(ContractsJson.Default.FreezeGuestReply)!.FileSystems);
        Assert.True(disk.IsFrozen());
        using (var second = agent.Attach())
        {
            Assert.Equal([disk.MountPoint], second.Hello.Frozen);
            var thawed = Thaw(second);
            Assert.InRange(thawed.FrozenMs, thawed.ThawMs, 60_000);
            Assert.False(thawed.ThawedByTimer);
        }
        Assert.False(disk.IsFrozen());
    }

    [Fact]
    public void Thawing_what_is_not_frozen_is_success()
    {
        using var link = agent.Attach();
        Assert.Equal(new ThawGuestReply(0, 0, false), Thaw(link));
    }

    [Fact]
    public void The_timer_thaws_by_itself_and_the_thaw_says_so()
    {
        using var link = agent.Attach();
        Assert.Null(Freeze(link, seconds: 1).Failure);
        RunningAgent.Until(() => { using var look = agent.Attach(); return look.Hello.Frozen.Count == 0; }, "the timer has fired");
        Assert.False(disk.IsFrozen());
        using var after = agent.Attach();
        Assert.True(Thaw(after).ThawedByTimer);
        Assert.False(Thaw(after, "thaw-2").ThawedByTimer);
    }

    [Fact]
    public void Killing_the_serving_process_thaws()
    {
        using (var link = agent.Attach())
            Assert.Null(Freeze(link, seconds: 600).Failure);
        agent.Process.Kill();
        RunningAgent.Until(() => !disk.IsFrozen(), "the timer noticed the death");
        agent.WaitForRecord();
        RunningAgent.Until(() => !Directory.Exists(agent.Folder), "the folder is removed");
    }

    [Fact]
    public void Killing_the_timer_thaws()
    {
        using var link = agent.Attach();
        Assert.Null(Freeze(link, seconds: 600).Failure);
        var timer = agent.Children().Single(child => child.CommandLine.Contains("thaw-timer", StringComparison.Ordinal)).Id;
        using (var process = System.Diagnostics.Process.GetProcessById(timer))
            process.Kill();
        RunningAgent.Until(() => !disk.IsFrozen(), "the serving process noticed");
        Assert.True(Thaw(link).ThawedByTimer);
    }

    [Fact]
    public void Killing_both_at_once_thaws_too()
    {
        using var link = agent.Attach();
        Assert.Null(Freeze(link, seconds: 600).Failure);
        var timer = agent.Children().Single(child => child.CommandLine.Contains("thaw-timer", StringComparison.Ordinal)).Id;
        // Stopped first, or it would thaw in the moment between its parent's death and its own.
        LoopFileSystem.Run("kill", "-STOP", $"{timer}");
        LoopFileSystem.Run("kill", "-9", $"{agent.Process.Id}", $"{timer}");
        Assert.True(agent.WaitForRecord().Thawed);
        Assert.False(disk.IsFrozen());
    }

    [Fact]
    public void A_lost_link_thaws_after_the_grace_time()
    {
        using var brief = RunningAgent.Start(grace: 1);
        using (var link = brief.Attach())
            Assert.Null(Freeze(link, seconds: 600).Failure);
        Assert.True(brief.WaitForRecord().Thawed);
        Assert.False(disk.IsFrozen());
    }

    [Fact]
    public void What_somebody_else_froze_is_left_frozen()
    {
        LoopFileSystem.Run("fsfreeze", "-f", disk.MountPoint);
        using var link = agent.Attach();
        var failure = Freeze(link).Failure!;
        Assert.Equal(FailureCodes.Freeze, failure.Code);
        Assert.Contains("already frozen", failure.Message, StringComparison.Ordinal);
        link.Release();
        Assert.True(disk.IsFrozen());
    }

    [Fact]
    public void The_file_system_of_the_agent_itself_is_refused()
    {
        using var link = agent.Attach();
        var failure = link.Ask("1", new FreezeGuestRequest([agent.Folder], 5), ContractsJson.Default.FreezeGuestRequest).Failure!;
        Assert.Equal(FailureCodes.Freeze, failure.Code);
    }

    [Fact]
    public void No_script_is_started_while_something_is_frozen()
    {
        using var link = agent.Attach();
        Assert.Null(Freeze(link).Failure);
        Assert.Equal(FailureCodes.Freeze, link.Run("1", "#!/bin/sh\n").Failure!.Code);
        Thaw(link);
        Assert.Null(link.Run("2", "#!/bin/sh\n").Failure);
    }
}
