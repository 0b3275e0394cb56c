using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;
using Quiesce.Server.Access;

namespace Quiesce.Server.Api;

/// <summary>Workflow definitions: list, validate, import, export. A definition travels as its own JSON, nothing around it.</summary>
internal static class WorkflowsApi
{
    /// <summary>A thousand activities with everything a designer adds are two megabytes.</summary>
    private const long DefinitionLimit = 8 << 20;

    public static void Map(IEndpointRouteBuilder api)
    {
        var workflows = api.MapGroup("/workflows");
        workflows.MapGet("", List).As<PageOf<WorkflowSummary>>("ListWorkflows", "Workflow definitions by id, with what is wrong with the file of one that is not in force.");
        workflows.MapPost("/validate", ValidateAsync).Takes<JsonObject>().As<IReadOnlyList<Complaint>>("ValidateWorkflow", "Says what was tolerated in a definition; one that would be refused is answered with the complaint.").RequireRole(Roles.Viewer).Refuses(ProblemCodes.Invalid);
        workflows.MapPost("/import", ImportAsync).Takes<JsonObject>().As<WorkflowSummary>("ImportWorkflow", "Takes a definition over as a new version and publishes it.").Refuses(ProblemCodes.Invalid, ProblemCodes.Conflict);
        workflows.MapGet("/{id}/export", Export).As<JsonObject>("ExportWorkflow", "A definition's own JSON, nothing around it.").Refuses(ProblemCodes.NotFound);
    }

    private static JsonHttpResult<PageOf<WorkflowSummary>> List(HttpContext context, DefinitionCatalog definitions, [AsParameters] Paging paging) =>
        paging.Of(context, definitions.List(), RestJson.Default.PageOfWorkflowSummary);

    /// <summary>What was tolerated, as warnings; a definition that would be refused is answered with 400 and the complaint.</summary>
    private static async Task<JsonHttpResult<IReadOnlyList<Complaint>>> ValidateAsync(HttpContext context, DefinitionCatalog definitions)
    {
        var definition = definitions.Validate(await Body.ReadTextAsync(context, DefinitionLimit), Source(context));
        IReadOnlyList<Complaint> warnings = [.. definition.Warnings.Select(warning => new Complaint(definition.Source, 0, "", warning, "warning"))];
        return TypedResults.Json(warnings, RestJson.Default.IReadOnlyListComplaint);
    }

    private static async Task<JsonHttpResult<WorkflowSummary>> ImportAsync(HttpContext context, DefinitionCatalog definitions)
    {
        var text = await Body.ReadTextAsync(context, DefinitionLimit);
        return TypedResults.Json(await definitions.ImportAsync(text, Source(context), context.RequestAborted), RestJson.Default.WorkflowSummary);
    }

    private static IResult Export(string id, HttpContext context, DefinitionCatalog definitions) => (definitions.Row(id, VersionSelector.Published) ?? definitions.Row(id, VersionSelector.Latest)) is { } row
        ? Etags.Json(context, definitions.Export(row), Etags.Of(row.VersionId))
        : throw new RefusedException(ProblemCodes.NotFound, $"There is no workflow '{id}'. `quiesce workflow list` shows those there are.");

    /// <summary>The name of the client's file, for the messages.</summary>
    private static string Source(HttpContext context) => context.Request.Query["file"].ToString() is { Length: > 0 and < 300 } file ? file : "the definition";
}
