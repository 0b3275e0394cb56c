using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.EndToEnd.Tests.Crash;

/// <summary>What has to hold after every crash: the report is true, no script ran twice, the application goes on, nothing is left behind.</summary>
internal static class Aftermath
{
    /// <summary>Waits for the end of the session and checks all of it.</summary>
    public static async Task<SessionReport> CheckAsync(CrashSite site, string session)
    {
        var report = await site.EndAsync(session);
        var text = CrashSite.Text(report);
        var task = Assert.Single(report.Tasks);

        var (pre, post) = (site.Starts("pre", session), site.Starts("post", session));
        Assert.True(pre <= 1, $"the pre script was started {pre} times: {text}");
        Assert.True(post == pre, $"the pre script was started {pre} times and the post script {post} times: {text}");
        Assert.False(File.Exists(site.Marker), $"the application is still quiesced: {text}");

        Assert.True(task.Obligations.Count == 0, $"still owed: {text}");
        await CrashSite.UntilAsync(() => site.Processes().Count == 0, $"the runtime's processes to end: {string.Join("; ", site.Processes())} {text}");
        Assert.True(!Directory.EnumerateFileSystemEntries(site.Runtimes).Any(), $"left in the runtime folder: {string.Join(", ", Directory.EnumerateFileSystemEntries(site.Runtimes))} {text}");

        await CheckPointsAsync(site, task, text);
        return report;
    }

    /// <summary>A second session of the same job, after which nothing must be in the books of either.</summary>
    public static async Task CheckNextAsync(CrashSite site, string session)
    {
        var next = await CheckAsync(site, await site.StartAsync("next"));
        Assert.True(next.Result == Result.Success, $"the next session did not succeed: {CrashSite.Text(next)}");

        await using var store = await Store.OpenAsync(site.Database, TimeProvider.System, CancellationToken.None);
        foreach (var id in new[] { session, $"{session}.m0", next.Id, $"{next.Id}.m0" })
        {
            Assert.Empty(await store.StimuliAsync(id, CancellationToken.None));
            Assert.Empty(await store.ObligationsAsync(id, CancellationToken.None));
            // The word that it has ended may still be on its way.
            await CrashSite.UntilAsync(async () => (await store.OutboxAsync(id, CancellationToken.None)).Count == 0, () => $"the outbox of {id} to be empty");
        }
        Assert.Empty(await store.LeftoversAsync(CancellationToken.None));
    }

    private static async Task CheckPointsAsync(CrashSite site, TaskReport task, string text)
    {
        if (task.Result == Result.Success)
        {
            Assert.True(task.Consistency == Consistency.Application && task.RestorePoint is not null, text);
            Assert.Equal(["pre", "post"], task.Scripts.Select(script => script.Phase));
        }
        else
            Assert.True(task.Reason is { Length: > 0 }, $"no reason is given: {text}");

        var points = await site.PointsAsync();
        Assert.True(points.Any(point => point.Id == task.RestorePoint) == task.RestorePoint is not null, $"the list of restore points does not agree with the report: {text}");
        Assert.All(points, point => Assert.Equal("precious", File.ReadAllText(Path.Combine(point.Location, "data.txt"))));
        Assert.All(points, point => Assert.Equal("Complete", point.State));
        IEnumerable<string?> there = Directory.Exists(site.Points) ? Directory.EnumerateFileSystemEntries(site.Points).Select(Path.GetFileName).Where(name => !name!.EndsWith(".json", StringComparison.Ordinal)).Order() : [];
        Assert.Equal(points.Select(point => point.Id).Order(), there);
    }
}
