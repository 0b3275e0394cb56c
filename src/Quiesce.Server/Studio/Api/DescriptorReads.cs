using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quiesce.Server.Studio;

/// <summary>What Studio asks about the server before it draws anything: activities, expressions, types, strategies. No list is empty that it needs, and none is null.</summary>
internal static class DescriptorReads
{
    private const string Core = "Elsa.Workflows.Core";
    private const string Runtime = "Elsa.Workflows.Runtime";

    private static readonly (string Type, string Category, string Description)[] Types =
    [
        ("Object", "Primitives", "Any value"), ("String", "Primitives", "Text"), ("Boolean", "Primitives", "True or false"),
        ("Int16", "Primitives", "Whole number, 16 bits"), ("Int32", "Primitives", "Whole number, 32 bits"), ("Int64", "Primitives", "Whole number, 64 bits"),
        ("Single", "Primitives", "Number with a point, 32 bits"), ("Double", "Primitives", "Number with a point, 64 bits"), ("Decimal", "Primitives", "Number with a point, exact"),
        ("Guid", "Primitives", "Globally unique id"), ("DateTime", "Primitives", "Date and time"), ("DateTimeOffset", "Primitives", "Date and time with offset"), ("TimeSpan", "Primitives", "Duration"),
        ("ByteArray", "Data", "Bytes"), ("JSON", "Data", "Object with any members"), ("JsonElement", "Data", "JSON"), ("JsonNode", "Data", "JSON"), ("JsonObject", "Data", "JSON object"), ("JsonArray", "Data", "JSON array"),
        ("ObjectDictionary", "Data", "Names and any values"), ("StringDictionary", "Data", "Names and texts"),
    ];

    private static readonly (string Type, string Description)[] Activation =
    [
        ($"Elsa.Workflows.ActivationValidators.AllowAlwaysStrategy, {Core}", "Starts whenever it is asked to."),
        ($"Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, {Runtime}", "Starts when no instance of this workflow runs."),
        ($"Elsa.Workflows.Runtime.ActivationValidators.CorrelatedSingletonStrategy, {Runtime}", "Starts when no instance of this workflow with the same correlation id runs."),
        ($"Elsa.Workflows.Runtime.ActivationValidators.CorrelationStrategy, {Runtime}", "Starts when no instance of any workflow with the same correlation id runs."),
    ];

    public static void Map(IEndpointRouteBuilder api)
    {
        var descriptors = api.MapGroup("/descriptors");
        descriptors.MapGet("/activities", ActivitiesAsync);
        descriptors.MapPost("/activities/{typeName}/options/{propertyName}", OptionsAsync).ForViewers();
        descriptors.MapGet("/expression-descriptors", (ShownActivities shown) => StudioJson.Items(Expressions(shown)));
        descriptors.MapGet("/variables", Variables);
        descriptors.MapGet("/storage-drivers", () => StudioJson.Items([Driver("WorkflowInstanceStorageDriver", "Workflow instance", 5), Driver("MemoryStorageDriver", "Memory", 0)]));
        descriptors.MapGet("/workflow-activation-strategies", () => StudioJson.Items([.. Activation.Select(one => Strategy(one.Type, one.Description))]));
        descriptors.MapGet("/incident-strategies", () => StudioJson.Items(
        [
            Strategy($"Elsa.Workflows.IncidentStrategies.FaultStrategy, {Core}", "The instance ends when an activity fails."),
            Strategy($"Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, {Core}", "Other branches go on when an activity fails."),
        ]));
        descriptors.MapGet("/log-persistence-strategies", () => StudioJson.Items(
        [
            Strategy($"Elsa.Workflows.LogPersistence.Strategies.Inherit, {Core}", "As the activity or workflow above says."),
            Strategy($"Elsa.Workflows.LogPersistence.Strategies.Include, {Core}", "Values are kept in the records."),
            Strategy($"Elsa.Workflows.LogPersistence.Strategies.Exclude, {Core}", "Values are not kept in the records."),
        ]));
        descriptors.MapGet("/commit-strategies/workflows", () => StudioJson.Items(
        [
            Commit("WorkflowExecuting", "Before a workflow executes."), Commit("WorkflowExecuted", "After a workflow executed."),
            Commit("ActivityExecuting", "Before each activity."), Commit("ActivityExecuted", "After each activity."),
        ]));
        descriptors.MapGet("/commit-strategies/activities", () => StudioJson.Items(
        [
            Commit("CommitAlways", "Before and after this activity."), Commit("CommitNever", "Not at this activity."), Commit("Executing", "Before this activity."), Commit("Executed", "After this activity."),
        ]));
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
        return StudioJson.Items([.. Types.Select(one => (JsonNode)new JsonObject { ["typeName"] = one.Type, ["displayName"] = one.Type, ["category"] = one.Category, ["description"] = one.Description })]);
    }

    /// <summary>Those that are evaluated here, and every other that a stored input uses: without its descriptor the panel of that input fails.</summary>
    private static JsonArray Expressions(ShownActivities shown)
    {
        var items = new JsonArray(
            Expression("Literal", "Literal", null), Expression("Object", "Object", "json"), Expression("JavaScript", "JavaScript", "javascript"), Expression("Variable", "Variable", null), Expression("Input", "Input", null));
        var listed = items.Select(item => item!["type"]!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        (string Type, string Name, string Language)[] kept = [("Liquid", "Liquid", "liquid"), ("CSharp", "C#", "csharp"), ("Python", "Python", "python"), ("Json", "JSON", "json")];
        foreach (var (type, name, language) in kept.Where(one => listed.Add(one.Type)))
            items.Add((JsonNode)Expression(type, name, language, isBrowsable: false));
        foreach (var type in shown.Expressions.Order(StringComparer.Ordinal).Where(listed.Add))
            items.Add((JsonNode)Expression(type, type, null, isBrowsable: false));
        return items;
    }

    private static JsonObject Expression(string type, string name, string? language, bool isBrowsable = true) => new()
    {
        ["type"] = type, ["displayName"] = name, ["isSerializable"] = true, ["isBrowsable"] = isBrowsable, ["properties"] = language is null ? new JsonObject() : new JsonObject { ["MonacoLanguage"] = language },
    };

    private static JsonNode Strategy(string typeName, string description)
    {
        var name = typeName.Split(',')[0].Split('.')[^1];
        return new JsonObject { ["typeName"] = typeName, ["displayName"] = ActivityDescriptorJson.Words(name.EndsWith("Strategy", StringComparison.Ordinal) ? name[..^8] : name), ["description"] = description };
    }

    private static JsonNode Commit(string name, string description) => new JsonObject { ["name"] = name, ["displayName"] = ActivityDescriptorJson.Words(name), ["description"] = description };

    private static JsonNode Driver(string name, string displayName, double priority) => new JsonObject { ["typeName"] = $"Elsa.Workflows.{name}, {Core}", ["displayName"] = displayName, ["priority"] = priority, ["deprecated"] = false };
}
