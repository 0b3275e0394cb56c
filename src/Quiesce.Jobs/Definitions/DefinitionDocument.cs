using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Jobs.Definitions;

/// <summary>The document of a version: how it is made ready to be kept, what the server assigns in it, and what it means for two of them to be the same.</summary>
public static class DefinitionDocument
{
    /// <summary>The member of <c>customProperties</c> that carries the edit counter. A designer sends it back with its save; it is in no exported file.</summary>
    public const string RevisionMember = "quiesceRevision";

    private static readonly string[] Assigned = ["id", "definitionId", "version", "createdAt", "isLatest", "isPublished", "links", "tenantId", "$schema"];
    private static readonly string[] Lists = ["variables", "inputs", "outputs", "outcomes"];
    private static readonly string[] Objects = ["customProperties", "options"];
    private static readonly string[] KeptFromBase = ["isReadonly", "isSystem", "tenantId"];

    /// <summary>JSON as it is stored and compared: nothing escaped that need not be.</summary>
    internal static JsonSerializerOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1024 };

    /// <summary>The edit counter that a document carries, or null.</summary>
    public static int? Revision(JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var member = document["customProperties"] is JsonObject properties ? properties[RevisionMember] : null;
        return member is JsonValue value && (value.TryGetValue<int>(out var number) || int.TryParse(ActivityJson.Text(member), out number)) ? number : null;
    }

    /// <summary>A document as others may see it: without links and edit counter. The one given is not changed.</summary>
    public static JsonObject Outside(JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var copy = document.DeepClone().AsObject();
        Strip(copy);
        return copy;
    }

    /// <summary>Makes a document ready: compiled, every activity with id, node id and version, inputs in their long form, lists that are null empty.</summary>
    /// <param name="base">What the edit was based on: members that the client did not send are kept from it, and the order of what a flowchart holds, which a designer changes and which has a meaning.</param>
    /// <exception cref="DefinitionException">It is no workflow.</exception>
    internal static (JsonObject Document, WorkflowGraph Graph) Ready(JsonObject incoming, JsonObject? @base, string source, ActivityRegistry registry)
    {
        var document = Outside(incoming);
        if (@base is not null)
            KeepUnsent(document, Outside(@base));
        foreach (var name in Lists)
            if (document.ContainsKey(name) && document[name] is null)
                document[name] = new JsonArray();
        foreach (var name in Objects)
            if (document.ContainsKey(name) && document[name] is null)
                document[name] = new JsonObject();
        foreach (var name in (string[])["name", "description"])
            if (ActivityJson.Text(document[name]) is { } text && text != text.Trim())
                document[name] = text.Trim();
        var graph = WorkflowGraph.Compile(WorkflowDefinition.Read(document.ToJsonString(Compact), source), registry);
        var ready = graph.ToDocument();
        if (@base?["root"] is JsonObject before && ready["root"] is JsonObject root)
            FlowchartOrder.Restore(root, before);
        return (ready, graph);
    }

    /// <summary>Writes what the server assigns.</summary>
    internal static void Assign(JsonObject document, string definitionId, string versionId, int version, DateTimeOffset createdAt, bool isLatest, bool isPublished, int revision)
    {
        (document["id"], document["definitionId"], document["version"], document["createdAt"]) = (versionId, definitionId, version, createdAt);
        (document["isLatest"], document["isPublished"]) = (isLatest, isPublished);
        if (document["customProperties"] is not JsonObject properties)
            document["customProperties"] = properties = [];
        properties[RevisionMember] = revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A hash of what a document says, whatever the order of its members, its numbering and its marks.</summary>
    internal static string ContentHash(JsonObject document)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1024 }))
            Canonical(writer, document, 0);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    /// <summary>Null, and a list or object that holds nothing but such.</summary>
    internal static bool SaysNothing(JsonNode? node) => node switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        JsonObject json => json.All(member => SaysNothing(member.Value)),
        _ => false,
    };

    private static void Canonical(Utf8JsonWriter writer, JsonNode? node, int depth)
    {
        switch (node)
        {
            case JsonObject json:
                writer.WriteStartObject();
                foreach (var (name, member) in json.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    var value = depth == 0 && name == "customProperties" ? WithoutRevision(member) : member;
                    // The head of a document and its options come with and without empty members, and mean the same.
                    if (name == "nodeId" || (depth == 0 && Assigned.Contains(name)) || (depth < 2 && name != "root" && SaysNothing(value)))
                        continue;
                    writer.WritePropertyName(name);
                    Canonical(writer, value, name == "root" ? 2 : depth == 0 && name != "options" ? 2 : depth + 1);
                }

                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (var item in list)
                    Canonical(writer, item, depth + 1);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }

    private static JsonNode? WithoutRevision(JsonNode? node)
    {
        if (node is not JsonObject properties || !properties.ContainsKey(RevisionMember))
            return node;
        var copy = properties.DeepClone().AsObject();
        copy.Remove(RevisionMember);
        return copy;
    }

    private static void KeepUnsent(JsonObject document, JsonObject @base)
    {
        foreach (var name in KeptFromBase)
            document.Remove(name);
        foreach (var (name, value) in @base)
            // A name or a description that is not sent was taken away.
            if (name is not ("name" or "description") && !document.Any(member => string.Equals(member.Key, name, StringComparison.OrdinalIgnoreCase)))
                document[name] = value?.DeepClone();
    }

    private static void Strip(JsonObject document)
    {
        document.Remove("links");
        if (document["customProperties"] is JsonObject properties)
            properties.Remove(RevisionMember);
    }
}
