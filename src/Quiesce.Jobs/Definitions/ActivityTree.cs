using System.Text.Json.Nodes;

namespace Quiesce.Jobs.Definitions;

/// <summary>The activities of a document by their shape, without asking what their types are: an object with a type and an id.</summary>
internal static class ActivityTree
{
    /// <summary>Every activity, parents first. The path is the ids from the root's child down, joined with colons; the root's own is its id.</summary>
    public static List<(string Path, JsonObject Json)> Of(JsonObject? root)
    {
        var found = new List<(string, JsonObject)>();
        if (root is not null)
            Add(root, root.Id(), null, found);
        return found;
    }

    /// <summary>Whether a node is an activity rather than an input, a variable or plain data.</summary>
    public static bool IsActivity(JsonNode? node) =>
        node is JsonObject json && ActivityJson.Text(json["type"]) is { Length: > 0 } && ActivityJson.Text(json["id"]) is { Length: > 0 } && !json.ContainsKey("expression") && !json.ContainsKey("typeName");

    /// <summary>A member's value with the activities in it replaced by their ids.</summary>
    public static JsonNode? Shallow(JsonNode? value) => value switch
    {
        JsonObject json when IsActivity(json) => JsonValue.Create(json.Id()),
        JsonArray list when list.Any(Holds) => new JsonArray([.. list.Select(item => item is JsonObject entry && !IsActivity(entry) ? Entry(entry) : Shallow(item) is { Parent: null } own ? own : item?.DeepClone())]),
        _ => value,
    };

    /// <summary>The activities that a member holds directly: one, a list of them, or a list of entries with one each.</summary>
    public static IEnumerable<JsonObject> Children(JsonNode? value) => value switch
    {
        JsonObject json when IsActivity(json) => [json],
        JsonArray list => list.OfType<JsonObject>().SelectMany(item => IsActivity(item) ? [item] : item.Select(member => member.Value).Where(IsActivity).Cast<JsonObject>()),
        _ => [],
    };

    private static bool Holds(JsonNode? item) => IsActivity(item) || (item is JsonObject entry && entry.Any(member => IsActivity(member.Value)));

    private static JsonObject Entry(JsonObject entry)
    {
        var copy = new JsonObject();
        foreach (var (name, value) in entry)
            copy[name] = IsActivity(value) ? JsonValue.Create(value!.AsObject().Id()) : value?.DeepClone();
        return copy;
    }

    private static void Add(JsonObject activity, string path, string? below, List<(string, JsonObject)> found)
    {
        found.Add((path, activity));
        foreach (var (_, value) in activity)
            foreach (var child in Children(value))
            {
                var chain = below is null && child.Id() != path ? child.Id() : $"{below ?? path}:{child.Id()}";
                Add(child, chain, chain, found);
            }
    }
}
