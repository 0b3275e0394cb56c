using System.Text.Json.Nodes;
using Quiesce.Engine.Activities;

namespace Quiesce.Engine;

/// <summary>The activities of a graph as JSON: everything that was there, with the members that Elsa computes computed anew.</summary>
internal static class WrittenActivity
{
    private static readonly string[] Flags = ["canStartWorkflow", "runAsynchronously"];

    public static JsonObject Write(WorkflowGraph graph) => Write(graph.Workflow.Child("root")!);

    private static JsonObject Write(ActivityNode node)
    {
        var json = (JsonObject)node.Json.DeepClone();
        foreach (var (port, children) in node.Children)
            foreach (var child in children)
                if (child is not null)
                    Replace(json, port, child);
        foreach (var binding in node.Inputs)
            WriteInput(json, binding);
        if (node.Activity is Flowchart)
            WriteConnections(json, node);
        WriteFlags(json);
        json["id"] = node.Id;
        json["nodeId"] = node.NodeId;
        json["version"] = node.Json["version"] is null ? node.Version : json["version"]?.DeepClone();
        return Ordered(json);
    }

    private static void Replace(JsonObject json, string port, ActivityNode child)
    {
        var path = port.Split('.');
        var name = json.Select(p => p.Key).First(k => string.Equals(k, ActivityNames.Member(path[0]), StringComparison.OrdinalIgnoreCase));
        if (json[name] is JsonObject && Json.List(json[name]) is null)
        {
            json[name] = Write(child);
            return;
        }

        if (json[name] is JsonObject envelope)
            json[name] = Json.List(envelope)!.DeepClone();
        var list = json[name]!.AsArray();
        if (path.Length == 1)
            list[child.Position] = Write(child);
        else
            list[child.Position]!.AsObject()[path[1]] = Write(child);
    }

    // A bare scalar is short for a literal; the long form is what every reader understands.
    private static void WriteInput(JsonObject json, InputBinding binding)
    {
        if (!binding.Descriptor.IsWrapped)
            return;
        var name = ActivityNames.Member(binding.Descriptor.Name);
        if (json.TryGetPropertyValue(name, out var value) && value is JsonValue or JsonArray)
            json[name] = new JsonObject
            {
                ["typeName"] = binding.Descriptor.TypeName,
                ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value.DeepClone() },
            };
    }

    private static void WriteConnections(JsonObject json, ActivityNode node)
    {
        json.Remove("start");
        var items = Json.List(json.Find("connections")) ?? (json.Find("connections") is JsonObject single ? [single.DeepClone()] : null);
        if (items is null)
            return;
        var written = new JsonArray();
        foreach (var item in items.OfType<JsonObject>())
            written.Add(item.Find("source") is JsonValue ? Nested(item) : item.DeepClone());
        json["connections"] = written;
    }

    private static JsonObject Nested(JsonObject flat) => new()
    {
        ["source"] = new JsonObject { ["activity"] = flat.Text("source"), ["port"] = flat.Text("sourcePort") },
        ["target"] = new JsonObject { ["activity"] = flat.Text("target"), ["port"] = flat.Text("targetPort") },
        ["vertices"] = flat.Find("vertices")?.DeepClone() ?? new JsonArray(),
    };

    private static void WriteFlags(JsonObject json)
    {
        if (json["applicationProperties"] is JsonObject old && json["customProperties"] is null)
        {
            json.Remove("applicationProperties");
            json["customProperties"] = old;
        }

        var properties = json["customProperties"] as JsonObject;
        if (properties is null)
            json["customProperties"] = properties = [];
        foreach (var flag in Flags)
        {
            var value = properties.Flag(flag) ?? json.Flag(flag) ?? false;
            properties.Remove(char.ToUpperInvariant(flag[0]) + flag[1..]);
            properties[flag] = value;
            json.Remove(flag);
        }

        json["metadata"] ??= new JsonObject();
    }

    private static JsonObject Ordered(JsonObject json)
    {
        string[] last = ["id", "nodeId", "name", "type", "version", "customProperties", "metadata"];
        var written = new JsonObject();
        foreach (var (name, value) in json)
            if (!last.Contains(name))
                written[name] = value?.DeepClone();
        foreach (var name in last)
            written[name] = json[name]?.DeepClone();
        return written;
    }
}
