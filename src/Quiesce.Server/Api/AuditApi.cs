using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Access;

namespace Quiesce.Server.Api;

/// <summary>The audit: who did what, and when.</summary>
internal static class AuditApi
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/audit", ListAsync).RequireRole(Roles.Administrator).As<PageOf<AuditEntry>>("ListAudit", "What was done and what was refused, the newest first; by one key's name, or on one subject such as jobs/nightly-db.");

    private static async Task<JsonHttpResult<PageOf<AuditEntry>>> ListAsync(HttpContext context, AuditTrail audit, [AsParameters] Paging paging, string? by = null, string? subject = null, CancellationToken ct = default)
    {
        var (items, total) = await audit.ListAsync(by, subject, paging.Checked().Skip, paging.PageSize, ct);
        return paging.Answer(context, items, total, RestJson.Default.PageOfAuditEntry);
    }
}
