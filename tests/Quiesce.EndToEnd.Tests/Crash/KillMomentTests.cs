using Quiesce.Contracts.Rest;

namespace Quiesce.EndToEnd.Tests.Crash;

/// <summary>Processes are killed while something is going on in the guest: the server, the agent, its guardian, in every combination that matters.</summary>
public sealed class KillMomentTests
{
    /// <summary>What is killed.</summary>
    public enum Victim
    {
        Server,
        Agent,
        AgentAndGuardian,
        ServerAndAgent,
        Everything,
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pre_script_that_runs_when_the_server_dies_is_neither_ended_nor_started_again(bool endsWhileAway)
    {
        await using var site = await BlockedAsync();
        var session = await site.StartAsync("first");
        await site.UntilAsync("pre-runs");

        await site.KillAsync();
        if (endsWhileAway)
        {
            await site.GoOnAsync();
            await CrashSite.UntilAsync(() => File.Exists(site.Folder.At("pre-ended")), "the pre script to end");
        }
        await site.ServeAsync();
        if (!endsWhileAway)
            await site.GoOnAsync();

        Assert.Equal(Result.Success, (await Aftermath.CheckAsync(site, session)).Result);
    }

    [Theory]
    [InlineData(Victim.Agent)]
    [InlineData(Victim.AgentAndGuardian)]
    [InlineData(Victim.ServerAndAgent)]
    [InlineData(Victim.Everything)]
    public async Task An_agent_that_dies_while_the_pre_script_runs_resumes_the_application_and_the_session_fails(Victim victim)
    {
        await using var site = await BlockedAsync();
        var session = await site.StartAsync("first");
        await site.UntilAsync("pre-runs");

        await KillAsync(site, victim);
        var report = await Aftermath.CheckAsync(site, session);

        Assert.Equal(Result.Failed, report.Result);
        Assert.Equal(1, site.Starts("post", session));
        Assert.False(File.Exists(site.Folder.At("pre-ended")), "The pre script went on without anybody watching it.");
        Assert.Contains(report.Tasks[0].Log, line => line.Text.Contains("run by the guest itself", StringComparison.Ordinal));
        site.LetPass();
        await Aftermath.CheckNextAsync(site, session);
    }

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Agent)]
    [InlineData(Victim.AgentAndGuardian)]
    [InlineData(Victim.ServerAndAgent)]
    [InlineData(Victim.Everything)]
    public async Task A_copy_that_is_under_way_when_processes_die_is_finished_or_removed(Victim victim)
    {
        await using var site = new CrashSite();
        for (var i = 0; i < 12000; i++)
            await File.WriteAllTextAsync(Path.Combine(site.Source, $"row-{i:00000}"), new string('x', 512));
        await site.ServeAsync();
        await site.ApplyAsync();
        var session = await site.StartAsync("first");
        // On a quick disk the copy may be over between two looks: then it is the finished point whose processes die.
        await CrashSite.UntilAsync(() => Directory.Exists(site.Points) && Directory.EnumerateDirectories(site.Points).Any(), "the copy to begin");

        await KillAsync(site, victim);
        var report = await Aftermath.CheckAsync(site, session);

        Assert.Equal(1, site.Starts("post", session));
        if (victim == Victim.Server)
            Assert.Equal(Result.Success, report.Result);
        await Aftermath.CheckNextAsync(site, session);
    }

    [Theory]
    [InlineData("before send *:prepareGuest:1", 1, false, Result.Success)]
    [InlineData("after operation *:prepareGuest:1", 1, false, Result.Success)]
    [InlineData("before send *:preScript:1", 0, false, Result.Failed)]
    [InlineData("after operation *:preScript:1", 1, true, Result.Failed)]
    [InlineData("before send *:takeSnapshot:1", 1, true, Result.Failed)]
    [InlineData("after operation *:takeSnapshot:1", 1, true, Result.Success)]
    [InlineData("before send *:postScript:1", 1, true, Result.Success)]
    [InlineData("after operation *:postScript:1", 1, false, Result.Success)]
    [InlineData("after operation *:releaseGuest:1", 1, false, Result.Success)]
    public async Task A_server_that_stays_away_longer_than_the_grace_time_learns_what_the_guest_did_and_says_so(string checkpoint, int scripts, bool byItself, Result result)
    {
        await using var site = new CrashSite(graceSeconds: 2);
        await site.ServeAsync();
        await site.ApplyAsync();
        await site.KillAsync();
        await site.ServeAsync(checkpoint);
        await site.TryAsync(() => site.StartAsync("first"));
        Assert.True(await site.DiesAsync("first"), $"The server did not come to '{checkpoint}'; it passed {string.Join(", ", site.Checkpoints)}");
        await CrashSite.UntilAsync(() => site.Processes().Count == 0, "the orphan rule");
        Assert.False(File.Exists(site.Marker), "The application is quiesced although nobody may come back.");

        await site.ServeAsync();
        var session = await site.StartAsync("first");
        var report = await Aftermath.CheckAsync(site, session);

        Assert.Equal(scripts, site.Starts("pre", session));
        Assert.True(report.Tasks[0].Log.Any(line => line.Text.Contains("run by the guest itself", StringComparison.Ordinal)) == byItself && report.Result == result, CrashSite.Text(report));
        await Aftermath.CheckNextAsync(site, session);
    }

    private static async Task<CrashSite> BlockedAsync()
    {
        var site = new CrashSite();
        await site.BlockAsync();
        await site.ServeAsync();
        await site.ApplyAsync();
        return site;
    }

    private static async Task KillAsync(CrashSite site, Victim victim)
    {
        int[] guests = victim switch
        {
            Victim.Agent or Victim.ServerAndAgent => [SiteProcesses.Agent(site.Runtimes)],
            // The guardian first: it would take the agent's death as its cue.
            Victim.AgentAndGuardian or Victim.Everything => [SiteProcesses.Guardian(site.Runtimes), SiteProcesses.Agent(site.Runtimes)],
            _ => [],
        };
        Assert.DoesNotContain(0, guests);
        if (victim is Victim.Server or Victim.ServerAndAgent or Victim.Everything)
            await site.KillAsync();
        SiteProcesses.Kill(guests);
        if (victim is Victim.Server or Victim.ServerAndAgent or Victim.Everything)
            await site.ServeAsync();
    }
}
