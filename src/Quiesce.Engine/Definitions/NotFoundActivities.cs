using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>
/// A host that does not know an activity type saves it as <c>Elsa.NotFoundActivity</c> with the original inside. Here the original is put back,
/// so that the type runs where it is known and is written back verbatim where it is not.
/// </summary>
internal static class NotFoundActivities
{
    private const string TypeName = "Elsa.NotFoundActivity";

    /// <summary>The tree with every original put back; the same object when there is nothing to do.</summary>
    public static JsonObject? Restore(JsonObject? root) =>
        root is null || !Mentions(root) ? root : (JsonObject)Restored(root.DeepClone())!;

    private static bool Mentions(JsonNode? node) => node switch
    {
        JsonObject json => (json.TryGetPropertyValue("type", out var type) && Json.AsText(type) == TypeName) || json.Any(p => Mentions(p.Value)),
        JsonArray array => array.Any(Mentions),
        _ => false,
    };

    private static JsonNode? Restored(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray array:
                for (var i = 0; i < array.Count; i++)
                    if (Restored(array[i]) is var item && !ReferenceEquals(item, array[i]))
                        array[i] = item;
                return array;
            case JsonObject json:
                if (json.TryGetPropertyValue("type", out var type) && Json.AsText(type) == TypeName && Original(json) is { } original)
                    return Restored(original);
                foreach (var name in json.Select(p => p.Key).ToList())
                    if (Restored(json[name]) is var value && !ReferenceEquals(value, json[name]))
                        json[name] = value;
                UnparkConnections(json);
                return json;
            default:
                return node;
        }
    }

    private static JsonObject? Original(JsonObject json)
    {
        if (json.Text("originalActivityJson") is not { } text || Values.TryParse(text) is not JsonObject original || original.Text("type") is null or TypeName)
            return null;
        // The designer may have moved the placeholder: its place counts.
        if (json.Find("metadata") is JsonObject metadata && original.Find("metadata") is null)
            original["metadata"] = metadata.DeepClone();
        return original;
    }

    private static void UnparkConnections(JsonObject json)
    {
        if (json.Find("customProperties") is not JsonObject properties
            || Json.List(properties.Find("notFoundConnections")) is not { Count: > 0 } parked
            || json.Find("connections") is not JsonArray connections)
            return;
        foreach (var connection in parked)
            if (!connections.Any(c => JsonNode.DeepEquals(c, connection)))
                connections.Add(connection?.DeepClone());
        properties["notFoundConnections"] = new JsonArray();
    }
}
