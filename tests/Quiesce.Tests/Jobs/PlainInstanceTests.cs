using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Tests.Jobs;

/// <summary>Workflows that run on the server outside any session.</summary>
public sealed class PlainInstanceTests : SessionFixture
{
    private const string Waits = """
        { "id": "waits-1", "definitionId": "waits", "name": "Waits", "version": 1, "isLatest": true, "isPublished": true,
          "root": { "id": "flow", "type": "Elsa.Sequence", "version": 1, "activities": [
            { "id": "event", "type": "Elsa.Event", "version": 1, "eventName": { "typeName": "String", "expression": { "type": "Literal", "value": "go" } } } ] } }
        """;

    [Fact]
    public async Task An_instance_suspends_in_the_commit_that_creates_it_and_ends_when_its_event_comes()
    {
        Define(Waits);

        await Runner.StartAsync("waits", 1, "waits-1", "one", null);

        Assert.Equal("Suspended", (await Store.InstanceAsync("one", Ct))!.SubStatus);
        var bookmark = Assert.Single(await Store.BookmarksAsync("one", Ct));
        Assert.Equal(new PublishEvent("go", null, false, null).BookmarkHash, bookmark.Hash);
        await Store.AddStimuliAsync([new StimulusRow("go", "one", "Resume", bookmark.Hash, null, "{}", DateTimeOffset.UtcNow, null)]);
        Runner.Wake("one");
        await UntilAsync(async () => (await Store.InstanceAsync("one", Ct))!.FinishedAt is not null, "the instance ends");
        Assert.Empty(await Store.BookmarksAsync("one", Ct));
    }

    [Fact]
    public async Task An_id_that_is_taken_starts_nothing()
    {
        Define(Waits);
        await Runner.StartAsync("waits", 1, "waits-1", "one", null);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Runner.StartAsync("waits", 1, "waits-1", "one", null));

        Assert.Equal(1, (await Store.InstanceAsync("one", Ct))!.Revision);
    }

    [Fact]
    public async Task A_published_event_resumes_the_instances_that_wait_for_it_and_a_timer_comes_when_it_is_due()
    {
        Define(Waits);
        Define("""
            { "id": "tells-1", "definitionId": "tells", "name": "Tells", "version": 1, "isLatest": true, "isPublished": true,
              "root": { "id": "flow", "type": "Elsa.Sequence", "version": 1, "activities": [
                { "id": "delay", "type": "Elsa.Delay", "version": 1, "timeSpan": { "typeName": "TimeSpan", "expression": { "type": "Literal", "value": "00:00:00.2" } } },
                { "id": "publish", "type": "Elsa.PublishEvent", "version": 1, "eventName": { "typeName": "String", "expression": { "type": "Literal", "value": "go" } } } ] } }
            """);
        await Runner.StartAsync("waits", 1, "waits-1", "one", null);

        await Runner.StartAsync("tells", 1, "tells-1", "two", null);

        await UntilAsync(async () => (await Store.InstanceAsync("one", Ct))!.FinishedAt is not null && (await Store.InstanceAsync("two", Ct))!.FinishedAt is not null, "both end");
    }
}
