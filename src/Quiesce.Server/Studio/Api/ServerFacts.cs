using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Engine;

namespace Quiesce.Server.Studio;

/// <summary>Which optional parts of Studio work with this server, its version, and the log-in that its host page has done already.</summary>
internal static class ServerFacts
{
    /// <summary>The format that is served; Studio compares it with its own.</summary>
    public const string Version = "3.8.0";

    private static readonly (string FullName, string DisplayName, string Description)[] Features = 
    [
        ("Elsa.RealTimeWorkflowUpdates", "Live updates", "The instance viewer follows an instance while it runs."),
        ("Elsa.Resilience", "Resilience", "HTTP requests are sent again as the strategy says that their activity names."),
    ];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/features/installed", () => StudioJson.Items([.. Features.Select(feature => (JsonNode)Feature(feature))]));
        api.MapGet("/features/installed/{fullName}", One);
        api.MapGet("/package/version", () => StudioJson.Answer(new JsonObject { ["packageVersion"] = Version }));
        api.MapPost("/identity/login", () => StudioJson.Answer(new JsonObject { ["isAuthenticated"] = false, ["accessToken"] = null, ["refreshToken"] = null })).ForViewers();
        api.MapGet("/resilience/strategies", (string? category) => StudioJson.Items([.. category is null or "HTTP" ? HttpRetry.Standard.Select(Strategy) : []]));
        // Attempts are in the journal of the instance; nothing else is kept of them.
        api.MapGet("/resilience/retries/{activityInstanceId}", () => StudioJson.Paged([], 0));
        api.MapGet("/workflow-contexts/provider-descriptors", () => StudioJson.Items([]));
    }

    /// <summary>Not there is said with 404, which Studio takes for an answer.</summary>
    private static IResult One(string fullName)
    {
        var feature = Array.Find(Features, one => one.FullName == fullName);
        return feature == default ? new StudioJson.JsonAnswer(StudioRefusals.Document("not-found", [$"The feature {fullName} is not installed."], 404)) { Status = StatusCodes.Status404NotFound } : StudioJson.Answer(Feature(feature));
    }

    private static JsonNode Strategy(HttpRetry retry) => new JsonObject
    {
        ["id"] = retry.Id, ["displayName"] = retry.DisplayName, ["maxRetryAttempts"] = retry.MaxRetryAttempts, ["useJitter"] = retry.UseJitter,
        ["delay"] = retry.Delay.ToString("c", CultureInfo.InvariantCulture), ["backoffType"] = retry.Backoff.ToString(),
    };

    private static JsonObject Feature((string FullName, string DisplayName, string Description) feature) => new()
    {
        ["name"] = feature.FullName.Split('.')[^1], ["namespace"] = "Elsa", ["fullName"] = feature.FullName, ["displayName"] = feature.DisplayName, ["description"] = feature.Description,
    };
}
