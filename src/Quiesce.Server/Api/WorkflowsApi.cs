using System.Globalization;
using System.Text.Json;
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
using Quiesce.Storage;

namespace Quiesce.Server.Api;

/// <summary>Workflow definitions: versions, drafts, publishing, files, differences. A definition travels as its own JSON, nothing around it; its ETag is version id and edit counter.</summary>
internal static class WorkflowsApi
{
    /// <summary>A thousand activities with everything a designer adds are two megabytes.</summary>
    private const long DefinitionLimit = 8 << 20;

    public static void Map(IEndpointRouteBuilder api)
    {
        var workflows = api.MapGroup("/workflows");
        workflows.MapGet("", List).As<PageOf<WorkflowSummary>>("ListWorkflows", "Workflow definitions by id, with what is wrong with the file of one that is not in force.");
        workflows.MapPost("/validate", ValidateAsync).Takes<JsonObject>().As<IReadOnlyList<Complaint>>("ValidateWorkflow", "Says what was tolerated in a definition; one that would be refused is answered with every complaint.").RequireRole(Roles.Viewer).Refuses(ProblemCodes.Invalid);
        workflows.MapPost("/import", ImportAsync).Takes<JsonObject>().As<WorkflowSummary>("ImportWorkflow", "Takes a definition over as a new version, publishes it and writes it to its file; with draft=true neither of both.").Refuses(ProblemCodes.Invalid, ProblemCodes.Conflict);
        workflows.MapPost("/compare", CompareAsync).Takes<CompareWorkflows>().As<IReadOnlyList<WorkflowChange>>("CompareWorkflows", "What changed between two definitions, in words; empty where they are the same.").RequireRole(Roles.Viewer).Refuses(ProblemCodes.Invalid, ProblemCodes.NotFound);
        WorkflowArchiveApi.Map(workflows);
        workflows.MapGet("/{id}", Get).As<JsonObject>("GetWorkflow", "A definition's own JSON. version=latest (the default), published or a number.").Refuses(ProblemCodes.NotFound);
        workflows.MapPut("/{id}", SaveAsync).Takes<JsonObject>().As<WorkflowVersion>("SaveWorkflow", "Saves a definition as draft, with publish=true puts it in force. With If-Match only over the version that the edit was based on.").Refuses(ProblemCodes.Invalid, ProblemCodes.Conflict, ProblemCodes.PreconditionFailed);
        workflows.MapDelete("/{id}", DeleteAsync).As("DeleteWorkflow", "Deletes a definition with all its versions; what runs keeps its own.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict);
        workflows.MapGet("/{id}/versions", Versions).As<IReadOnlyList<WorkflowVersion>>("ListWorkflowVersions", "The versions of a definition, the newest first.").Refuses(ProblemCodes.NotFound);
        workflows.MapDelete("/{id}/versions/{version}", DeleteVersionAsync).As("DeleteWorkflowVersion", "Deletes one version; the highest that remains becomes the latest.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict);
        workflows.MapPost("/{id}/publish", PublishAsync).As<WorkflowVersion>("PublishWorkflow", "Puts the latest version in force.").Refuses(ProblemCodes.NotFound, ProblemCodes.Invalid);
        workflows.MapPost("/{id}/retract", RetractAsync).As<WorkflowVersion>("RetractWorkflow", "Takes the version in force back.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict);
        workflows.MapPost("/{id}/revert/{version}", RevertAsync).As<WorkflowVersion>("RevertWorkflow", "Copies an old version into a new draft, with publish=true puts it in force.").Refuses(ProblemCodes.NotFound, ProblemCodes.Invalid);
        workflows.MapGet("/{id}/export", Export).As<JsonObject>("ExportWorkflow", "The version in force as a file that Elsa opens. version=latest, published or a number.").Refuses(ProblemCodes.NotFound);
        workflows.MapPost("/{id}/file", WriteFileAsync).As<WorkflowFile>("WriteWorkflowFile", "Gives a definition made in the designer a file in the workflows folder; publishing writes there from then on.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict);
        workflows.MapGet("/{id}/consumers", (string id, DefinitionCatalog definitions) => TypedResults.Json(definitions.Consumers(id), RestJson.Default.IReadOnlyListString)).As<IReadOnlyList<string>>("ListWorkflowConsumers", "The definitions that use this one as an activity, directly or through others.").Refuses(ProblemCodes.NotFound);
        workflows.MapPost("/{id}/update-references", UpdateReferencesAsync).As<IReadOnlyList<string>>("UpdateWorkflowReferences", "Points those that use this definition as an activity at its version in force.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict);
    }

    private static JsonHttpResult<PageOf<WorkflowSummary>> List(HttpContext context, DefinitionCatalog definitions, [AsParameters] Paging paging, string? search = null) => paging.Of(
        context, [.. definitions.List().Where(one => search is null || one.Id.Contains(search, StringComparison.OrdinalIgnoreCase) || one.Name?.Contains(search, StringComparison.OrdinalIgnoreCase) == true)], RestJson.Default.PageOfWorkflowSummary);

    /// <summary>What was tolerated, as warnings; a definition that would be refused is answered with 400 and every complaint.</summary>
    private static async Task<JsonHttpResult<IReadOnlyList<Complaint>>> ValidateAsync(HttpContext context, DefinitionCatalog definitions) =>
        TypedResults.Json(OfflineValidation.Warnings(definitions, await Body.ReadTextAsync(context, DefinitionLimit), Source(context)), RestJson.Default.IReadOnlyListComplaint);

    private static async Task<JsonHttpResult<WorkflowSummary>> ImportAsync(HttpContext context, DefinitionCatalog definitions, bool draft = false) => TypedResults.Json(
        await TakeOverAsync(definitions, await Body.ReadTextAsync(context, DefinitionLimit), Source(context), draft, context.User.KeyName(), context.RequestAborted), RestJson.Default.WorkflowSummary);

    internal static async Task<WorkflowSummary> TakeOverAsync(DefinitionCatalog definitions, string text, string source, bool draft, string by, CancellationToken ct)
    {
        if (!draft)
            return await definitions.ImportAsync(text, source, ct, by);
        var saved = await definitions.SaveAsync(new SaveDefinition { Document = WorkflowDefinition.Read(text, source).Document, By = by }, ct);
        return definitions.List().Single(one => one.Id == saved.Row.DefinitionId) with { Warnings = saved.Warnings };
    }

    private static async Task<JsonHttpResult<IReadOnlyList<WorkflowChange>>> CompareAsync(HttpContext context, DefinitionCatalog definitions)
    {
        var compare = await Body.ReadAsync(context, RestJson.Default.CompareWorkflows, 2 * DefinitionLimit);
        Body.Require(compare.A, "a");
        Body.Require(compare.B, "b");
        IReadOnlyList<WorkflowChange> changes = [.. DefinitionDiff.Between(Side(compare.A, "a"), Side(compare.B, "b")).Select(line => new WorkflowChange(line.Kind, line.Path, line.Text))];
        return TypedResults.Json(changes, RestJson.Default.IReadOnlyListWorkflowChange);

        WorkflowDefinition Side(JsonNode side, string name)
        {
            if (side.GetValueKind() != JsonValueKind.String)
                return WorkflowDefinition.Read(side.ToJsonString(), name);
            var row = definitions.Named(side.GetValue<string>());
            return WorkflowDefinition.Read(row.Json, row.DefinitionId);
        }
    }

    private static IResult Get(string id, HttpContext context, DefinitionCatalog definitions, string version = "latest")
    {
        var row = definitions.Named($"{id}@{version}");
        return Etags.Json(context, DefinitionDocument.Outside(JsonNode.Parse(row.Json)!.AsObject()).ToJsonString(), Tag(row));
    }

    /// <summary>If-Match names version id and edit counter. Without it the caller insists: what others saved stays as an older version or is written over where it is a draft.</summary>
    private static async Task<JsonHttpResult<WorkflowVersion>> SaveAsync(string id, HttpContext context, DefinitionCatalog definitions, bool publish = false)
    {
        var document = WorkflowDefinition.Read(await Body.ReadTextAsync(context, DefinitionLimit), Source(context)).Document;
        if (document["definitionId"] is { } own && (own.GetValueKind() != JsonValueKind.String || own.GetValue<string>() is { Length: > 0 } other && other != id))
            throw new RefusedException(ProblemCodes.Invalid, $"The document says that it is the workflow {own.ToJsonString()}, and the address says '{id}'. Send it to its own address, or change its definitionId.");
        document["definitionId"] = id;
        var match = context.Request.Headers.IfMatch.ToString();
        var (versionId, revision) = Parse(match);
        try
        {
            var saved = await definitions.SaveAsync(new SaveDefinition { Document = document, Publish = publish, BaseVersionId = versionId, BaseRevision = revision, By = context.User.KeyName() }, context.RequestAborted);
            return Answer(context, saved.Row, saved);
        }
        catch (RefusedException e) when (e.Code == ProblemCodes.Conflict && versionId is not null && (definitions.Row(id, VersionSelector.Latest) is not { } latest || Tag(latest) != match))
        {
            throw new RefusedException(ProblemCodes.PreconditionFailed, e.Message, e);
        }
    }

    private static async Task<NoContent> DeleteAsync(string id, DefinitionCatalog definitions, CancellationToken ct)
    {
        await definitions.DeleteAsync(id, ct);
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<IReadOnlyList<WorkflowVersion>> Versions(string id, DefinitionCatalog definitions)
    {
        definitions.Named($"{id}@latest");
        IReadOnlyList<WorkflowVersion> versions = [.. definitions.Versions(id).Select(Version)];
        return TypedResults.Json(versions, RestJson.Default.IReadOnlyListWorkflowVersion);
    }

    private static async Task<NoContent> DeleteVersionAsync(string id, int version, DefinitionCatalog definitions, CancellationToken ct)
    {
        await definitions.DeleteVersionAsync(definitions.Named(string.Create(CultureInfo.InvariantCulture, $"{id}@{version}")).VersionId, ct);
        return TypedResults.NoContent();
    }

    private static async Task<JsonHttpResult<WorkflowVersion>> PublishAsync(string id, HttpContext context, DefinitionCatalog definitions)
    {
        var saved = await definitions.PublishAsync(id, context.User.KeyName(), context.RequestAborted);
        return Answer(context, saved.Row, saved);
    }

    private static async Task<JsonHttpResult<WorkflowVersion>> RetractAsync(string id, HttpContext context, DefinitionCatalog definitions) =>
        Answer(context, await definitions.RetractAsync(id, context.User.KeyName(), context.RequestAborted), null);

    private static async Task<JsonHttpResult<WorkflowVersion>> RevertAsync(string id, int version, HttpContext context, DefinitionCatalog definitions, bool publish = false)
    {
        var row = await definitions.RevertAsync(id, version, context.User.KeyName(), context.RequestAborted);
        return publish ? await PublishAsync(id, context, definitions) : Answer(context, row, null);
    }

    private static ContentHttpResult Export(string id, DefinitionCatalog definitions, string? version = null) =>
        TypedResults.Text(definitions.Export(definitions.Named(version is null ? id : $"{id}@{version}")), "application/json");

    private static async Task<JsonHttpResult<WorkflowFile>> WriteFileAsync(string id, DefinitionCatalog definitions, CancellationToken ct) =>
        TypedResults.Json(new WorkflowFile(id, await definitions.WriteFileAsync(id, ct)), RestJson.Default.WorkflowFile);

    private static async Task<JsonHttpResult<IReadOnlyList<string>>> UpdateReferencesAsync(string id, HttpContext context, DefinitionCatalog definitions) =>
        TypedResults.Json(await definitions.UpdateReferencesAsync(id, context.RequestAborted, context.User.KeyName()), RestJson.Default.IReadOnlyListString);

    private static JsonHttpResult<WorkflowVersion> Answer(HttpContext context, DefinitionRow row, SavedDefinition? saved)
    {
        context.Response.Headers.ETag = Tag(row);
        return TypedResults.Json(Version(row) with { UpdatedConsumers = saved?.UpdatedConsumers ?? [], Warnings = saved?.Warnings ?? [] }, RestJson.Default.WorkflowVersion);
    }

    private static WorkflowVersion Version(DefinitionRow row) =>
        new(row.DefinitionId, row.Version, row.VersionId, row.Revision, row.Name, row.IsLatest, row.IsPublished, row.CreatedAt, row.SavedAt, row.SavedBy);

    private static string Tag(DefinitionRow row) => Etags.Of(string.Create(CultureInfo.InvariantCulture, $"{row.VersionId}:{row.Revision}"));

    private static (string? VersionId, int? Revision) Parse(string match)
    {
        if (match.Length == 0 || match == "*")
            return (null, null);
        var text = match.Trim('"');
        var colon = text.LastIndexOf(':');
        return colon > 0 && match.StartsWith('"') && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? (text[..colon], revision)
            : throw new RefusedException(ProblemCodes.Invalid, $"If-Match is {match}, which is no ETag of a workflow. Send back the ETag that came with it.");
    }

    /// <summary>The name of the client's file, for the messages.</summary>
    internal static string Source(HttpContext context) => context.Request.Query["file"].ToString() is { Length: > 0 and < 300 } file ? file : "the definition";
}
