using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Hosting;

namespace Quiesce.Server.Api;

/// <summary>Guest interaction proxies: those in this process; there are no others yet.</summary>
internal static class ProxiesApi
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/proxies", List).As<PageOf<ProxySummary>>("ListProxies", "Guest interaction proxies, what they can do and how busy they are.");

    private static JsonHttpResult<PageOf<ProxySummary>> List(HttpContext context, IEnumerable<ProxyPresence> proxies, [AsParameters] Paging paging) =>
        paging.Of(context, [.. proxies.Select(proxy => proxy.Summary())], RestJson.Default.PageOfProxySummary);
}
