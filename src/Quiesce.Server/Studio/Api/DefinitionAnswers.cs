using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;
using Quiesce.Storage;

namespace Quiesce.Server.Studio;

/// <summary>Definitions as Studio reads them. What a list shows of a version is worked out once, since versions hardly change and lists are asked for all the time.</summary>
internal sealed class DefinitionAnswers(DefinitionCatalog definitions, ShownActivities shown)
{
    private readonly ConditionalWeakTable<DefinitionRow, Facts> _facts = [];

    /// <summary>The whole definition with its links.</summary>
    public JsonObject Full(DefinitionRow row, bool mayEdit)
    {
        var graph = definitions.Graph(row);
        var document = CanvasDocument.Of(row, graph);
        shown.Note(document);
        document["links"] = StudioLinks.Of(row.DefinitionId, mayEdit && graph is not null && document.Flag("isReadonly") != true);
        return document;
    }

    /// <summary>What a list shows of it. In a list, a draft that would be refused has no publish link: there Studio does not show why, in the designer it does.</summary>
    public JsonObject Summary(DefinitionRow row, bool mayEdit)
    {
        var facts = _facts.GetValue(row, Read);
        return new JsonObject
        {
            ["id"] = row.VersionId, ["definitionId"] = row.DefinitionId, ["name"] = facts.Name, ["description"] = facts.Description, ["version"] = row.Version,
            ["toolVersion"] = facts.ToolVersion, ["isLatest"] = row.IsLatest, ["isPublished"] = row.IsPublished, ["isReadonly"] = facts.IsReadonly, ["providerName"] = null,
            ["materializerName"] = "Json", ["isMaterializerAvailable"] = true, ["createdAt"] = StudioJson.Time(row.CreatedAt),
            ["links"] = StudioLinks.Of(row.DefinitionId, mayEdit && !facts.IsReadonly && facts.CanPublish),
        };
    }

    /// <exception cref="RefusedException">There is no such version.</exception>
    public DefinitionRow Find(string definitionId, VersionSelector version) => definitions.Row(definitionId, version) ?? throw NotFound(definitionId);

    /// <exception cref="RefusedException">There is no such version, or it is gone.</exception>
    public DefinitionRow FindVersion(string versionId) => definitions.RowByVersionId(versionId)
        ?? throw new RefusedException(ProblemCodes.NotFound, $"There is no version '{versionId}' of a workflow definition: it was deleted, and no instance of it is kept.");

    public static RefusedException NotFound(string definitionId) =>
        new(ProblemCodes.NotFound, $"There is no workflow definition '{definitionId}', or no such version of it. Reload the list to see those there are.");

    private Facts Read(DefinitionRow row)
    {
        try
        {
            var definition = WorkflowDefinition.Read(row.Json, row.DefinitionId);
            return new Facts(definition.Name ?? row.Name ?? row.DefinitionId, definition.Description, CanvasDocument.ToolVersion(definition.ToolVersion), definition.IsReadonly, row.IsPublished || CanPublish(row));
        }
        catch (DefinitionException)
        {
            return new Facts(row.Name ?? row.DefinitionId, null, null, IsReadonly: false, CanPublish: false);
        }
    }

    private bool CanPublish(DefinitionRow row)
    {
        try
        {
            definitions.Validate(row.Json, row.DefinitionId);
            return true;
        }
        catch (DefinitionException)
        {
            return false;
        }
    }

    private sealed record Facts(string Name, string? Description, string? ToolVersion, bool IsReadonly, bool CanPublish);
}
