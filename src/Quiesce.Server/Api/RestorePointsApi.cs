using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Server.Api;

/// <summary>Restore points: list, restore, delete.</summary>
internal static class RestorePointsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var points = api.MapGroup("/restore-points");
        points.MapGet("", ListAsync).As<PageOf<RestorePoint>>("ListRestorePoints", "Restore points, the newest first; of one job or machine, or all.");
        points.MapPost("/{id}/restore", RestoreAsync).OncePerKey().Takes<RestoreRequest>().As<Restored>("RestorePoint", "Restores a point into a new or empty folder; answers when the data is there.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict, ProblemCodes.Invalid, ProblemCodes.GuestFailed);
        points.MapDelete("/{id}", DeleteAsync).As("DeleteRestorePoint", "Deletes a restore point for good.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict, ProblemCodes.GuestFailed);
    }

    private static async Task<JsonHttpResult<PageOf<RestorePoint>>> ListAsync(HttpContext context, RestorePoints points, [AsParameters] Paging paging, string? job = null, string? machine = null, CancellationToken ct = default)
    {
        var (items, total) = await points.PageAsync(job, machine, paging.Checked().Skip, paging.PageSize, ct);
        return paging.Answer(context, items, total, RestJson.Default.PageOfRestorePoint);
    }

    /// <summary>Answers when the data is there; that takes as long as it takes.</summary>
    private static async Task<JsonHttpResult<Restored>> RestoreAsync(string id, HttpContext context, RestorePoints points)
    {
        var request = await Body.ReadAsync(context, RestJson.Default.RestoreRequest, Body.Small);
        Body.Require(request.To, "to");
        return TypedResults.Json(await points.RestoreAsync(id, request.To, context.RequestAborted), RestJson.Default.Restored);
    }

    private static async Task<NoContent> DeleteAsync(string id, RestorePoints points, CancellationToken ct)
    {
        await points.DeleteAsync(id, ct);
        return TypedResults.NoContent();
    }
}
