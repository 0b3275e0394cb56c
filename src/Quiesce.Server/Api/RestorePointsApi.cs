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
        points.MapGet("", ListAsync);
        points.MapPost("/{id}/restore", RestoreAsync);
        points.MapDelete("/{id}", DeleteAsync);
    }

    private static async Task<JsonHttpResult<IReadOnlyList<RestorePoint>>> ListAsync(RestorePoints points, string? job = null, string? machine = null, CancellationToken ct = default) =>
        TypedResults.Json(await points.ListAsync(job, machine, ct), RestJson.Default.IReadOnlyListRestorePoint);

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
