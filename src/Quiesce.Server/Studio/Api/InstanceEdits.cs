using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;
using Quiesce.Storage;

namespace Quiesce.Server.Studio;

/// <summary>Instances: cancel, delete, set variables, execute what faulted once more.</summary>
internal static class InstanceEdits
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/cancel/workflow-instances/{id}", CancelAsync);
        api.MapPost("/bulk-actions/cancel/workflow-instances", CancelManyAsync);
        api.MapDelete("/workflow-instances/{id}", DeleteAsync);
        api.MapPost("/bulk-actions/delete/workflow-instances/by-id", DeleteManyAsync);
        api.MapPost("/workflow-instances/{id}/variables", SetVariablesAsync);
        api.MapPost("/bulk-actions/import/workflow-instances", Import).DisableAntiforgery();
        api.MapPost("/alterations/workflows/retry", RetryAsync);
    }

    /// <summary>An unknown or ended instance is no error: whoever cancels twice has what he wanted.</summary>
    private static async Task<IResult> CancelAsync(string id, HttpContext context, Instances instances) =>
        StudioJson.Answer(new JsonObject { ["cancelled"] = await instances.CancelAsync([id], context.RequestAborted) });

    private static async Task<IResult> CancelManyAsync(HttpContext context, Instances instances, DefinitionCatalog catalog)
    {
        var request = await StudioJson.ReadAsync(context);
        var ids = request.Texts("ids");
        var cancelled = ids.Count > 0 ? await instances.CancelAsync(ids, context.RequestAborted)
            : Selected(request, catalog) is { } query ? await instances.CancelAllAsync(query, context.RequestAborted)
            : throw new RefusedException(ProblemCodes.Invalid, "The body names nothing to cancel. Send 'ids', 'definitionVersionId' or 'definitionId'.");
        return StudioJson.Answer(new JsonObject { ["cancelled"] = cancelled });
    }

    private static InstanceQuery? Selected(JsonObject request, DefinitionCatalog catalog)
    {
        if (request.Text("definitionVersionId") is { Length: > 0 } versionId)
            return new InstanceQuery { DefinitionVersionId = versionId };
        if (request.Text("definitionId") is not { Length: > 0 } definitionId)
            return null;
        if (DefinitionReads.Selector(request.Text("versionOptions")) is not { } version)
            return new InstanceQuery { DefinitionIds = [definitionId] };
        return new InstanceQuery { DefinitionVersionId = (catalog.Row(definitionId, version) ?? throw DefinitionAnswers.NotFound(definitionId)).VersionId };
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, Instances instances)
    {
        await instances.DeleteAsync([id], context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> DeleteManyAsync(HttpContext context, Instances instances)
    {
        var (deleted, failed, reasons) = (0, new JsonArray(), new JsonObject());
        // One by one: an instance that belongs to a session stays, and keeps none of the others.
        foreach (var id in (await StudioJson.ReadAsync(context)).Texts("ids").Distinct(StringComparer.Ordinal))
            try
            {
                deleted += await instances.DeleteAsync([id], context.RequestAborted);
            }
            catch (RefusedException e)
            {
                failed.Add((JsonNode)id);
                reasons[id] = new JsonArray(e.Message);
                context.Response.Headers[StudioRefusals.Header] = "partly";
            }

        return StudioJson.Answer(new JsonObject { ["deleted"] = deleted, ["failed"] = failed, ["errors"] = reasons });
    }

    private static async Task<IResult> SetVariablesAsync(string id, HttpContext context, Instances instances)
    {
        var request = await StudioJson.ReadAsync(context);
        var values = request["variables"] switch
        {
            JsonObject named => named.DeepClone().AsObject(),
            JsonArray list => new JsonObject(list.OfType<JsonObject>().Select(one => KeyValuePair.Create(one.Text("id") ?? one.Text("name") ?? "", one["value"]?.DeepClone()))),
            _ => throw new RefusedException(ProblemCodes.Invalid, "The body has no 'variables'. Send a list of id and value, or an object."),
        };
        await instances.SetVariablesAsync(id, values, context.RequestAborted);
        var variables = await instances.VariablesAsync(id, context.RequestAborted);
        return StudioJson.Items([.. variables.Select(one => (JsonNode)new JsonObject { ["id"] = one.Id, ["name"] = one.Name, ["value"] = one.Value?.DeepClone() })]);
    }

    /// <summary>An instance is the record of work that was done here, on machines that are here. One from elsewhere would go on with operations that nobody started.</summary>
    private static IResult Import() => throw new RefusedException(
        ProblemCodes.Invalid, "Instances are not imported: one that ran elsewhere would go on here with work that was never started here. Import its definition, and run that.");

    private static async Task<IResult> RetryAsync(HttpContext context, Instances instances)
    {
        var request = await StudioJson.ReadAsync(context);
        var ids = request.Texts("workflowInstanceIds");
        if (ids.Count == 0)
            throw new RefusedException(ProblemCodes.Invalid, "The body names no instance. Send 'workflowInstanceIds'.");
        var activities = request.Texts("activityIds");
        return StudioJson.Answer(new JsonObject { ["retried"] = await instances.RetryAsync(ids, activities.Count > 0 ? activities : null, context.RequestAborted), ["results"] = new JsonArray() });
    }
}
