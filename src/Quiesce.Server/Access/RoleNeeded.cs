using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Quiesce.Contracts.Rest;

namespace Quiesce.Server.Access;

/// <summary>The role that a route asks for, where the rule of <see cref="Of"/> does not fit.</summary>
internal sealed record RoleNeeded(string Role)
{
    /// <summary>The role for a request: what the route says, else viewer for reading and operator for everything else. Live connections are for whoever may look.</summary>
    public static string Of(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<RoleNeeded>()?.Role
        ?? (IsReading(context.Request.Method) || RequestKind.IsLive(context.Request.Path) ? Roles.Viewer : Roles.Operator);

    /// <summary>Methods that change nothing.</summary>
    public static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}

/// <summary>How a route says who may use it.</summary>
internal static class RoleNeededRoutes
{
    /// <summary>Only keys of this role or a higher one; the last word counts. A route that nobody needs a key for says <c>AllowAnonymous()</c>.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder route, string role) where TBuilder : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(new RoleNeeded(role)));
        return route;
    }
}
