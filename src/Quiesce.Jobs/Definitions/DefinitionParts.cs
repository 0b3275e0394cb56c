using System.Text.Json.Nodes;

namespace Quiesce.Jobs.Definitions;

/// <summary>What kind of place a part is.</summary>
internal enum PartKind
{
    Document,
    Variable,
    Input,
    Output,
    Option,
    Property,
    Activity,
    Member,
    Layout,
    Connection,
}

/// <summary>A piece of a document that can change by itself.</summary>
/// <param name="Owner">The activity that it belongs to, or null.</param>
/// <param name="Name">The member, variable or connection.</param>
internal sealed record DefinitionPart(PartKind Kind, string Path, JsonObject? Owner, string Name, JsonNode? Value)
{
    public bool Equal(DefinitionPart? other) => other is not null && JsonNode.DeepEquals(Value, other.Value);
}

/// <summary>A document taken apart, so that two can be compared whatever their order.</summary>
internal static class DefinitionParts
{
    private static readonly string[] Ignored = ["$schema", "id", "definitionId", "version", "createdAt", "isLatest", "isPublished", "links", "root", "tenantId", "toolVersion"];

    /// <summary>The parts by path, in the order of the document.</summary>
    public static OrderedDictionary<string, DefinitionPart> Of(JsonObject document)
    {
        var parts = new OrderedDictionary<string, DefinitionPart>(StringComparer.Ordinal);
        void Add(PartKind kind, string path, JsonObject? owner, string name, JsonNode? value)
        {
            // What says nothing is the same as what is not there.
            if (value is not null && !(kind != PartKind.Member && DefinitionDocument.SaysNothing(value)))
                parts.TryAdd(path, new DefinitionPart(kind, path, owner, name, value));
        }

        foreach (var (name, value) in document)
            switch (name)
            {
                case "variables" or "inputs" or "outputs" when value is JsonArray list:
                    var kind = name switch { "variables" => PartKind.Variable, "inputs" => PartKind.Input, _ => PartKind.Output };
                    foreach (var item in list.OfType<JsonObject>())
                        Add(kind, $"{name}/{ActivityJson.Text(item["id"]) ?? ActivityJson.Text(item["name"])}", null, ActivityJson.Text(item["name"]) ?? "", WithoutNulls(item));
                    break;
                case "options" or "customProperties" when value is JsonObject json:
                    foreach (var (option, setting) in json)
                        if (option != DefinitionDocument.RevisionMember)
                            Add(name == "options" ? PartKind.Option : PartKind.Property, $"{name}/{option}", null, option, setting);
                    break;
                default:
                    if (!Ignored.Contains(name))
                        Add(PartKind.Document, name, null, name, value);
                    break;
            }

        foreach (var (path, activity) in ActivityTree.Of(document["root"] as JsonObject))
            AddActivity(Add, path, activity);
        return parts;
    }

    private static void AddActivity(Action<PartKind, string, JsonObject?, string, JsonNode?> add, string path, JsonObject activity)
    {
        var place = $"activities/{path}";
        var isFlowchart = activity.Type() == "Elsa.Flowchart";
        add(PartKind.Activity, place, activity, "type", activity["type"]);
        foreach (var (name, value) in activity)
            switch (name)
            {
                case "type" or "id" or "nodeId":
                case "activities" when isFlowchart:
                    break;
                case "connections" when isFlowchart && value is JsonArray lines:
                    foreach (var line in lines.OfType<JsonObject>())
                        add(PartKind.Connection, $"connections/{path}/{FlowchartOrder.Connection(line)}", activity, FlowchartOrder.Connection(line), line);
                    break;
                case "metadata" when value is JsonObject metadata:
                    foreach (var (key, setting) in metadata)
                        add(key == "designer" ? PartKind.Layout : PartKind.Member, $"{place}/metadata/{key}", activity, key, setting);
                    break;
                case "customProperties" when value is JsonObject properties:
                    foreach (var (key, setting) in properties)
                        add(PartKind.Member, $"{place}/customProperties/{key}", activity, key, setting);
                    break;
                default:
                    add(PartKind.Member, $"{place}/{name}", activity, name, ActivityTree.Shallow(value));
                    break;
            }
    }

    private static JsonObject WithoutNulls(JsonObject json)
    {
        var copy = new JsonObject();
        foreach (var (name, value) in json)
            if (value is not null)
                copy[name] = value.DeepClone();
        return copy;
    }
}
