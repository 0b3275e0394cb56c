using System.Text.Json.Nodes;

namespace Quiesce.Tests.Engine;

/// <summary>What load and save must keep.</summary>
internal static class RoundTrip
{
    /// <summary>Everything in the original is in the copy with the same value; a bare input may have become a literal, and more may have been added.</summary>
    public static void AssertKept(JsonNode? original, JsonNode? copy, string path = "$")
    {
        switch (original)
        {
            case JsonObject source:
                var target = Assert.IsType<JsonObject>(copy);
                foreach (var (name, value) in source)
                    if (name is not "nodeId" and not "start")
                        AssertKept(value, target[name], $"{path}.{name}");
                break;
            case JsonArray source when copy is JsonArray list:
                Assert.Equal(source.Count, list.Count);
                for (var i = 0; i < source.Count; i++)
                    AssertKept(source[i], list[i], $"{path}[{i}]");
                break;
            case not null when copy is JsonObject literal:
                Assert.True(JsonNode.DeepEquals(original, literal["expression"]!["value"]), path);
                break;
            default:
                Assert.True(JsonNode.DeepEquals(original, copy), $"{path}: {original?.ToJsonString()} became {copy?.ToJsonString()}");
                break;
        }
    }
}
