using System.Globalization;
using System.Text.Json.Nodes;

namespace Quiesce.Server.Studio;

/// <summary>Finds the activities in a document without knowing their types, as Studio's own walk does.</summary>
internal static class ActivityTree
{
    /// <summary>The activity and everything below it, parents first.</summary>
    public static IEnumerable<JsonObject> Of(JsonObject root)
    {
        var open = new Stack<JsonObject>([root]);
        while (open.TryPop(out var activity))
        {
            yield return activity;
            foreach (var child in Children(activity).Reverse())
                open.Push(child);
        }
    }

    /// <summary>The activities that hang directly on this one, by whatever member.</summary>
    public static IEnumerable<JsonObject> Children(JsonObject activity) => activity.Where(member => member.Key is not ("customProperties" or "metadata")).SelectMany(member => Below(member.Value));

    /// <summary>The version that Studio looks a descriptor up by; 1 where the document gives none.</summary>
    public static int Version(JsonObject activity) => activity["version"] switch
    {
        JsonValue value when value.TryGetValue<int>(out var number) => number,
        JsonValue value when value.TryGetValue<string>(out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var number) => number,
        _ => 1,
    };

    /// <summary>Whether an object is an activity: it has a type, and something that an expression or a type name does not have.</summary>
    public static bool IsActivity(JsonObject json) =>
        json.Text("type") is { Length: > 0 } && (json.ContainsKey("id") || json.ContainsKey("nodeId") || json.ContainsKey("version") || json.ContainsKey("metadata") || json.ContainsKey("customProperties"));

    private static IEnumerable<JsonObject> Below(JsonNode? node) => node switch
    {
        JsonObject json when IsActivity(json) => [json],
        JsonObject json => json.SelectMany(member => Below(member.Value)),
        JsonArray list => list.SelectMany(Below),
        _ => [],
    };
}
