using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Server.Api;

/// <summary>What sessions had to leave at guests: list, retry now.</summary>
internal static class LeftoversApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var leftovers = api.MapGroup("/leftovers");
        leftovers.MapGet("", ListAsync).As<PageOf<LeftoverSummary>>("ListLeftovers", "What is still owed to guests after their sessions ended, the oldest first; of one machine or all.");
        leftovers.MapPost("/{id}/retry", RetryAsync).As<LeftoverRetried>("RetryLeftover", "Tries now to do away with it; a guest that still cannot be reached is a 200 that says why.").Refuses(ProblemCodes.NotFound);
    }

    private static async Task<JsonHttpResult<PageOf<LeftoverSummary>>> ListAsync(HttpContext context, Leftovers leftovers, [AsParameters] Paging paging, string? machine = null, CancellationToken ct = default)
    {
        var (items, total) = await leftovers.ListAsync(machine, paging.Checked().Skip, paging.PageSize, ct);
        return paging.Answer(context, items, total, RestJson.Default.PageOfLeftoverSummary);
    }

    private static async Task<JsonHttpResult<LeftoverRetried>> RetryAsync(string id, Leftovers leftovers, CancellationToken ct) =>
        TypedResults.Json(await leftovers.RetryAsync(id, ct), RestJson.Default.LeftoverRetried);
}
