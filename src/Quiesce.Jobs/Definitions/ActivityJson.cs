using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiesce.Jobs.Definitions;

/// <summary>Reads the parts of an activity's document that a check needs, leniently: whatever is not there or has another shape reads as null.</summary>
internal static class ActivityJson
{
    public static string Type(this JsonObject activity) => Text(activity["type"]) ?? "";

    public static string Id(this JsonObject activity) => Text(activity["id"]) ?? activity.Type();

    public static JsonObject? Child(this JsonObject activity, string member) => activity[member] as JsonObject;

    public static IEnumerable<JsonObject> Children(this JsonObject activity, string member) => activity[member] switch
    {
        JsonArray list => list.OfType<JsonObject>(),
        // Older documents wrap a list of one, or carry the envelope of a serializer.
        JsonObject { } wrapped when wrapped["items"] is JsonArray list => list.OfType<JsonObject>(),
        _ => [],
    };

    public static bool CanStart(this JsonObject activity) =>
        IsTrue(activity.Child("customProperties")?["canStartWorkflow"]) || IsTrue(activity["canStartWorkflow"]);

    /// <summary>The value of an input where it is written in the document; <paramref name="computed"/> where an expression computes it.</summary>
    public static JsonNode? Literal(this JsonObject activity, string input, out bool computed)
    {
        computed = false;
        if (activity[input] is not JsonObject wrapped)
            return activity[input];
        if (wrapped["expression"] is not JsonObject expression)
            return null;
        computed = Text(expression["type"]) is not (null or "Literal" or "Object" or "Json");
        return expression["value"];
    }

    /// <summary>A list of texts that is written in the document, as an array or as the text of one; null where it is computed.</summary>
    public static IReadOnlyList<string>? Texts(this JsonObject activity, string input)
    {
        var value = activity.Literal(input, out var computed);
        if (computed)
            return null;
        if (Text(value) is { } text)
            try
            {
                value = JsonNode.Parse(text);
            }
            catch (JsonException)
            {
                return [text];
            }

        return value is JsonArray list ? [.. list.Select(Text).OfType<string>()] : [];
    }

    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool IsFalse(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && !flag;

    public static bool IsTrue(JsonNode? node) =>
        node is JsonValue value && ((value.TryGetValue<bool>(out var flag) && flag) || (value.TryGetValue<string>(out var text) && bool.TryParse(text, out flag) && flag));
}
