using System.Text.Json;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Tests.Jobs;

public sealed class WatchTests : SessionFixture
{
    [Fact]
    public async Task What_a_watcher_hears_of_commits_is_what_the_store_says()
    {
        await ApplyAsync("fleet", machines: 60, change: job => job with { MaxConcurrentMachines = 8 });
        var started = await Sessions.StartAsync("fleet", "test", null, Ct);

        List<SessionReport> seen = [];
        await foreach (var report in Sessions.WatchAsync(started.SessionId, Ct)) seen.Add(report);

        // Somebody who never watched reads everything from the store.
        var stored = await new Sessions(Store, Runner, Lookup, TimeProvider.System).ReportAsync(started.SessionId, Ct);
        Assert.Equal(JsonSerializer.Serialize(stored, RestJson.Default.SessionReport), JsonSerializer.Serialize(seen[^1], RestJson.Default.SessionReport));
        Assert.Equal(Result.Success, stored.Result);
        Assert.All(seen, report => Assert.Equal(60, report.Tasks.Count));
        Assert.Contains(seen, report => report.EndedAt is null);
    }
}
