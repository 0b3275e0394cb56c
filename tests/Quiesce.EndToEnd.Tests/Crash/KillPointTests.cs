using System.Collections.Concurrent;
using System.Globalization;
using Quiesce.Contracts.Rest;

namespace Quiesce.EndToEnd.Tests.Crash;

/// <summary>The serving process is killed at every step of the real machine workflow: before and after each commit, each send, each operation and each reply.</summary>
public sealed class KillPointTests
{
    [Fact]
    public async Task A_session_survives_the_death_of_its_server_at_every_step()
    {
        var steps = await StepsAsync();
        Assert.True(steps >= 45, $"there are only {steps} checkpoints");

        await TryAllAsync(Enumerable.Range(1, steps).Select(n => new[] { n }), SurviveAsync);
    }

    [Fact]
    public async Task A_session_survives_a_second_death_while_it_recovers_from_the_first()
    {
        var steps = await StepsAsync();

        await TryAllAsync(new[] { 0.15, 0.3, 0.5, 0.7 }.SelectMany(part => new[] { 1, 4 }.Select(again => new[] { (int)(part * steps), again })), SurviveAsync);
    }

    [Fact]
    public async Task A_session_that_is_cancelled_while_its_pre_script_runs_is_undone_wherever_the_server_dies()
    {
        var (first, steps) = (0, 0);
        await using (var site = new CrashSite())
        {
            steps = await CancelAsync(site, []);
            // The way to the pre script is in the tests above.
            first = 1 + site.Checkpoints.TakeWhile(name => !name.EndsWith(":preScript:1", StringComparison.Ordinal)).Count();
        }

        Assert.True(steps - first >= 25, $"there are only {steps - first} checkpoints");
        await TryAllAsync(Enumerable.Range(first, steps - first + 1).Select(n => new[] { n }), CancelAsync);
    }

    private static async Task<int> StepsAsync()
    {
        await using var site = new CrashSite();
        return await SurviveAsync(site, []);
    }

    private static async Task TryAllAsync(IEnumerable<int[]> drills, Func<CrashSite, int[], Task<int>> drill)
    {
        var failures = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(drills, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (kills, _) =>
        {
            await using var site = new CrashSite();
            try
            {
                await drill(site, kills);
            }
            catch (Exception e)
            {
                // Every kill point is tried, and each that failed is named.
                failures.Enqueue($"Killed at {string.Join(", then ", kills)}, the last thing done being '{site.Checkpoints.ElementAtOrDefault(kills[0] - 1)}': {e.Message}");
            }
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} failed.\n{string.Join("\n\n", failures)}");
    }

    private static async Task<int> SurviveAsync(CrashSite site, int[] kills)
    {
        await site.ServeAsync(Name(kills));
        await site.ApplyAsync();
        await site.TryAsync(() => site.StartAsync("first"));
        await RecoverAsync(site, kills);

        var session = await site.StartAsync("first");
        var report = await Aftermath.CheckAsync(site, session);
        var steps = site.Checkpoints.Count;

        // The runtime outlives its server, so nothing was lost.
        Assert.True(report.Result == Result.Success, CrashSite.Text(report));
        await Aftermath.CheckNextAsync(site, session);
        return steps;
    }

    private static async Task<int> CancelAsync(CrashSite site, int[] kills)
    {
        await site.BlockAsync();
        await site.ServeAsync(Name(kills));
        await site.ApplyAsync();
        await site.TryAsync(() => site.StartAsync("first"));
        await CrashSite.UntilAsync(() => site.HasDied || File.Exists(site.Folder.At("pre-runs")), "the pre script to start");
        await site.TryAsync(() => site.CancelAsync("first"));
        await RecoverAsync(site, kills);
        // Whoever got no answer asks again.
        await site.TryAsync(() => site.CancelAsync("first"));

        var session = await site.StartAsync("first");
        var report = await Aftermath.CheckAsync(site, session);
        var steps = site.Checkpoints.Count;
        Assert.True(report is { Result: Result.Failed, IsCanceled: true } && report.Tasks[0].RestorePoint is null, CrashSite.Text(report));
        Assert.False(File.Exists(site.Folder.At("pre-ended")), "The pre script went on after the cancel.");
        site.LetPass();
        await Aftermath.CheckNextAsync(site, session);
        return steps;
    }

    private static async Task RecoverAsync(CrashSite site, int[] kills)
    {
        if (kills.Length == 0)
            return;
        var died = await site.DiesAsync("first");
        foreach (var again in kills.Skip(1).TakeWhile(_ => died))
        {
            site.Launch(Name([again]));
            died = await site.DiesAsync("first");
        }
        // It ended before it came there: the drill must not strike in the next session.
        if (!died)
            await site.KillAsync();
        await site.ServeAsync();
    }

    private static string? Name(int[] kills) => kills.Length == 0 ? null : kills[0].ToString(CultureInfo.InvariantCulture);
}
