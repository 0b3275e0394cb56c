using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Tests.Definitions;

/// <summary>Definitions for tests, written as a person would say them: "freeze thaw" is a sequence, "a:Done>b" a connection.</summary>
internal static class Flow
{
    public static JsonObject Activity(string id, string type, JsonObject? more = null)
    {
        var activity = more?.DeepClone().AsObject() ?? [];
        (activity["id"], activity["type"]) = (id, type);
        return activity;
    }

    public static JsonObject Freeze(string id = "freeze") => Activity(id, "Quiesce.FreezeGuest");

    public static JsonObject Thaw(string id = "thaw") => Activity(id, "Quiesce.ThawGuest");

    public static JsonObject Say(string id) => Activity(id, "Elsa.WriteLine");

    public static JsonObject Sequence(string id, params JsonObject[] activities) => Activity(id, "Elsa.Sequence", new JsonObject { ["activities"] = new JsonArray([.. activities]) });

    /// <param name="lines">Each "source:port>target".</param>
    public static JsonObject Flowchart(string id, JsonObject[] activities, params string[] lines) => Activity(id, "Elsa.Flowchart", new JsonObject
    {
        ["activities"] = new JsonArray([.. activities]),
        ["connections"] = new JsonArray([.. lines.Select(Connection)]),
    });

    public static string Document(JsonObject root, string definitionId = "drawn", string name = "Drawn", bool? published = true)
    {
        var document = new JsonObject { ["definitionId"] = definitionId, ["name"] = name, ["root"] = root.DeepClone() };
        if (published is { } flag)
            document["isPublished"] = flag;
        return document.ToJsonString();
    }

    public static WorkflowDefinition Definition(JsonObject root) => WorkflowDefinition.Read(Document(root), "drawn.json");

    private static JsonObject Connection(string line)
    {
        var (colon, arrow) = (line.IndexOf(':', StringComparison.Ordinal), line.IndexOf('>', StringComparison.Ordinal));
        return new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = line[..colon], ["port"] = line[(colon + 1)..arrow] },
            ["target"] = new JsonObject { ["activity"] = line[(arrow + 1)..], ["port"] = "In" },
        };
    }
}
