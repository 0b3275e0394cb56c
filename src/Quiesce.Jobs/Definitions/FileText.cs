using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiesce.Jobs.Definitions;

/// <summary>
/// A document as the text of its file: pretty-printed, without what only a server knows. What the file has already keeps its place and its form, so that
/// a difference between two commits shows what was edited and nothing else.
/// </summary>
internal static class FileText
{
    /// <summary>Two spaces, line feeds, nothing escaped that need not be.</summary>
    public static JsonSerializerOptions Pretty { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true, IndentSize = 2, NewLine = "\n", MaxDepth = 1024 };

    // What a server assigns keeps the value that the file has; a file that has none does without.
    private static readonly string[] Assigned = ["id", "version", "createdAt", "isLatest", "links", "tenantId"];

    /// <summary>The text of a document that has no file yet.</summary>
    public static string New(JsonObject document)
    {
        var written = new JsonObject();
        foreach (var (name, value) in DefinitionDocument.Outside(document))
            if (!Assigned.Contains(name) && name != "isPublished" && (!DefinitionDocument.SaysNothing(value) || name is "variables" or "inputs" or "outputs" or "outcomes" or "customProperties"))
                written[name] = Plain(value, keepNulls: false);
        return Print(written);
    }

    /// <summary>The text of a document in the place of an older one.</summary>
    /// <param name="file">The document that is in the file.</param>
    /// <param name="ready">The same, made ready as <paramref name="document"/> was: where the two agree, the file's own words stay.</param>
    public static string Over(JsonObject file, JsonObject ready, JsonObject document)
    {
        var (now, was) = (DefinitionDocument.Outside(document), DefinitionDocument.Outside(ready));
        foreach (var name in Assigned.Append("definitionId"))
            if (file.TryGetPropertyValue(name, out var own))
                (now[name], was[name]) = (own?.DeepClone(), own?.DeepClone());
            else
                now.Remove(name);
        // No word about it means in force; false would be a draft at the next first start.
        if (!ActivityJson.IsFalse(file["isPublished"]))
            (now["isPublished"], was["isPublished"]) = (file["isPublished"]?.DeepClone(), file["isPublished"]?.DeepClone());
        return Print(Merge(now, was, file)!);
    }

    private static string Print(JsonNode document) => document.ToJsonString(Pretty) + "\n";

    private static JsonNode? Merge(JsonNode? now, JsonNode? was, JsonNode? file)
    {
        if (JsonNode.DeepEquals(now, was) && (file is not null || now is null))
            return file?.DeepClone();
        return (now, file) switch
        {
            (JsonObject json, JsonObject own) => MergeObject(json, was as JsonObject ?? [], own),
            (JsonArray list, JsonArray own) => MergeList(list, was as JsonArray ?? [], own),
            _ => Plain(now, keepNulls: true),
        };
    }

    private static JsonObject MergeObject(JsonObject now, JsonObject was, JsonObject file)
    {
        var written = new JsonObject();
        foreach (var (name, own) in file)
            if (now.TryGetPropertyValue(name, out var value))
                written[name] = Merge(value, was[name], own);
            else if (DefinitionDocument.SaysNothing(own) || !was.ContainsKey(name))
                written[name] = own?.DeepClone();
        foreach (var (name, value) in now)
            // What making ready or the designer adds, and what says nothing, stays out of the file.
            if (!file.ContainsKey(name) && name != "nodeId" && !DefinitionDocument.SaysNothing(value) && !(was.TryGetPropertyValue(name, out var added) && JsonNode.DeepEquals(added, value)))
                written[name] = Plain(value, keepNulls: true);
        return written;
    }

    private static JsonArray MergeList(JsonArray now, JsonArray was, JsonArray file)
    {
        // Both lists hold the same things in the same order: the second is the first made ready.
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < file.Count && i < was.Count; i++)
            places.TryAdd(Key(was[i], i), i);
        var written = new JsonArray();
        for (var i = 0; i < now.Count; i++)
            written.Add(places.TryGetValue(Key(now[i], i), out var place) ? Merge(now[i], was[place], file[place]) : Plain(now[i], keepNulls: true));
        return written;
    }

    /// <summary>What stays the same when a list is edited: an id, a name, the two ends of a connection; else the place.</summary>
    private static string Key(JsonNode? item, int place) => item switch
    {
        JsonObject json when (ActivityJson.Text(json["id"]) ?? ActivityJson.Text(json["name"]) ?? ActivityJson.Text(json["label"])) is { } name => "=" + name,
        JsonObject json when json["source"] is not null && json["target"] is not null => FlowchartOrder.Connection(json),
        JsonValue value => "'" + value.ToJsonString(),
        _ => place.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>A copy without node ids.</summary>
    private static JsonNode? Plain(JsonNode? node, bool keepNulls)
    {
        switch (node)
        {
            case JsonObject json:
                var copy = new JsonObject();
                foreach (var (name, value) in json)
                    if (name != "nodeId" && (keepNulls || value is not null))
                        copy[name] = Plain(value, keepNulls);
                return copy;
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Plain(item, keepNulls))]);
            default:
                return node?.DeepClone();
        }
    }
}
