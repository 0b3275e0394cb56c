using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Quiesce.Jobs.Documents;
using Quiesce.Server.Hosting;
using Quiesce.Storage;

namespace Quiesce.Server.Api;

/// <summary>What needs no key: whether the server works, and what a job file looks like.</summary>
internal static class SystemApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/health", HealthAsync).AllowAnonymous().As<JsonObject>("GetHealth", "Whether the server works and its database answers; needs no key.");
        routes.MapGet("/schemas/job.schema.json", () => TypedResults.Text(DocumentSchema.Job.Text, "application/schema+json")).AllowAnonymous().As<JsonObject>("GetJobSchema", "The JSON schema of a job file; needs no key.", type: "application/schema+json");
    }

    /// <summary>Asks the database for something: a server whose disk is full or gone is not well.</summary>
    private static async Task<ContentHttpResult> HealthAsync(Store store, CancellationToken ct)
    {
        await store.SettingAsync("health", ct);
        return TypedResults.Text(new JsonObject { ["status"] = "ok", ["version"] = ServerStatus.Version }.ToJsonString(), "application/json");
    }
}
