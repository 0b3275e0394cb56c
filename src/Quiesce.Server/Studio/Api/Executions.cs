using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Server.Studio;

/// <summary>What single activities did: the badges on the canvas, the executions of a node, the way to one, and the Test tab.</summary>
internal static class Executions
{
    private static readonly string[] Heavy = ["activityState", "payload", "outputs", "properties", "exception"];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/activity-executions/report", ReportAsync).ForViewers();
        api.MapGet("/activity-executions/list", ListAsync);
        api.MapGet("/activity-execution-summaries/list", SummariesAsync);
        api.MapGet("/activity-executions/by-id", OneAsync);
        api.MapGet("/activity-executions/{id}/call-stack", CallStackAsync);
        api.MapPost("/tests/activities", TestAsync);
    }

    private static async Task<IResult> ReportAsync(HttpContext context, Instances instances)
    {
        var request = await StudioJson.ReadAsync(context);
        var nodes = request.Texts("activityNodeIds");
        var stats = await instances.StatsAsync(request.Text("workflowInstanceId") ?? "", nodes.Count > 0 ? nodes : null, context.RequestAborted);
        return StudioJson.Answer(new JsonObject { ["stats"] = new JsonArray([.. stats.Select(InstanceAnswers.Stats)]) });
    }

    private static async Task<IResult> ListAsync(HttpContext context, Instances instances, string workflowInstanceId = "", string? activityNodeId = null) =>
        StudioJson.Items([.. await instances.ExecutionsAsync(workflowInstanceId, activityNodeId, context.RequestAborted)]);

    private static async Task<IResult> SummariesAsync(HttpContext context, Instances instances, string workflowInstanceId = "", string? activityNodeId = null)
    {
        var records = await instances.ExecutionsAsync(workflowInstanceId, activityNodeId, context.RequestAborted);
        foreach (var record in records)
            foreach (var name in Heavy)
                record.Remove(name);
        return StudioJson.Items([.. records]);
    }

    private static async Task<IResult> OneAsync(HttpContext context, Instances instances, string id = "") => StudioJson.Answer(await instances.ExecutionAsync(id, context.RequestAborted)
        ?? throw new RefusedException(ProblemCodes.NotFound, $"There is no execution '{id}' of an activity: its instance was deleted. Reload the page."));

    private static async Task<IResult> CallStackAsync(string id, HttpContext context, Instances instances)
    {
        var records = await instances.CallStackAsync(id, context.RequestAborted);
        return StudioJson.Answer(new JsonObject { ["activityExecutionId"] = id, ["items"] = new JsonArray([.. records]), ["totalCount"] = records.Count });
    }

    private static async Task<IResult> TestAsync(HttpContext context, Instances instances)
    {
        var request = await StudioJson.ReadAsync(context);
        var versionId = (request["workflowDefinitionHandle"] as JsonObject)?.Text("definitionVersionId");
        var handle = request["activityHandle"] as JsonObject;
        if ((handle?.Text("activityNodeId") ?? handle?.Text("activityId")) is not { Length: > 0 } nodeId || string.IsNullOrEmpty(versionId))
            throw new RefusedException(ProblemCodes.Invalid, "The body names no activity. Send 'workflowDefinitionHandle.definitionVersionId' and 'activityHandle.activityNodeId'.");
        var tested = await instances.TestActivityAsync(versionId, nodeId, context.RequestAborted);
        return StudioJson.Answer(new JsonObject
        {
            ["activityState"] = tested.ActivityState?.DeepClone() ?? new JsonObject(), ["payload"] = tested.Payload?.DeepClone() ?? new JsonObject(), ["outputs"] = tested.Outputs?.DeepClone() ?? new JsonObject(),
            ["exception"] = tested.Exception?.DeepClone(), ["status"] = tested.Status.ToString(),
        });
    }
}
