using System.Text.Json.Nodes;

namespace Quiesce.Jobs.Definitions;

/// <summary>The document of a version: what the server assigns in it, and what it means for two of them to be the same.</summary>
public static class DefinitionDocument
{
    /// <summary>The member of <c>customProperties</c> that carries the edit counter. A designer sends it back with its save; it is in no exported file.</summary>
    public const string RevisionMember = "quiesceRevision";

    /// <summary>The edit counter that a document carries, or null.</summary>
    public static int? Revision(JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var member = document["customProperties"] is JsonObject properties ? properties[RevisionMember] : null;
        return member is JsonValue value && (value.TryGetValue<int>(out var number) || int.TryParse(ActivityJson.Text(member), out number)) ? number : null;
    }
}
