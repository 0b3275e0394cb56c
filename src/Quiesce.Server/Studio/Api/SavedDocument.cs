using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Server.Studio;

/// <summary>
/// The document that a save from Studio stands for. Studio sends a fixed list of members; what it does not know, it drops, and so the rest comes from the version that it had.
/// </summary>
internal static class SavedDocument
{
    private static readonly string[] Known =
        ["activationStrategyType", "usableAsActivity", "autoUpdateConsumingWorkflows", "activityCategory", "incidentStrategyType", "commitStrategyName"];

    /// <summary>The whole document.</summary>
    /// <param name="before">The version that was opened; null for a new definition.</param>
    public static JsonObject Of(JsonObject model, JsonObject? before, string definitionId)
    {
        var document = before?.DeepClone().AsObject() ?? [];
        document.Remove("links");
        document["definitionId"] = definitionId;
        foreach (var name in (string[])["name", "description"])
            if (model.Text(name)?.Trim() is { Length: > 0 } text)
                document[name] = text;
            else
                document.Remove(name);
        foreach (var name in (string[])["variables", "inputs", "outputs", "outcomes", "customProperties"])
            Take(document, model, name);
        // Studio gets null for what it could not read as a version, and sends that back.
        if (model.Text("toolVersion") is not null)
            Take(document, model, "toolVersion");
        if (model["options"] is JsonObject options)
            document["options"] = Options(options, document["options"] as JsonObject);
        Take(document, model, "root");
        if (document["root"] is not JsonObject)
            document["root"] = new JsonObject { ["type"] = "Elsa.Flowchart", ["version"] = 1, ["id"] = "flow", ["name"] = "Flowchart1", ["activities"] = new JsonArray(), ["connections"] = new JsonArray() };
        return document;
    }

    /// <summary>The document as a version holds it.</summary>
    public static JsonObject Parse(string json) => WorkflowDefinition.Read(json, "the version that was opened").Document;

    private static void Take(JsonObject document, JsonObject model, string name)
    {
        if (model[name] is { } given)
            document[name] = given.DeepClone();
    }

    private static JsonObject Options(JsonObject given, JsonObject? before)
    {
        var options = given.DeepClone().AsObject();
        foreach (var (name, value) in before ?? [])
            if (!Known.Contains(name) && !options.ContainsKey(name))
                options[name] = value?.DeepClone();
        return options;
    }
}
