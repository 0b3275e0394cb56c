using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;

namespace Quiesce.Server.Studio;

/// <summary>Definitions: create, save, publish, retract, roll back, delete.</summary>
internal static class DefinitionEdits
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.MapPost("", SaveAsync);
        definitions.MapPost("/{definitionId}/publish", PublishAsync);
        definitions.MapPost("/{definitionId}/retract", RetractAsync);
        definitions.MapPost("/{definitionId}/revert/{version:int}", RevertAsync);
        definitions.MapPost("/{definitionId}/update-references", UpdateReferencesAsync);
        // Studio reloads its list after a 404 of a delete and takes any other refusal for a crash.
        definitions.MapDelete("/{definitionId}", DeleteAsync).WithMetadata(new RefusedAs(StatusCodes.Status404NotFound));
        definitions.MapDelete("/{definitionId}/version/{version:int}", DeleteNumberAsync).WithMetadata(new RefusedAs(StatusCodes.Status404NotFound));
        api.MapDelete("/workflow-definition-versions/{versionId}", DeleteVersionAsync).WithMetadata(new RefusedAs(StatusCodes.Status404NotFound));
    }

    /// <summary>Create, save as, save, auto-save and the designer's publish.</summary>
    private static async Task<IResult> SaveAsync(HttpContext context, DefinitionSaves saves, DefinitionAnswers answers)
    {
        var request = await StudioJson.ReadAsync(context);
        if (request["model"] is not JsonObject model)
            throw new RefusedException(ProblemCodes.Invalid, "The body has no 'model'. Send the definition in it.");
        return Saved(context, answers, await saves.SaveAsync(model, request.Flag("publish") == true, context.CallerName(), context.RequestAborted));
    }

    private static async Task<IResult> PublishAsync(string definitionId, HttpContext context, DefinitionCatalog catalog, DefinitionAnswers answers) =>
        Saved(context, answers, await catalog.PublishAsync(definitionId, context.CallerName(), context.RequestAborted));

    private static async Task<IResult> RetractAsync(string definitionId, HttpContext context, DefinitionCatalog catalog, DefinitionAnswers answers)
    {
        // A second click, or the same request again: it is already as it was to be.
        var row = catalog.Row(definitionId, VersionSelector.Published) is null ? answers.Find(definitionId, VersionSelector.Latest)
            : await catalog.RetractAsync(definitionId, context.CallerName(), context.RequestAborted);
        return StudioJson.Answer(answers.Full(row, context.MayEdit()));
    }

    private static async Task<IResult> RevertAsync(string definitionId, int version, HttpContext context, DefinitionSaves saves, DefinitionAnswers answers) =>
        StudioJson.Answer(answers.Summary(await saves.RevertAsync(definitionId, version, context.CallerName(), context.RequestAborted), context.MayEdit()));

    private static async Task<IResult> UpdateReferencesAsync(string definitionId, HttpContext context, DefinitionCatalog catalog) =>
        StudioJson.Answer(new JsonObject { ["affectedWorkflows"] = StudioJson.Array(await catalog.UpdateReferencesAsync(definitionId, context.RequestAborted)) });

    private static async Task<IResult> DeleteAsync(string definitionId, HttpContext context, DefinitionCatalog catalog)
    {
        await catalog.DeleteAsync(definitionId, context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> DeleteNumberAsync(string definitionId, int version, HttpContext context, DefinitionCatalog catalog, DefinitionAnswers answers)
    {
        await catalog.DeleteVersionAsync(answers.Find(definitionId, VersionSelector.Specific(version)).VersionId, context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> DeleteVersionAsync(string versionId, HttpContext context, DefinitionCatalog catalog)
    {
        await catalog.DeleteVersionAsync(versionId, context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static StudioJson.JsonAnswer Saved(HttpContext context, DefinitionAnswers answers, SavedDefinition saved) => StudioJson.Answer(new JsonObject
    {
        ["workflowDefinition"] = answers.Full(saved.Row, context.MayEdit()),
        ["alreadyPublished"] = saved.AlreadyPublished,
        ["consumingWorkflowCount"] = saved.UpdatedConsumers.Count,
        ["validationErrors"] = new JsonArray(),
        ["warnings"] = StudioJson.Array(saved.Warnings),
    });
}
