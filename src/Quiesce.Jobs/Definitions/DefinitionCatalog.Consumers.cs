using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Definitions;

public sealed partial class DefinitionCatalog
{
    private readonly ConcurrentDictionary<string, (int Revision, ActivityDescriptor Descriptor)> _descriptors = new(StringComparer.Ordinal);

    /// <summary>The definitions whose latest version uses this one as an activity, directly or through others, by id.</summary>
    /// <exception cref="RefusedException">Not found.</exception>
    public IReadOnlyList<string> Consumers(string definitionId) => Versions(definitionId).Count == 0 ? throw Unknown(definitionId) : Users(definitionId);

    private IReadOnlyList<string> Users(string definitionId)
    {
        var (found, open) = (new SortedSet<string>(StringComparer.Ordinal), new Queue<string>([definitionId]));
        while (open.TryDequeue(out var used))
            foreach (var (consumer, rows) in _versions)
                if (consumer != definitionId && !found.Contains(consumer) && WorkflowUse.In(Root(rows[0]), used, ActivityTypes(used), Registry).Any())
                {
                    found.Add(consumer);
                    open.Enqueue(consumer);
                }

        return [.. found];
    }

    /// <summary>Points those that use this definition as an activity at its version in force: one in force stays so with a new version, a draft stays a draft.</summary>
    /// <returns>The definitions that changed.</returns>
    /// <exception cref="RefusedException">Not found; conflict: no version is in force.</exception>
    public async Task<IReadOnlyList<string>> UpdateReferencesAsync(string definitionId, CancellationToken ct, string by = "update of references")
    {
        await _changing.WaitAsync(ct);
        try
        {
            if (Versions(definitionId).Count == 0)
                throw Unknown(definitionId);
            var published = Row(definitionId, VersionSelector.Published)
                ?? throw new RefusedException(Contracts.Rest.ProblemCodes.Conflict, $"No version of '{definitionId}' is in force that others could be pointed at. Publish it first: quiesce workflow publish {definitionId}");
            var rows = await RepointedAsync(published, by, [], ct);
            if (rows.Count == 0)
                return [];
            var files = rows.Where(row => row.IsPublished).Select(row => FileRowOf(row.DefinitionId) is { } file ? file with { Unwritten = row.VersionId, Problem = null } : null).OfType<DefinitionFileRow>().ToList();
            await CommitAsync(new DefinitionCommit { Put = rows, Edits = [.. rows.Select(row => Edit(row, null))], Files = files }, [.. rows.Select(row => row.DefinitionId)]);
            foreach (var file in files)
                await WriteBackAsync(file.DefinitionId, ct);
            return [.. rows.Select(row => row.DefinitionId)];
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>The definitions that can be used as activities, one descriptor a version; only the one in force is to be offered.</summary>
    public IReadOnlyList<ActivityDescriptor> WorkflowActivities()
    {
        var list = new List<ActivityDescriptor>();
        foreach (var (_, rows) in _versions)
        {
            var published = rows.Find(row => row.IsPublished);
            foreach (var row in rows.Where(row => row.ActivityType is not null))
            {
                if (!_descriptors.TryGetValue(row.VersionId, out var known) || known.Revision != row.Revision)
                {
                    var whole = Whole(row);
                    _descriptors[row.VersionId] = known = (row.Revision, WorkflowUse.Descriptor(WorkflowDefinition.Read(whole.Json, whole.DefinitionId), whole));
                }

                list.Add(known.Descriptor with { IsBrowsable = row.IsPublished, ConstructionProperties = WorkflowUse.Reference(row, published) });
            }
        }

        return list;
    }

    /// <summary>The consumers as they are when pointed at a new version, in the order in which they depend on one another. One that may not be published then stays as it is, with a warning.</summary>
    private async Task<List<DefinitionRow>> RepointedAsync(DefinitionRow provider, string by, List<string> warnings, CancellationToken ct)
    {
        var (open, rows) = (Users(provider.DefinitionId).ToList(), new List<DefinitionRow>());
        var updated = new Dictionary<string, DefinitionRow>(StringComparer.Ordinal) { [provider.DefinitionId] = provider };
        while (open.Count > 0)
        {
            // First one that waits for no other; in a circle, any.
            var next = open.Find(id => !open.Any(other => other != id && WorkflowUse.In(Root(Versions(id)[0]), other, ActivityTypes(other), Registry).Any())) ?? open[0];
            open.Remove(next);
            var latest = Whole(Versions(next)[0]);
            var document = WorkflowDefinition.Read(latest.Json, next).Document;
            var pointed = 0;
            foreach (var (id, row) in updated)
                foreach (var activity in WorkflowUse.In(document["root"] as JsonObject, id, [.. ActivityTypes(id), .. row.ActivityType is { } type ? (string[])[type] : []], Registry))
                    pointed += WorkflowUse.Point(activity, row) ? 1 : 0;
            if (pointed == 0 || ActivityJson.IsTrue(document["isReadonly"]))
                continue;
            try
            {
                var ready = PreparedDefinition.From(document, null, $"'{next}'", Registry);
                if (latest.IsPublished)
                    CheckPublish(next, ready, $"'{next}'", updated.Values);
                var over = latest is { IsPublished: false, PublishedAt: null } ? latest : null;
                var row = ready.Row(next, over, over?.Version ?? await NextVersionAsync(next, document, ct), latest.IsPublished, by, Now);
                rows.Add(row);
                if (row.IsPublished)
                    updated[next] = row;
            }
            catch (DefinitionException e)
            {
                warnings.Add($"'{next}' uses '{provider.DefinitionId}' and was not pointed at its new version: {e.Message}");
            }
        }

        return rows;
    }

    /// <exception cref="DefinitionException">It may not be put in force; it names every complaint.</exception>
    private void CheckPublish(string definitionId, PreparedDefinition ready, string source, IEnumerable<DefinitionRow>? coming = null)
    {
        var others = _versions.Where(pair => pair.Key != definitionId).Select(pair => pair.Value.Find(row => row.IsPublished)).OfType<DefinitionRow>();
        var complaints = PublishCheck.Of(
            // Only those with an endpoint can stand in the way: the others need not be compiled for this.
            ready.Graph, others.Where(row => row.Json.Contains("Elsa.HttpEndpoint", StringComparison.Ordinal)).Select(Graph).OfType<WorkflowGraph>(), Lookup);
        if (complaints.Count > 0)
            throw new DefinitionException(source, complaints);

        // What becomes a version together with it counts as there, and so does the definition itself.
        WorkflowGraph? Lookup(DefinitionReference reference) => Find(reference)
            ?? (reference.TypeName is { } type && type == ready.ActivityType ? ready.Graph
                : (coming ?? []).FirstOrDefault(row => row.VersionId == reference.VersionId || (row.ActivityType is not null && row.ActivityType == reference.TypeName)) is { } row ? Graph(row) : null);
    }

    private bool KnowsType(string type, int? version) =>
        Registry.Find(type) is { } activity ? version is null || version == activity.Descriptor.Version : _versions.Values.Any(rows => rows.Any(row => row.ActivityType == type && (version is null || row.Version == version)));

    private HashSet<string> ActivityTypes(string definitionId) => Versions(definitionId).Select(row => row.ActivityType).OfType<string>().ToHashSet(StringComparer.Ordinal);

    private JsonObject? Root(DefinitionRow row) => Graph(row)?.Definition.Root;
}
