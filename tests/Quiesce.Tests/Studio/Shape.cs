using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiesce.Tests.Studio;

/// <summary>
/// Says what a JSON answer has to look like, by an example: <c>"s"</c> a text, <c>"i"</c> a whole number, <c>"n"</c> a number, <c>"b"</c> a flag, <c>"t"</c> a time with offset, <c>"o"</c> an object,
/// <c>"l"</c> a list, each with <c>?</c> for "or null"; <c>"A|B"</c> one of the words; an object its required members; a list the shape of each entry, and that there is one.
/// </summary>
internal static class Shape
{
    /// <summary>Members that Studio takes for collections: null in one of them is an unhandled error there.</summary>
    private static readonly HashSet<string> Collections = new(StringComparer.Ordinal)
    {
        "items", "links", "ports", "inputs", "outputs", "variables", "outcomes", "customProperties", "constructionProperties", "options", "metadata", "activities", "connections", "stats", "bookmarks", "incidents",
        "completionCallbacks", "activityExecutionContexts", "scheduledActivities", "pathSegments", "uiSpecifications", "properties", "published", "alreadyPublished", "notFound", "updatedConsumers", "retracted", "alreadyRetracted",
    };

    public static void Check(JsonNode? actual, string example, string what)
    {
        Match(actual, JsonNode.Parse(example), what);
        NoNullCollections(actual, what);
    }

    private static void Match(JsonNode? actual, JsonNode? example, string path)
    {
        switch (example)
        {
            case JsonObject members:
                Assert.True(actual is JsonObject, $"{path} is no object: {actual?.ToJsonString() ?? "null"}");
                foreach (var (name, shape) in members)
                {
                    Assert.True(actual!.AsObject().ContainsKey(name), $"{path} has no '{name}'");
                    Match(actual[name], shape, $"{path}.{name}");
                }

                break;
            case JsonArray list:
                Assert.True(actual is JsonArray { Count: > 0 }, $"{path} is no list with entries: {actual?.ToJsonString() ?? "null"}");
                for (var i = 0; i < actual!.AsArray().Count; i++)
                    Match(actual[i], list[0], $"{path}[{i}]");
                break;
            case JsonValue value:
                Value(actual, value.GetValue<string>(), path);
                break;
        }
    }

    private static void Value(JsonNode? actual, string kind, string path)
    {
        if (kind.EndsWith('?'))
        {
            if (actual is null)
                return;
            kind = kind[..^1];
        }

        var good = kind switch
        {
            "s" => actual?.GetValueKind() == JsonValueKind.String,
            "i" => actual is JsonValue number && number.TryGetValue<long>(out _),
            "n" => actual?.GetValueKind() == JsonValueKind.Number,
            "b" => actual?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "o" => actual is JsonObject,
            "l" => actual is JsonArray,
            "t" => actual?.GetValueKind() == JsonValueKind.String && IsTime((string)actual!),
            _ => actual?.GetValueKind() == JsonValueKind.String && kind.Split('|').Contains((string)actual!),
        };
        Assert.True(good, $"{path} is not '{kind}': {actual?.ToJsonString() ?? "null"}");
    }

    private static bool IsTime(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) && (text.EndsWith('Z') || text[^6] is '+' or '-');

    private static void NoNullCollections(JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject json:
                foreach (var (name, value) in json)
                {
                    Assert.False(value is null && Collections.Contains(name), $"{path}.{name} is null");
                    NoNullCollections(value, $"{path}.{name}");
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                    NoNullCollections(list[i], $"{path}[{i}]");
                break;
        }
    }
}
