using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs;

// Looking: lists, the journal, executions of activities, variables.
public sealed partial class Instances
{
    private const int MostOnPage = 1_000;

    /// <summary>A page of instances, at most 1,000.</summary>
    public async Task<InstancePage> ListAsync(InstanceQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (items, total) = await _store.ListInstancesAsync(query with { Page = Math.Max(0, query.Page), PageSize = Math.Clamp(query.PageSize, 1, MostOnPage) }, ct).ConfigureAwait(false);
        return new InstancePage(items, total);
    }

    /// <summary>An instance with its state document; null when there is none.</summary>
    public Task<InstanceRow?> GetAsync(string instanceId, CancellationToken ct) => _store.InstanceAsync(instanceId, ct);

    /// <summary>An instance without its state document: what a viewer polls. Null when there is none.</summary>
    public Task<InstanceSummary?> SummaryAsync(string instanceId, CancellationToken ct) => _store.InstanceSummaryAsync(instanceId, ct);

    /// <summary>A page of the journal, oldest first, in Elsa's record shape; empty when there is no such instance.</summary>
    public async Task<JournalPage> JournalAsync(string instanceId, JournalFilter filter, int skip, int take, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(filter);
        List<JsonObject> items = [];
        var total = 0;
        foreach (var segment in await _store.JournalAsync(instanceId, 0, ct).ConfigureAwait(false))
        {
            using var records = JsonDocument.Parse(segment.Json);
            foreach (var record in records.RootElement.EnumerateArray())
            {
                if (!Matches(record, filter)) continue;
                if (total++ >= skip && items.Count < take) items.Add(Shaped(record));
            }
        }

        return new JournalPage(items, total);
    }

    /// <summary>The executions of activities in an instance, oldest first, in Elsa's record shape: all, or those of one node.</summary>
    public async Task<IReadOnlyList<JsonObject>> ExecutionsAsync(string instanceId, string? nodeId, CancellationToken ct)
    {
        var (_, entries) = await _executions.OpenAsync(instanceId, ct).ConfigureAwait(false);
        return await _executions.RecordsAsync(instanceId, nodeId is null ? entries : [.. entries.Where(entry => entry.NodeId == nodeId)], ct).ConfigureAwait(false);
    }

    /// <summary>One execution; null when there is none.</summary>
    public async Task<JsonObject?> ExecutionAsync(string executionId, CancellationToken ct) =>
        await _executions.FindAsync(executionId, ct).ConfigureAwait(false) is { } found
            && await _executions.RecordsAsync(found.InstanceId, [found.Entry], ct).ConfigureAwait(false) is [var record]
            ? record
            : null;

    /// <summary>The executions that led to this one, outermost first, itself last. Empty when there is none.</summary>
    public async Task<IReadOnlyList<JsonObject>> CallStackAsync(string executionId, CancellationToken ct)
    {
        if (await _executions.FindAsync(executionId, ct).ConfigureAwait(false) is not { } found) return [];
        List<ExecutionBook.Entry> stack = [];
        for (var entry = found.Entry; entry is not null && stack.Count < MostOnPage; entry = entry.ScheduledBy is { } by ? found.Book.Find(by) : null) stack.Add(entry);
        stack.Reverse();
        return await _executions.RecordsAsync(found.InstanceId, stack, ct).ConfigureAwait(false);
    }

    /// <summary>What the nodes of an instance have done so far: those named, or all that did something.</summary>
    public async Task<IReadOnlyList<ActivityStats>> StatsAsync(string instanceId, IReadOnlyList<string>? nodeIds, CancellationToken ct)
    {
        var (_, entries) = await _executions.OpenAsync(instanceId, ct).ConfigureAwait(false);
        if (entries.Count == 0) return [];
        // What waited when the instance ended waits for nothing any more.
        var isOpen = await SummaryAsync(instanceId, ct).ConfigureAwait(false) is { FinishedAt: null, Status: nameof(WorkflowStatus.Running) };
        var wanted = nodeIds?.ToHashSet(StringComparer.Ordinal);
        Dictionary<string, ActivityStats> stats = new(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (wanted is not null && !wanted.Contains(entry.NodeId)) continue;
            var so = stats.GetValueOrDefault(entry.NodeId) ?? new ActivityStats { ActivityId = entry.ActivityId, ActivityNodeId = entry.NodeId };
            stats[entry.NodeId] = so with
            {
                StartedCount = so.StartedCount + 1, CompletedCount = so.CompletedCount + (entry.IsCompleted ? 1 : 0), UncompletedCount = so.UncompletedCount + (entry.IsOpen ? 1 : 0),
                IsBlocked = so.IsBlocked || (isOpen && entry is { HasBookmarks: true, IsOpen: true }), IsFaulted = so.IsFaulted || entry.IsFaulted,
                AggregateFaultCount = Math.Max(so.AggregateFaultCount, entry.Faults),
            };
        }

        return [.. stats.Values];
    }

    private static bool Matches(JsonElement record, JournalFilter filter)
    {
        string? Text(string name) => record.TryGetProperty(name, out var value) ? value.GetString() : null;
        return (filter.ActivityIds is not { } activities || activities.Contains(Text("activityId"), StringComparer.Ordinal))
            && (filter.ActivityNodeIds is not { } nodes || nodes.Contains(Text("nodeId"), StringComparer.Ordinal))
            && (filter.ExcludedActivityTypes is not { } types || !types.Contains(Text("activityType"), StringComparer.Ordinal))
            && (filter.EventNames is not { } events || events.Contains(Text("eventName"), StringComparer.Ordinal));
    }

    private static JsonObject Shaped(JsonElement record)
    {
        var stored = JsonObject.Create(record.Clone())!;
        foreach (var name in (ReadOnlySpan<string>)["parentActivityInstanceId", "activityName", "message", "source", "payload"])
            stored.TryAdd(name, null);
        return stored;
    }
}
