using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Access;

namespace Quiesce.Server.Api;

/// <summary>Keys: list, make, delete. A key is shown when it is made and never again.</summary>
internal static class KeysApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys");
        keys.MapGet("", List).RequireRole(Roles.Administrator).As<PageOf<KeySummary>>("ListKeys", "Keys, the oldest first, without themselves.");
        keys.MapPost("", CreateAsync).RequireRole(Roles.Administrator).Takes<NewKey>().As<CreatedKey>("CreateKey", "Makes a key; the answer is the only place where it can ever be read.", StatusCodes.Status201Created)
            .Refuses(ProblemCodes.Invalid, ProblemCodes.Conflict);
        keys.MapDelete("/{id}", DeleteAsync).RequireRole(Roles.Administrator).As("DeleteKey", "Deletes a key, by id or name; its log-ins and open connections end.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict);
    }

    private static JsonHttpResult<PageOf<KeySummary>> List(HttpContext context, ApiKeys keys, [AsParameters] Paging paging) => paging.Of(
        context, [.. keys.All.Select(row => new KeySummary(row.Id, row.Name, row.Role, row.CreatedAt, row.CreatedBy, row.LastUsed, row.Id == context.User.KeyId()))], RestJson.Default.PageOfKeySummary);

    private static async Task<JsonHttpResult<CreatedKey>> CreateAsync(HttpContext context, ApiKeys keys)
    {
        var key = await Body.ReadAsync(context, RestJson.Default.NewKey, Body.Small);
        Body.Require(key.Name, "name");
        Body.Require(key.Role, "role");
        AuditRequests.About(context, $"keys/{key.Name}");
        return TypedResults.Json(await keys.CreateAsync(key, context.User.KeyName(), context.RequestAborted), RestJson.Default.CreatedKey, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<NoContent> DeleteAsync(string id, HttpContext context, ApiKeys keys, CancellationToken ct)
    {
        var deleted = await keys.DeleteAsync(id, ct);
        AuditRequests.About(context, $"keys/{deleted.Name}");
        return TypedResults.NoContent();
    }
}
