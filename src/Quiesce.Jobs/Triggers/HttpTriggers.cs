using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Engine.Activities;
using Quiesce.Storage;

namespace Quiesce.Jobs.Triggers;

/// <summary>What a request over HTTP meets.</summary>
/// <param name="Trigger">The trigger that it starts; null when it resumes.</param>
/// <param name="Bookmark">The bookmark that it resumes; null when it starts.</param>
/// <param name="Settings">The endpoint's settings: <c>authorize</c>, <c>policy</c>, <c>requestTimeout</c>, <c>requestSizeLimit</c>, <c>fileSizeLimit</c>.</param>
/// <param name="RouteData">What the parameters of the route stand for.</param>
public sealed record HttpTarget(PublishedTrigger? Trigger, BookmarkRow? Bookmark, JsonObject Settings, IReadOnlyDictionary<string, string> RouteData);

/// <summary>Brings requests over HTTP to the workflows that wait for them.</summary>
public sealed class HttpTriggers(PublishedTriggers triggers, Store store, SessionRunner runner, TimeProvider time)
{
    /// <summary>Everything that a request fits, the most specific route alone: none, one, or several that nobody can choose between.</summary>
    /// <param name="path">Below the base path, decoded.</param>
    /// <param name="correlationId">Only bookmarks of instances with this correlation id or none; null: all.</param>
    /// <param name="instanceId">Only bookmarks of this instance, and no trigger; null: all.</param>
    public async Task<IReadOnlyList<HttpTarget>> FindAsync(string method, string path, string? correlationId, string? instanceId, CancellationToken ct)
    {
        var starts = instanceId is not null ? [] : Best(triggers.Named(HttpEndpoint.TypeName).Select(trigger => (Trigger: trigger, Settings: trigger.Payload as JsonObject)), one => one.Settings, method, path);
        if (starts.Count > 0) return [.. starts.Select(start => new HttpTarget(start.Item.Trigger, null, start.Item.Settings!, start.RouteData))];

        var waiting = await store.HttpBookmarksAsync(ct).ConfigureAwait(false);
        List<HttpTarget> targets = [];
        foreach (var (item, routeData) in Best(waiting.Select(one => (one.Hash, Settings: JsonNode.Parse(one.Payload) as JsonObject)), one => one.Settings, method, path))
            foreach (var bookmark in await store.BookmarksByHashAsync(item.Hash, correlationId, ct).ConfigureAwait(false))
                if (instanceId is null || bookmark.InstanceId == instanceId)
                    targets.Add(new HttpTarget(null, bookmark, JsonNode.Parse(bookmark.Payload ?? "{}") as JsonObject ?? [], routeData));
        return targets;
    }

    /// <summary>Starts or resumes, and waits until the workflow has answered or will not answer any more. What the request moved is durable when this returns.</summary>
    /// <exception cref="OperationCanceledException">Whoever asked went away; the workflow goes on.</exception>
    public async Task<HttpOutcome> SendAsync(HttpTarget target, HttpRequestData request, string? correlationId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(request);
        var outcome = runner.Exchanges.Open(request.RequestId);
        try
        {
            if (target.Trigger is { } trigger)
            {
                var (state, standing) = await runner.StartAsync(trigger.Start(null, correlationId, time.GetUtcNow(), request), ct).ConfigureAwait(false);
                if (standing is not null) return new HttpOutcome(null, null, standing);
                if (!outcome.IsCompleted && state!.HttpRequestId != request.RequestId) return new HttpOutcome(null, state);
            }
            else
            {
                var bookmark = target.Bookmark!;
                if (!await store.AddStimuliAsync([new StimulusRow(request.RequestId, bookmark.InstanceId, StimulusKinds.Http, null, bookmark.Id, request.ToJson().ToJsonString(), time.GetUtcNow(), null)]).ConfigureAwait(false))
                    return new HttpOutcome(null, null);
                runner.Wake(bookmark.InstanceId);
            }

            return await outcome.WaitAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            runner.Exchanges.Close(request.RequestId);
        }
    }

    private static List<(T Item, IReadOnlyDictionary<string, string> RouteData)> Best<T>(IEnumerable<T> all, Func<T, JsonObject?> settings, string method, string path)
    {
        List<(T Item, IReadOnlyDictionary<string, string> RouteData)> best = [];
        string? precedence = null;
        foreach (var one in all)
        {
            if (settings(one) is not { } payload || !method.Equals((string?)payload["method"], StringComparison.OrdinalIgnoreCase)) continue;
            var route = HttpRoute.Parse((string?)payload["path"]);
            if (route.Match(path) is not { } routeData) continue;
            var order = precedence is null ? -1 : string.CompareOrdinal(route.Precedence, precedence);
            if (order > 0) continue;
            if (order < 0) best.Clear();
            precedence = route.Precedence;
            best.Add((one, routeData));
        }

        return best;
    }
}
