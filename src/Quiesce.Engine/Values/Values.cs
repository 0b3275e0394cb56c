using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Plain .NET values to JSON and back, and to text.</summary>
internal static class Values
{
    private const int MaxDepth = 100;

    /// <summary>JSON to plain values: numbers become int, long or double, objects dictionaries, arrays lists.</summary>
    public static object? FromJson(JsonNode? node)
    {
        switch (node)
        {
            case null:
                return null;
            case JsonObject source:
                var map = new Dictionary<string, object?>(source.Count, StringComparer.Ordinal);
                foreach (var (name, value) in source)
                    map[name] = FromJson(value);
                return map;
            case JsonArray source:
                var list = new List<object?>(source.Count);
                foreach (var item in source)
                    list.Add(FromJson(item));
                return list;
            case JsonValue value:
                return FromScalar(value);
            default:
                return null;
        }
    }

    /// <summary>Plain values to JSON. What has no JSON form becomes text.</summary>
    /// <exception cref="ActivityFaultException">The value is nested too deep, or contains itself.</exception>
    public static JsonNode? ToJson(object? value) => ToJson(value, 0);

    private static JsonNode? ToJson(object? value, int depth) => value switch
    {
        null => null,
        JsonNode node => node.DeepClone(),
        JsonElement element => JsonNode.Parse(element.GetRawText()),
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        short number => JsonValue.Create(number),
        double number => double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(ToText(number)),
        float number => float.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(ToText(number)),
        decimal number => JsonValue.Create(number),
        byte[] bytes => JsonValue.Create(Convert.ToBase64String(bytes)),
        DateTimeOffset or DateTime or TimeSpan or Guid => JsonValue.Create(ToText(value)),
        IDictionary<string, object?> map => MapToJson(map, Deeper(depth)),
        IEnumerable list => ListToJson(list, Deeper(depth)),
        _ => JsonValue.Create(value.ToString()),
    };

    /// <summary>A value as text in the invariant culture; objects and lists as JSON.</summary>
    public static string? ToText(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "True" : "False",
        byte[] bytes => Convert.ToBase64String(bytes),
        DateTimeOffset time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => scalar.GetValue<string>(),
        JsonNode node => node.ToJsonString(JsonText.Compact),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable => ToJson(value)!.ToJsonString(JsonText.Compact),
        _ => value.ToString(),
    };

    /// <summary>The items of a value: of lists, JSON arrays and JSON text that holds an array; null for anything else.</summary>
    public static IReadOnlyList<object?>? Items(object? value)
    {
        switch (value)
        {
            case null:
                return null;
            case string text:
                return text.TrimStart().StartsWith('[') && TryParse(text) is JsonArray parsed ? (List<object?>)FromJson(parsed)! : null;
            case JsonArray array:
                return (List<object?>)FromJson(array)!;
            case IReadOnlyList<object?> list:
                return list;
            case byte[] or JsonNode:
                return null;
            case IDictionary<string, object?> map:
                return [.. map.Select(pair => (object?)new Dictionary<string, object?> { ["Key"] = pair.Key, ["Value"] = pair.Value })];
            case IEnumerable items:
                return [.. items.Cast<object?>()];
            default:
                return null;
        }
    }

    /// <summary>The JSON in a text, or null when it is none.</summary>
    public static JsonNode? TryParse(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: JsonText.Reading);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static object? FromScalar(JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                return TextOf(value);
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            case JsonValueKind.Number:
                if (value.TryGetValue<int>(out var small))
                    return small;
                if (value.TryGetValue<long>(out var large))
                    return large;
                if (value.TryGetValue<double>(out var real) && double.IsFinite(real))
                    return real;
                return double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0d;
            default:
                return null;
        }
    }

    private static string TextOf(JsonValue value)
    {
        try
        {
            // Values made in memory may hold a Guid or a date under the kind String.
            return value.TryGetValue<string>(out var text) ? text : value.ToString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: what comes from outside must not end a burst, so it stays in its escaped form.
            return value.GetValue<JsonElement>().GetRawText().Trim('"');
        }
    }

    private static int Deeper(int depth) =>
        depth < MaxDepth ? depth + 1 : throw new ActivityFaultException($"a value is nested more than {MaxDepth} deep, or contains itself.");

    private static JsonObject MapToJson(IDictionary<string, object?> map, int depth)
    {
        var json = new JsonObject();
        foreach (var (name, value) in map)
            json[name] = ToJson(value, depth);
        return json;
    }

    private static JsonArray ListToJson(IEnumerable list, int depth)
    {
        var json = new JsonArray();
        foreach (var item in list)
            json.Add(ToJson(item, depth));
        return json;
    }
}
