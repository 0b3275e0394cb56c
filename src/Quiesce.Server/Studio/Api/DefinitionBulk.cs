using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;

namespace Quiesce.Server.Studio;

/// <summary>
/// The same action for many definitions. What is refused for one does not keep the others from it: it is in <c>failed</c> with its reason, and the header tells the host page.
/// </summary>
internal static class DefinitionBulk
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var bulk = api.MapGroup("/bulk-actions");
        bulk.MapPost("/publish/workflow-definitions/by-definition-ids", PublishAsync);
        bulk.MapPost("/retract/workflow-definitions/by-definition-ids", RetractAsync);
        bulk.MapPost("/delete/workflow-definitions/by-definition-id", DeleteAsync);
        bulk.MapPost("/delete/workflow-definitions/by-id", DeleteVersionsAsync);
    }

    private static async Task<IResult> PublishAsync(HttpContext context, DefinitionCatalog catalog)
    {
        List<string> published = [], already = [], notFound = [], consumers = [], warnings = [];
        var failed = await EachAsync(context, "definitionIds", async id =>
        {
            if (catalog.Row(id, VersionSelector.Latest) is null)
            {
                notFound.Add(id);
                return;
            }

            var saved = await catalog.PublishAsync(id, context.CallerName(), context.RequestAborted);
            (saved.AlreadyPublished ? already : published).Add(id);
            consumers.AddRange(saved.UpdatedConsumers);
            warnings.AddRange(saved.Warnings);
        });
        return StudioJson.Answer(new JsonObject
        {
            ["published"] = StudioJson.Array(published), ["alreadyPublished"] = StudioJson.Array(already), ["notFound"] = StudioJson.Array(notFound), ["skipped"] = new JsonArray(),
            ["updatedConsumers"] = StudioJson.Array(consumers.Distinct()), ["failed"] = Ids(failed), ["warnings"] = StudioJson.Array(warnings), ["errors"] = Reasons(failed),
        });
    }

    private static async Task<IResult> RetractAsync(HttpContext context, DefinitionCatalog catalog)
    {
        List<string> retracted = [], already = [], notFound = [];
        var failed = await EachAsync(context, "definitionIds", async id =>
        {
            if (catalog.Row(id, VersionSelector.Latest) is null)
                notFound.Add(id);
            else if (catalog.Row(id, VersionSelector.Published) is null)
                already.Add(id);
            else
            {
                await catalog.RetractAsync(id, context.CallerName(), context.RequestAborted);
                retracted.Add(id);
            }
        });
        return StudioJson.Answer(new JsonObject
        {
            ["retracted"] = StudioJson.Array(retracted), ["alreadyRetracted"] = StudioJson.Array(already), ["notFound"] = StudioJson.Array(notFound), ["skipped"] = new JsonArray(),
            ["failed"] = Ids(failed), ["errors"] = Reasons(failed),
        });
    }

    private static Task<IResult> DeleteAsync(HttpContext context, DefinitionCatalog catalog) =>
        DeletedAsync(context, "definitionIds", id => catalog.Row(id, VersionSelector.Latest) is not null, id => catalog.DeleteAsync(id, context.RequestAborted));

    private static Task<IResult> DeleteVersionsAsync(HttpContext context, DefinitionCatalog catalog) =>
        DeletedAsync(context, "ids", id => catalog.RowByVersionId(id) is not null, id => catalog.DeleteVersionAsync(id, context.RequestAborted));

    private static async Task<IResult> DeletedAsync(HttpContext context, string member, Predicate<string> exists, Func<string, Task> delete)
    {
        var deleted = 0;
        var failed = await EachAsync(context, member, async id =>
        {
            // Asked for again, what is gone already is no refusal.
            if (!exists(id))
                return;
            await delete(id);
            deleted++;
        });
        return StudioJson.Answer(new JsonObject { ["deleted"] = deleted, ["failed"] = Ids(failed), ["errors"] = Reasons(failed) });
    }

    /// <summary>Does it for each id of the body; the reasons of those that were refused.</summary>
    private static async Task<List<(string Id, string Reason)>> EachAsync(HttpContext context, string member, Func<string, Task> act)
    {
        var failed = new List<(string, string)>();
        foreach (var id in (await StudioJson.ReadAsync(context)).Texts(member).Distinct(StringComparer.Ordinal))
            try
            {
                await act(id);
            }
            catch (Exception e) when (StudioRefusals.Reason(e) is { } reason)
            {
                failed.Add((id, reason));
            }

        if (failed.Count > 0)
            context.Response.Headers[StudioRefusals.Header] = "partly";
        return failed;
    }

    private static JsonArray Ids(List<(string Id, string Reason)> failed) => StudioJson.Array(failed.Select(one => one.Id));

    private static JsonObject Reasons(List<(string Id, string Reason)> failed)
    {
        var reasons = new JsonObject();
        foreach (var (id, reason) in failed)
            reasons[id] = new JsonArray(reason);
        return reasons;
    }
}
