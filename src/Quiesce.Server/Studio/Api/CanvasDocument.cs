using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Server.Studio;

/// <summary>
/// A definition as the designer can draw it: every activity has id, node id and a numeric version, and no collection is null. One missing node id or one null list
/// and Studio shows an empty canvas, or none.
/// </summary>
internal static class CanvasDocument
{
    private static readonly string[] Lists = ["variables", "inputs", "outputs", "outcomes"];
    private static readonly string[] Objects = ["customProperties", "options"];

    /// <summary>The whole document, without links; new and the caller's own.</summary>
    /// <param name="graph">The version compiled. Null: it does not compile here and can only be looked at, since ids are made up where it has none or has one twice.</param>
    public static JsonObject Of(DefinitionRow row, WorkflowGraph? graph)
    {
        var definition = graph?.Definition ?? WorkflowDefinition.Read(row.Json, row.DefinitionId);
        var document = graph?.ToDocument() ?? definition.Document.DeepClone().AsObject();
        if (graph is null)
            document["root"] = definition.Root.DeepClone();
        document.Remove("$schema");
        document.Remove("links");
        (document["id"], document["definitionId"], document["version"]) = (row.VersionId, row.DefinitionId, row.Version);
        (document["isLatest"], document["isPublished"]) = (row.IsLatest, row.IsPublished);
        document["name"] = definition.Name ?? row.Name ?? row.DefinitionId;
        document["isReadonly"] = definition.IsReadonly;
        document["createdAt"] = StudioJson.Time(row.CreatedAt);
        document["toolVersion"] = ToolVersion(definition.ToolVersion);
        (document["materializerName"], document["isMaterializerAvailable"]) = ("Json", true);
        foreach (var name in Lists)
            document[name] = document[name] is JsonArray list ? list.DeepClone() : new JsonArray();
        foreach (var name in Objects)
            document[name] = document[name] is JsonObject given ? given.DeepClone() : new JsonObject();
        var root = document["root"]!.AsObject();
        if (graph is null)
            new Numbering().Name(root, "Workflow1");
        Complete(root);
        return document;
    }

    /// <summary>Studio reads it as a .NET version and fails on anything else.</summary>
    public static string? ToolVersion(string? text) => Version.TryParse(text, out _) ? text : null;

    /// <summary>Gives every activity of a tree what Studio does not do without.</summary>
    public static void Complete(JsonObject root)
    {
        foreach (var activity in ActivityTree.Of(root))
            CompleteOne(activity);
    }

    private static void CompleteOne(JsonObject activity)
    {
        activity["version"] = ActivityTree.Version(activity);
        foreach (var name in (string[])["customProperties", "metadata"])
            if (activity[name] is not JsonObject)
                activity[name] = new JsonObject();
        switch (activity.Text("type"))
        {
            case "Elsa.Flowchart":
                Listed(activity, "activities");
                Listed(activity, "connections");
                break;
            case "Elsa.Sequence" or "Elsa.Parallel":
                Listed(activity, "activities");
                break;
            case "Elsa.StateMachine":
                Listed(activity, "states");
                Listed(activity, "transitions");
                break;
        }
    }

    private static void Listed(JsonObject activity, string member) => activity[member] = activity[member] switch
    {
        JsonArray list => list.DeepClone(),
        JsonObject envelope when envelope["items"] is JsonArray items => items.DeepClone(),
        _ => new JsonArray(),
    };

    /// <summary>Ids for a document that this program cannot compile.</summary>
    private sealed class Numbering
    {
        private readonly HashSet<string> _used = new(StringComparer.Ordinal);
        private int _next;

        public void Name(JsonObject activity, string parent)
        {
            var nodeId = parent + ":" + (activity.Text("id") is { Length: > 0 } id ? id : $"unnamed{++_next}");
            while (!_used.Add(nodeId))
                nodeId += "'";
            (activity["id"], activity["nodeId"]) = (nodeId[(parent.Length + 1)..], nodeId);
            foreach (var child in ActivityTree.Children(activity))
                Name(child, nodeId);
        }
    }
}
