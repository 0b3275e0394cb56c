using System.Text;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>A header or query value; a name may occur several times.</summary>
public sealed record HttpField(string Name, string Value)
{
    internal static JsonArray Write(IEnumerable<HttpField> fields) =>
        new([.. fields.Select(f => new JsonObject { ["name"] = f.Name, ["value"] = f.Value })]);

    internal static IReadOnlyList<HttpField> Read(JsonNode? json) =>
        [.. (json as JsonArray ?? []).OfType<JsonObject>().Select(f => new HttpField(f.Text("name") ?? "", f.Text("value") ?? ""))];

    /// <summary>Names to values, a value being a text, or a list of texts where the name occurs several times.</summary>
    internal static Dictionary<string, object?> ToMap(IEnumerable<HttpField> fields)
    {
        var map = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in fields.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase))
            map[group.Key] = group.Count() == 1 ? group.First().Value : group.Select(f => (object?)f.Value).ToList();
        return map;
    }
}

/// <summary>The content of a request or response: a text, or bytes. Immutable by agreement.</summary>
public sealed record HttpBody
{
    private HttpBody(string? contentType, string? text, byte[]? bytes)
    {
        ContentType = contentType;
        Text = text;
        Bytes = bytes;
    }

    /// <summary>As in the header, parameters included; null when nobody says.</summary>
    public string? ContentType { get; }

    /// <summary>To be sent as UTF-8; null when <see cref="Bytes"/> are given.</summary>
    public string? Text { get; }

    public byte[]? Bytes { get; }

    /// <summary>Length in bytes.</summary>
    public long Length => Bytes?.LongLength ?? Encoding.UTF8.GetByteCount(Text ?? "");

    /// <summary>A text content.</summary>
    public static HttpBody Of(string text, string? contentType) => new(contentType, text, null);

    /// <summary>Bytes as content.</summary>
    public static HttpBody Of(byte[] bytes, string? contentType) => new(contentType, null, bytes);

    /// <summary>The content in bytes, whichever way it was given.</summary>
    public byte[] ToBytes() => Bytes ?? Encoding.UTF8.GetBytes(Text ?? "");

    internal JsonObject ToJson() => new()
    {
        ["contentType"] = ContentType,
        ["text"] = Text,
        ["base64"] = Bytes is null ? null : Convert.ToBase64String(Bytes),
    };

    internal static HttpBody? FromJson(JsonNode? node)
    {
        if (node is not JsonObject json)
            return null;
        return json.Text("base64") is { } base64 ? Of(Convert.FromBase64String(base64), json.Text("contentType")) : Of(json.Text("text") ?? "", json.Text("contentType"));
    }
}
