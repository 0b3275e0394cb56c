using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Quiesce.Jobs.Documents;
using Quiesce.Storage;

namespace Quiesce.Server.Api;

/// <summary>What needs no key: whether the server works, and what a job file looks like.</summary>
internal static class SystemApi
{
    private static readonly string Version = typeof(SystemApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/health", HealthAsync).AllowAnonymous();
        routes.MapGet("/schemas/job.schema.json", () => TypedResults.Text(DocumentSchema.Job.Text, "application/schema+json")).AllowAnonymous();
    }

    /// <summary>Asks the database for something: a server whose disk is full or gone is not well.</summary>
    private static async Task<ContentHttpResult> HealthAsync(Store store, CancellationToken ct)
    {
        await store.SettingAsync("health", ct);
        return TypedResults.Text(new JsonObject { ["status"] = "ok", ["version"] = Version }.ToJsonString(), "application/json");
    }
}
