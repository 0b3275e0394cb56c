using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>A place where an instance waits.</summary>
public sealed record Bookmark
{
    public required string Id { get; init; }

    /// <summary>What is waited for; by default the activity's type name.</summary>
    public required string Name { get; init; }

    /// <summary>See <see cref="HashOf"/>. A stimulus finds its bookmarks by it.</summary>
    public required string Hash { get; init; }

    public JsonNode? Payload { get; init; }

    public required string ActivityId { get; init; }

    public required string ActivityNodeId { get; init; }

    public required string ActivityInstanceId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>True: resuming removes it. False: it stays until the activity completes or clears it.</summary>
    public bool AutoBurn { get; init; } = true;

    /// <summary>A timer: the store resumes it when this moment has come.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The activity's own mark, given back on resume.</summary>
    public string? Tag { get; init; }

    /// <summary>Waits for something that a stock engine would do inside this burst: what does not survive a suspension survives this one.</summary>
    public bool InProcess { get; init; }

    /// <summary>Upper-case hexadecimal SHA-256 of <c>name|payload|activityInstanceId</c>; empty parts are left out, payload members are in Pascal case and without nulls.</summary>
    public static string HashOf(string name, JsonNode? payload, string? activityInstanceId = null)
    {
        var text = new StringBuilder(name);
        if (payload is not null)
            text.Append('|').Append(PascalCased(payload)?.ToJsonString(JsonText.Compact));
        if (!string.IsNullOrEmpty(activityInstanceId))
            text.Append('|').Append(activityInstanceId);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static JsonNode? PascalCased(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject source:
                var target = new JsonObject();
                foreach (var (name, value) in source)
                    if (value is not null)
                        target[name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..]] = PascalCased(value);
                return target;
            case JsonArray source:
                return new JsonArray([.. source.Select(PascalCased)]);
            default:
                return node?.DeepClone();
        }
    }
}
