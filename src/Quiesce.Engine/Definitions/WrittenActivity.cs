using System.Text.Json.Nodes;
using Quiesce.Engine.Activities;

namespace Quiesce.Engine;

/// <summary>The activities of a graph as JSON: everything that was there, with the members that Elsa computes computed anew.</summary>
internal static class WrittenActivity
{
    private static readonly string[] Last = ["id", "nodeId", "name", "type", "version", "customProperties", "applicationProperties", "metadata"];
    private static readonly string[] Flags = ["canStartWorkflow", "runAsynchronously"];

    public static JsonObject Write(WorkflowGraph graph) => Write(graph.Workflow.Child("root")!);

    private static JsonObject Write(ActivityNode node)
    {
        var source = node.Json;
        var json = new JsonObject();
        foreach (var (name, value) in source)
            if (!Last.Contains(name) && !Flags.Contains(name) && !(name == "start" && node.Activity is Flowchart))
                json[name] = Member(node, name, value);
        json["id"] = node.Id;
        json["nodeId"] = node.NodeId;
        json["name"] = source["name"]?.DeepClone();
        json["type"] = source["type"]?.DeepClone();
        json["version"] = source["version"]?.DeepClone() ?? node.Version;
        json["customProperties"] = Properties(source);
        json["metadata"] = source["metadata"]?.DeepClone() ?? new JsonObject();
        return json;
    }

    private static JsonNode? Member(ActivityNode node, string name, JsonNode? value)
    {
        var held = Array.FindAll(node.Children, c => string.Equals(ActivityNames.Member(c.Port.Split('.')[0]), name, StringComparison.OrdinalIgnoreCase));
        if (held.Length > 0)
            return Json.List(value) is { } items ? Children(held, items) : Write(held[0].Nodes[0]!);
        if (node.Activity is Flowchart && name == "connections")
            return Connections(value);
        if (value is JsonValue or JsonArray)
            foreach (var input in node.Descriptor.Inputs)
                if (input.IsWrapped && ActivityNames.Member(input.Name) == name)
                    return Literal(input, value);
        return value?.DeepClone();
    }

    // A list of activities, or of entries that hold activities in one or more of their members.
    private static JsonArray Children((string Port, ActivityNode?[] Nodes)[] held, JsonArray items)
    {
        var written = new JsonArray();
        for (var i = 0; i < items.Count; i++)
        {
            if (held is [{ Port: var only, Nodes: var nodes }] && !only.Contains('.', StringComparison.Ordinal) && nodes[i] is { } child)
                written.Add(Write(child));
            else
                written.Add(items[i] is JsonObject entry ? Entry(held, entry, i) : items[i]?.DeepClone());
        }

        return written;
    }

    private static JsonObject Entry((string Port, ActivityNode?[] Nodes)[] held, JsonObject entry, int index)
    {
        var written = new JsonObject();
        foreach (var (name, value) in entry)
        {
            var nested = Array.Find(held, c => c.Port.Split('.') is [_, var member] && string.Equals(member, name, StringComparison.OrdinalIgnoreCase));
            written[name] = nested.Nodes?[index] is { } child ? Write(child) : value?.DeepClone();
        }

        return written;
    }

    // A bare scalar is short for a literal; the long form is what every reader understands.
    private static JsonObject Literal(InputDescriptor input, JsonNode value) => new()
    {
        ["typeName"] = input.TypeName,
        ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value.DeepClone() },
    };

    private static JsonArray Connections(JsonNode? value)
    {
        var items = Json.List(value) ?? (value is JsonObject single ? [single.DeepClone()] : []);
        var written = new JsonArray();
        foreach (var item in items)
            written.Add(item is JsonObject flat && flat.Find("source") is JsonValue ? Nested(flat) : item?.DeepClone());
        return written;
    }

    private static JsonObject Nested(JsonObject flat) => new()
    {
        ["source"] = new JsonObject { ["activity"] = flat.Text("source"), ["port"] = flat.Text("sourcePort") },
        ["target"] = new JsonObject { ["activity"] = flat.Text("target"), ["port"] = flat.Text("targetPort") },
        ["vertices"] = flat.Find("vertices")?.DeepClone() ?? new JsonArray(),
    };

    private static JsonObject Properties(JsonObject source)
    {
        var given = source["customProperties"] as JsonObject ?? source["applicationProperties"] as JsonObject ?? [];
        var written = new JsonObject();
        foreach (var (name, value) in given)
            if (!Flags.Contains(name, StringComparer.OrdinalIgnoreCase))
                written[name] = value?.DeepClone();
        foreach (var flag in Flags)
            written[flag] = given.Flag(flag) ?? source.Flag(flag) ?? false;
        return written;
    }
}
