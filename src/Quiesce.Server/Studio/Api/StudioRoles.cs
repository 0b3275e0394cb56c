using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Access;

namespace Quiesce.Server.Studio;

/// <summary>Who may do what in Studio. One who may only look gets no links for the rest, so that Studio shows everything read-only.</summary>
internal static class StudioRoles
{
    /// <summary>A POST that only reads.</summary>
    public static T ForViewers<T>(this T route) where T : IEndpointConventionBuilder => route.RequireRole(Roles.Viewer);

    /// <summary>May save, publish, run and delete.</summary>
    public static bool MayEdit(this HttpContext context) => context.User.Has(Roles.Operator);

    /// <summary>For the history, and for those who meet a conflict.</summary>
    public static string CallerName(this HttpContext context) => context.User.KeyName();
}
