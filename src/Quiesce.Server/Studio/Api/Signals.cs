using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Server.Studio;

/// <summary>What other programs tell workflows through Elsa's paths: results of tasks, and events.</summary>
internal static class Signals
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/tasks/{taskId}/complete", CompleteAsync);
        api.MapPost("/events/{eventName}/trigger", TriggerAsync);
    }

    private static async Task<IResult> CompleteAsync(string taskId, HttpContext context, Instances instances)
    {
        var request = await StudioJson.ReadAsync(context);
        if (!await instances.CompleteTaskAsync(taskId, request["result"]?.DeepClone(), context.RequestAborted))
            throw new RefusedException(ProblemCodes.NotFound, $"No workflow waits for the task '{taskId}': it was completed already, or its instance has ended.");
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<IResult> TriggerAsync(string eventName, HttpContext context, Instances instances)
    {
        var request = await StudioJson.ReadAsync(context);
        var started = await instances.TriggerEventAsync(new TriggeredEvent
        {
            Name = eventName, CorrelationId = request.Text("correlationId"), InstanceId = request.Text("workflowInstanceId"), ActivityInstanceId = request.Text("activityInstanceId"),
            Payload = (request["input"] ?? request["payload"])?.DeepClone(),
        }, context.RequestAborted);
        return StudioJson.Answer(new JsonObject { ["workflowInstanceIds"] = StudioJson.Array(started) });
    }
}
