using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Reads members with the leniencies of the document format.</summary>
internal static class Json
{
    private static readonly string[] Envelopes = ["items", "values", "_items", "$values"];

    /// <summary>A member by its camel-case name, or by any casing of it.</summary>
    public static JsonNode? Find(this JsonObject json, string name)
    {
        if (json.TryGetPropertyValue(name, out var exact))
            return exact;
        foreach (var (key, value) in json)
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
                return value;
        return null;
    }

    /// <summary>True when the member is there, be it null.</summary>
    public static bool Has(this JsonObject json, string name)
    {
        if (json.ContainsKey(name))
            return true;
        foreach (var (key, _) in json)
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    public static string? Text(this JsonObject json, string name) => AsText(json.Find(name));

    public static string? AsText(JsonNode? node) => node switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value => value.ToJsonString(),
        _ => null,
    };

    public static bool? Flag(this JsonObject json, string name) => json.Find(name) is JsonValue value
        ? value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when bool.TryParse(value.GetValue<string>(), out var parsed) => parsed,
            _ => null,
        }
        : null;

    /// <summary>An integer from a number or a text; null when absent.</summary>
    /// <exception cref="FormatException">It is there and is not a 32-bit integer.</exception>
    public static int? Integer(this JsonObject json, string name)
    {
        var node = json.Find(name);
        if (node is null)
            return null;
        if (int.TryParse(AsText(node), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            return number;
        throw new FormatException($"'{name}' must be a whole number between {int.MinValue} and {int.MaxValue}.");
    }

    /// <summary>An array, also inside a state envelope; null for anything else.</summary>
    public static JsonArray? List(JsonNode? node)
    {
        if (node is JsonArray array)
            return array;
        if (node is JsonObject envelope)
            foreach (var name in Envelopes)
                if (envelope.TryGetPropertyValue(name, out var inner) && inner is JsonArray items)
                    return items;
        return null;
    }

    /// <summary>A member that is a list, also inside a state envelope; empty when it is absent or null.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static JsonArray ListOf(this JsonObject json, string name)
    {
        var node = json.Find(name);
        return List(node) ?? (node is null ? [] : throw new FormatException($"\"{name}\" must be a list, such as [ ]."));
    }

    /// <summary>Takes a value out of the envelopes that the state serializer puts around it.</summary>
    public static JsonNode? Unwrap(JsonNode? node) =>
        node is JsonObject json && json.ContainsKey("_type") ? (JsonNode?)List(json) ?? Island(json) ?? WithoutType(json) : node;

    private static JsonNode? Island(JsonObject json) => json.TryGetPropertyValue("_island", out var island) && AsText(island) is { } text ? Values.TryParse(text) : null;

    private static JsonObject WithoutType(JsonObject json)
    {
        var copy = (JsonObject)json.DeepClone();
        copy.Remove("_type");
        return copy;
    }
}
