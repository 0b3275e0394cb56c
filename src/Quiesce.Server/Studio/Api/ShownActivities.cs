using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Jobs.Definitions;
using Quiesce.Storage;

namespace Quiesce.Server.Studio;

/// <summary>
/// Every (type, version) of an activity, and every kind of expression, that some stored definition contains: what Studio needs a descriptor for, lest it draw an
/// empty canvas and save that. Only ever grows; a descriptor too many does no harm.
/// </summary>
internal sealed class ShownActivities(DefinitionCatalog definitions)
{
    private readonly ConditionalWeakTable<DefinitionRow, object> _seen = [];
    private ImmutableHashSet<(string Type, int Version)> _types = [];
    private ImmutableHashSet<string> _expressions = [];

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

    private void Rescan()
    {
        foreach (var row in definitions.Query(new DefinitionQuery { Version = null }).Items)
        {
            if (_seen.TryGetValue(row, out _))
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

            _seen.AddOrUpdate(row, row);
        }
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
