using Microsoft.Extensions.Logging.Abstractions;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Storage;

namespace Quiesce.Tests.Jobs;

/// <summary>Two runners on one database: what one was doing when it fell silent, the other finishes, and nothing is done twice.</summary>
public sealed class TakeOverTests : SessionFixture
{
    [Theory]
    [InlineData("before commit")]
    [InlineData("after commit")]
    public async Task A_runner_that_hangs_at_a_commit_is_taken_over_after_its_lease_and_writes_nothing_when_it_wakes(string checkpoint)
    {
        await ApplyAsync();
        using var stop = new CancellationTokenSource();
        using var hung = new SemaphoreSlim(0);
        using var wake = new ManualResetEventSlim();
        await using var store = await Store.OpenAsync(Path.Combine(Folder, "quiesce.db"), TimeProvider.System, Ct);
        // It is never renewed: its process hangs.
        var owner = await store.RegisterOwnerAsync("hangs", TimeSpan.FromSeconds(1));
        var commits = 0;
        var options = new RunnerOptions
        {
            Poll = TimeSpan.FromMilliseconds(50),
            Checkpoint = name =>
            {
                // The third step of the task: its pre script is asked for, or its reply taken.
                if (!name.StartsWith($"{checkpoint} ", StringComparison.Ordinal) || !name.Contains(".m0", StringComparison.Ordinal) || Interlocked.Increment(ref commits) != 3)
                    return;
                hung.Release();
                wake.Wait();
            },
        };
        var runner = new SessionRunner(store, owner, Lookup, TimeProvider.System, options, NullLogger<SessionRunner>.Instance);
        var sessions = new Sessions(store, runner, Lookup, TimeProvider.System);
        var link = new SimulatedLink(store, runner, Guests);
        var running = Task.WhenAll(Task.Run(() => runner.RunAsync(stop.Token)), link.RunAsync(stop.Token));

        var started = await sessions.StartAsync("nightly", "test", null, Ct);
        Assert.True(await hung.WaitAsync(TimeSpan.FromSeconds(30)), "the first runner comes to the checkpoint");
        // As a server does at its start: what the dead one left unanswered is sent again.
        await UntilAsync(async () => await Store.TakeOverAsync(owner.Id, Owner) > 0, "the lease to run out");
        foreach (var row in await Store.UnansweredOutboxAsync(Owner, null, 100, Ct))
            await Link.DeliverAsync(row, 2, Ct);
        var report = await EndAsync(started.SessionId);
        wake.Set();
        await stop.CancelAsync();
        await running;

        Assert.Equal((Result.Success, Consistency.Application), (report.Result, report.Tasks[0].Consistency));
        Assert.Equal(["PrepareGuest", "RunScript:pre", "TakeSnapshot", "RunScript:post", "ReleaseGuest"], Guests.Steps("m0"));
        Assert.Equal(report.Tasks[0].Log.Count, (await Sessions.ReportAsync(started.SessionId, Ct)).Tasks[0].Log.Count);
        Assert.Empty(await Store.OutboxAsync($"{started.SessionId}.m0", Ct));
        Assert.Empty(await Store.StimuliAsync($"{started.SessionId}.m0", Ct));
    }
}
