using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Engine;

namespace Quiesce.Server.Studio;

/// <summary>What Studio asks about the server before it draws anything: activities, expressions, types, strategies. No list is empty that it needs, and none is null.</summary>
internal static class DescriptorReads
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var descriptors = api.MapGroup("/descriptors");
        descriptors.MapGet("/activities", ActivitiesAsync);
        descriptors.MapPost("/activities/{typeName}/options/{propertyName}", OptionsAsync).ForViewers();
        descriptors.MapGet("/expression-descriptors", (ShownActivities shown) => StudioJson.Items(Expressions(shown)));
        descriptors.MapGet("/variables", Variables);
        descriptors.MapGet("/storage-drivers", () => StudioJson.Items([.. HostFacts.StorageDrivers.Select(Driver)]));
        descriptors.MapGet("/workflow-activation-strategies", () => StudioJson.Items([.. HostFacts.ActivationStrategies.Select(Strategy)]));
        descriptors.MapGet("/incident-strategies", () => StudioJson.Items([.. HostFacts.IncidentStrategies.Select(Strategy)]));
        descriptors.MapGet("/log-persistence-strategies", () => StudioJson.Items([.. HostFacts.LogPersistenceStrategies.Select(Strategy)]));
        descriptors.MapGet("/commit-strategies/workflows", () => StudioJson.Items([.. HostFacts.WorkflowCommitStrategies.Select(Commit)]));
        descriptors.MapGet("/commit-strategies/activities", () => StudioJson.Items([.. HostFacts.ActivityCommitStrategies.Select(Commit)]));
        descriptors.MapGet("/output-converters", () => StudioJson.Items([]));
    }

    private static async Task<IResult> ActivitiesAsync(HttpContext context, ActivityCatalog activities)
    {
        var (json, etag) = await activities.ListAsync(context.RequestAborted);
        context.Response.Headers.ETag = etag;
        // Kept by the browser and asked after each time: after a save that is a 304.
        context.Response.Headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch.Any(sent => sent is not null && sent.Split(',').Any(one => one.Trim() == etag)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return TypedResults.Bytes(json, "application/json; charset=utf-8");
    }

    private static async Task<IResult> OptionsAsync(string typeName, string propertyName, HttpContext context, ActivityCatalog activities) =>
        StudioJson.Answer(new JsonObject { ["items"] = await activities.OptionsAsync(typeName, propertyName, context.RequestAborted) });

    private static IResult Variables(HttpContext context)
    {
        // A type picker asks for it on each of its renderings.
        context.Response.Headers.CacheControl = "private, max-age=3600";
        return StudioJson.Items([.. HostFacts.VariableTypes.Select(one => (JsonNode)new JsonObject { ["typeName"] = one.TypeName, ["displayName"] = one.DisplayName, ["category"] = one.Category, ["description"] = one.Description })]);
    }

    /// <summary>Those that are evaluated here, and every other that a stored input uses: without its descriptor the panel of that input fails.</summary>
    private static JsonArray Expressions(ShownActivities shown)
    {
        var items = new JsonArray([.. HostFacts.Expressions.Select(one => Expression(one.Type, one.DisplayName, one.MonacoLanguage, one.IsBrowsable))]);
        var listed = HostFacts.Expressions.Select(one => one.Type).ToHashSet(StringComparer.Ordinal);
        foreach (var type in shown.Expressions.Order(StringComparer.Ordinal).Where(listed.Add))
            items.Add((JsonNode)Expression(type, type, null, isBrowsable: false));
        return items;
    }

    private static JsonObject Expression(string type, string name, string? language, bool isBrowsable = true) => new()
    {
        ["type"] = type, ["displayName"] = name, ["isSerializable"] = true, ["isBrowsable"] = isBrowsable, ["properties"] = language is null ? new JsonObject() : new JsonObject { ["MonacoLanguage"] = language },
    };

    private static JsonNode Strategy(TypeFact one) => new JsonObject { ["typeName"] = one.TypeName, ["displayName"] = one.DisplayName, ["description"] = one.Description };

    private static JsonNode Commit(NameFact one) => new JsonObject { ["name"] = one.Name, ["displayName"] = one.DisplayName, ["description"] = one.Description };

    private static JsonNode Driver(StorageDriverFact one) => new JsonObject { ["typeName"] = one.TypeName, ["displayName"] = one.DisplayName, ["priority"] = one.Priority, ["deprecated"] = one.Deprecated };
}
