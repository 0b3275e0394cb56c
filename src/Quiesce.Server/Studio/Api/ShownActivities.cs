using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Jobs.Definitions;

namespace Quiesce.Server.Studio;

/// <summary>
/// Every (type, version) of an activity, and every kind of expression, that some stored definition contains: what Studio needs a descriptor for, lest it draw an
/// empty canvas and save that. Only ever grows; a descriptor too many does no harm.
/// </summary>
internal sealed class ShownActivities : IDisposable
{
    private readonly DefinitionCatalog _definitions;
    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _changed = new();
    private readonly Lazy<bool> _first;
    private ImmutableHashSet<(string Type, int Version)> _types = [];
    private ImmutableHashSet<string> _expressions = [];

    public ShownActivities(DefinitionCatalog definitions)
    {
        _definitions = definitions;
        _definitions.Changed += _changed.Enqueue;
        _first = new Lazy<bool>(() => Look(new DefinitionQuery { Version = null }));
    }

    public void Dispose() => _definitions.Changed -= _changed.Enqueue;

    /// <summary>Those of all stored versions, and of everything that was ever handed out.</summary>
    public ImmutableHashSet<(string Type, int Version)> Types
    {
        get
        {
            Rescan();
            return _types;
        }
    }

    /// <summary>The expression types in use.</summary>
    public ImmutableHashSet<string> Expressions
    {
        get
        {
            Rescan();
            return _expressions;
        }
    }

    /// <summary>Remembers what a document contains that is about to be shown: Studio asks for the descriptors after it.</summary>
    public void Note(JsonObject document)
    {
        if (document["root"] is not JsonObject root)
            return;
        var types = new HashSet<(string, int)>();
        var expressions = new HashSet<string>(StringComparer.Ordinal);
        foreach (var activity in ActivityTree.Of(root))
        {
            types.Add((activity.Text("type") ?? "", ActivityTree.Version(activity)));
            Collect(activity, expressions);
        }

        ImmutableInterlocked.Update(ref _types, static (all, more) => all.Union(more), types);
        ImmutableInterlocked.Update(ref _expressions, static (all, more) => all.Union(more), expressions);
    }

    /// <summary>All versions once, then only those of definitions that changed: older versions have to be read from the database.</summary>
    private void Rescan()
    {
        _ = _first.Value;
        while (_changed.TryDequeue(out var definitionId))
            Look(new DefinitionQuery { DefinitionIds = [definitionId] });
    }

    private bool Look(DefinitionQuery query)
    {
        foreach (var row in _definitions.Query(query).Items)
        {
            if (_seen.TryGetValue(row.VersionId, out var revision) && revision == row.Revision)
                continue;
            try
            {
                // Through the reader: it puts back activities that another host has wrapped.
                Note(new JsonObject { ["root"] = WorkflowDefinition.Read(row.Json, row.DefinitionId).Root.DeepClone() });
            }
            catch (Exception e) when (e is DefinitionException or JsonException)
            {
                // What cannot be read is not shown either.
            }

            _seen[row.VersionId] = row.Revision;
        }

        return true;
    }

    /// <summary>Expressions stand in members of the activity, and deeper in lists of cases; the activities below collect their own.</summary>
    private static void Collect(JsonNode? node, HashSet<string> expressions)
    {
        switch (node)
        {
            case JsonObject json:
                foreach (var (name, value) in json)
                {
                    if (value is JsonObject inner && name is "expression" or "condition" && inner!.Text("type") is { Length: > 0 } type)
                        expressions.Add(type);
                    if (value is JsonArray or JsonObject && !(value is JsonObject child && ActivityTree.IsActivity(child)))
                        Collect(value, expressions);
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                    if (item is not JsonObject child || !ActivityTree.IsActivity(child))
                        Collect(item, expressions);
                break;
        }
    }
}
