using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>The execution books of the instances that somebody looks at, and the records behind them in Elsa's shape.</summary>
internal sealed class ExecutionShelf(Store store)
{
    private const int MostBooks = 64;
    private const int MostEntries = 500_000;
    private readonly ConcurrentDictionary<string, ExecutionBook> _books = new(StringComparer.Ordinal);

    /// <summary>The book of an instance, with everything that is committed.</summary>
    public async Task<(ExecutionBook Book, IReadOnlyList<ExecutionBook.Entry> Entries)> OpenAsync(string instanceId, CancellationToken ct)
    {
        if (_books.Count > MostBooks || _books.Values.Sum(one => one.Count) > MostEntries) _books.Clear();
        var book = _books.GetOrAdd(instanceId, static id => new ExecutionBook(id));
        var entries = await book.ReadAsync(store, ct).ConfigureAwait(false);
        // Nobody can fill the shelf by asking for instances that are not there.
        if (entries.Count == 0) _books.TryRemove(instanceId, out _);
        return (book, entries);
    }

    /// <summary>Forgets an instance that was deleted: its id may come again.</summary>
    public void Forget(string instanceId) => _books.TryRemove(instanceId, out _);

    /// <summary>The instance of an execution and its entry; null when there is none.</summary>
    public async Task<(string InstanceId, ExecutionBook Book, ExecutionBook.Entry Entry)?> FindAsync(string executionId, CancellationToken ct)
    {
        if (InstanceTag.Read(executionId) is not { } tag) return null;
        foreach (var instanceId in await store.InstancesByTagAsync(tag, ct).ConfigureAwait(false))
        {
            var (book, _) = await OpenAsync(instanceId, ct).ConfigureAwait(false);
            if (book.Find(executionId) is { } entry) return (instanceId, book, entry);
        }

        return null;
    }

    /// <summary>The records of these entries in Elsa's shape, in their order.</summary>
    public async Task<IReadOnlyList<JsonObject>> RecordsAsync(string instanceId, IReadOnlyList<ExecutionBook.Entry> entries, CancellationToken ct)
    {
        if (entries.Count == 0) return [];
        var segments = (await store.ExecutionsAsync(instanceId, entries.Select(entry => entry.Revision).ToHashSet(), ct).ConfigureAwait(false)).ToDictionary(segment => segment.Revision, segment => segment.Json);
        List<JsonObject> records = new(entries.Count);
        foreach (var entry in entries)
            if (segments.TryGetValue(entry.Revision, out var json) && JsonNode.Parse(json.AsSpan(entry.Start, entry.Length)) is JsonObject stored)
                records.Add(Shaped(stored, instanceId));
        return records;
    }

    private static JsonObject Shaped(JsonObject stored, string instanceId)
    {
        JsonNode? Take(string name)
        {
            stored.Remove(name, out var value);
            return value;
        }

        return new JsonObject
        {
            ["id"] = Take("id"), ["workflowInstanceId"] = instanceId, ["activityId"] = Take("activityId"), ["activityNodeId"] = Take("activityNodeId"),
            ["activityType"] = Take("activityType"), ["activityTypeVersion"] = Take("activityTypeVersion") ?? 1, ["activityName"] = Take("activityName"),
            ["status"] = Take("status"), ["startedAt"] = Take("startedAt"), ["completedAt"] = Take("completedAt"), ["hasBookmarks"] = Take("hasBookmarks") ?? false,
            ["aggregateFaultCount"] = Take("aggregateFaultCount") ?? 0, ["activityState"] = Take("activityState") ?? new JsonObject(), ["outputs"] = Take("outputs") ?? new JsonObject(),
            ["payload"] = Take("payload") ?? new JsonObject(), ["properties"] = Take("properties") ?? new JsonObject(), ["metadata"] = new JsonObject(), ["exception"] = Take("exception"),
            ["schedulingActivityExecutionId"] = Take("schedulingActivityExecutionId"), ["schedulingActivityId"] = Take("schedulingActivityId"),
            ["schedulingWorkflowInstanceId"] = Take("schedulingWorkflowInstanceId"), ["callStackDepth"] = Take("callStackDepth") ?? 0,
        };
    }
}
