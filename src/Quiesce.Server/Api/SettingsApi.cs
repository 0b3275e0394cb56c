using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Access;
using Quiesce.Server.Hosting;

namespace Quiesce.Server.Api;

/// <summary>Settings that are changed while the server runs, and facts about it.</summary>
internal static class SettingsApi
{
    private const string Subject = "settings";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/settings", GetAsync).As<ServerSettings>("GetSettings", "How long things are kept; with an ETag.");
        api.MapPut("/settings", PutAsync).RequireRole(Roles.Administrator).Takes<ServerSettings>().As<ServerSettings>("ChangeSettings", "Changes how long things are kept.").Refuses(ProblemCodes.Invalid, ProblemCodes.PreconditionFailed);
        api.MapGet("/server", FactsAsync).As<ServerFacts>("GetServer", "What runs here, and how much of everything there is.");
    }

    private static async Task<IResult> GetAsync(HttpContext context, Retention retention, CancellationToken ct) =>
        Etags.Json(context, await retention.SettingsAsync(ct), RestJson.Default.ServerSettings);

    private static async Task<IResult> PutAsync(HttpContext context, Retention retention, AuditTrail audit)
    {
        var settings = await Body.ReadAsync(context, RestJson.Default.ServerSettings, Body.Small);
        AuditRequests.About(context, Subject);
        await retention.ChangeAsync(settings, now => Etags.RequireMatchAsync(context, Etags.Of(now, RestJson.Default.ServerSettings), Subject, audit), context.RequestAborted);
        return Etags.Json(context, settings, RestJson.Default.ServerSettings);
    }

    private static async Task<IResult> FactsAsync(ServerStatus status, CancellationToken ct) => TypedResults.Json(await status.FactsAsync(ct), RestJson.Default.ServerFacts);
}
