using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Definitions;

/// <summary>A document that can be kept: made ready, compiled, and with the hash of what it says.</summary>
internal sealed record PreparedDefinition(JsonObject Document, WorkflowGraph Graph, string ContentHash)
{
    /// <summary>The type name where the definition can be used as an activity.</summary>
    public string? ActivityType => Graph.Definition.Options.UsableAsActivity ? Graph.Definition.ActivityTypeName : null;

    /// <exception cref="DefinitionException">It is no workflow.</exception>
    public static PreparedDefinition From(JsonObject incoming, JsonObject? @base, string source, ActivityRegistry registry)
    {
        var (document, graph) = DefinitionDocument.Ready(incoming, @base, source, registry);
        return new PreparedDefinition(document, graph, DefinitionDocument.ContentHash(document));
    }

    /// <summary>The row that holds it.</summary>
    /// <param name="over">The draft that it takes the place of; null for a new version.</param>
    /// <param name="version">The number of a new version.</param>
    public DefinitionRow Row(string definitionId, DefinitionRow? over, int version, bool publish, string by, DateTimeOffset now)
    {
        var (versionId, revision, number, created) = over is null ? (Guid.NewGuid().ToString("n"), 1, version, now) : (over.VersionId, over.Revision + 1, over.Version, over.CreatedAt);
        // The version says itself which one it is: children, the designer and the conflict check go by it.
        DefinitionDocument.Assign(Document, definitionId, versionId, number, created, isLatest: true, publish, revision);
        return new DefinitionRow(
            definitionId, number, versionId, ActivityJson.Text(Document["name"]), Document.ToJsonString(DefinitionDocument.Compact), over?.SourceFile, over?.SourceHash, IsLatest: true, publish, created,
            revision, now, by, ContentHash, ActivityType, publish ? over?.PublishedAt ?? now : over?.PublishedAt);
    }
}
