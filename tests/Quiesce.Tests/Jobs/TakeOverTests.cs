using Microsoft.Extensions.Logging.Abstractions;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Storage;

namespace Quiesce.Tests.Jobs;

/// <summary>Two runners on one database: what one was doing when it fell silent, the other finishes, and nothing is done twice.</summary>
public sealed class TakeOverTests : SessionFixture
{
    private readonly SemaphoreSlim _hung = new(0);
    private readonly ManualResetEventSlim _wake = new();
    private string _hangsAt = "never";
    private int _steps;

    [Theory]
    [InlineData("before commit")]
    [InlineData("after commit")]
    public async Task A_runner_that_hangs_at_a_commit_is_taken_over_when_its_lease_is_over_and_writes_nothing_when_it_wakes(string checkpoint)
    {
        _hangsAt = checkpoint;
        await ApplyAsync();
        var started = await Sessions.StartAsync("nightly", "test", null, Ct);
        Assert.True(await _hung.WaitAsync(TimeSpan.FromSeconds(30)), "the runner comes to the checkpoint");

        using var stop = new CancellationTokenSource();
        await using var store = await Store.OpenAsync(Path.Combine(Folder, "quiesce.db"), TimeProvider.System, Ct);
        var owner = await store.RegisterOwnerAsync("takes over", TimeSpan.FromMinutes(5));
        var runner = new SessionRunner(store, owner, Lookup, TimeProvider.System, new RunnerOptions { Poll = TimeSpan.FromMilliseconds(50) }, NullLogger<SessionRunner>.Instance);
        var sessions = new Sessions(store, runner, Lookup, TimeProvider.System);
        var link = new SimulatedLink(store, runner, Guests);
        var running = Task.WhenAll(runner.RunAsync(stop.Token), link.RunAsync(stop.Token));
        // Nobody renews the lease of what hangs. The other does what a server does at its start: what was left unanswered is sent again.
        await store.RemoveOwnerAsync(Owner);
        await store.TakeOverAsync(Owner.Id, owner);
        foreach (var row in await store.UnansweredOutboxAsync(owner, null, 100, Ct))
            await link.DeliverAsync(row, 2, Ct);
        await UntilAsync(async () => (await sessions.ReportAsync(started.SessionId, Ct)).EndedAt is not null, "the session ends");
        var report = await sessions.ReportAsync(started.SessionId, Ct);
        _wake.Set();
        await stop.CancelAsync();
        await running;

        Assert.Equal((Result.Success, Consistency.Application), (report.Result, report.Tasks[0].Consistency));
        Assert.Equal(["PrepareGuest", "RunScript:pre", "TakeSnapshot", "RunScript:post", "ReleaseGuest"], Guests.Steps("m0"));
        Assert.DoesNotContain(await Store.OutboxAsync($"{started.SessionId}.m0", Ct), row => row.AwaitsReply);
        Assert.Empty(await Store.StimuliAsync($"{started.SessionId}.m0", Ct));
    }

    public override async Task DisposeAsync()
    {
        _wake.Set();
        await base.DisposeAsync();
        _hung.Dispose();
        _wake.Dispose();
    }

    protected override void Pass(string checkpoint)
    {
        // The third step of the task: the pre script has ended.
        if (!checkpoint.StartsWith($"{_hangsAt} ", StringComparison.Ordinal) || !checkpoint.Contains(".m0", StringComparison.Ordinal) || Interlocked.Increment(ref _steps) != 3)
            return;
        _hung.Release();
        _wake.Wait();
    }
}
