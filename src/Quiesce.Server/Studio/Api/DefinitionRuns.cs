using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;

namespace Quiesce.Server.Studio;

/// <summary>
/// Starts definitions. Studio looks at two headers and at nothing else: a refused Run carries <see cref="CannotStart"/> with every status, because without it the
/// list says "Successfully started".
/// </summary>
internal static class DefinitionRuns
{
    public const string InstanceId = "x-elsa-workflow-instance-id";
    public const string CannotStart = "x-elsa-workflow-cannot-start";
    private const int MostAtOnce = 1000;

    public static void Map(IEndpointRouteBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions/{definitionId}");
        definitions.MapPost("/execute", ExecuteAsync);
        definitions.MapPost("/dispatch", DispatchAsync);
        definitions.MapPost("/bulk-dispatch", DispatchManyAsync);
    }

    private static async Task<IResult> ExecuteAsync(string definitionId, HttpContext context, Instances instances)
    {
        // Whatever goes wrong from here on, Studio must not call it started.
        context.Response.Headers[CannotStart] = "true";
        try
        {
            var request = await StudioJson.ReadAsync(context);
            var started = await instances.ExecuteAsync(Start(definitionId, request, context), context.RequestAborted);
            context.Response.Headers["x-elsa-response"] = "true";
            if (started.CannotStart is { } reason)
                return Refuse(context, ProblemCodes.Conflict, reason, StatusCodes.Status200OK);
            context.Response.Headers.Remove(CannotStart);
            context.Response.Headers[InstanceId] = started.InstanceId;
            return StudioJson.Answer(new JsonObject { ["workflowState"] = started.State?.ToJson() });
        }
        catch (Exception e) when (StudioRefusals.Reason(e) is { } reason)
        {
            return Refuse(context, (e as RefusedException)?.Code ?? ProblemCodes.Invalid, reason, StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<IResult> DispatchAsync(string definitionId, HttpContext context, Instances instances)
    {
        var started = await instances.ExecuteAsync(Start(definitionId, await StudioJson.ReadAsync(context), context) with { Dispatch = true }, context.RequestAborted);
        return started.InstanceId is { } id ? StudioJson.Answer(new JsonObject { ["workflowInstanceId"] = id }) : Refuse(context, ProblemCodes.Conflict, started.CannotStart!, StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> DispatchManyAsync(string definitionId, HttpContext context, Instances instances)
    {
        var request = await StudioJson.ReadAsync(context);
        var count = request.Integer("count") ?? 1;
        if (count is < 1 or > MostAtOnce)
            throw new RefusedException(ProblemCodes.Invalid, $"'count' has to be between 1 and {MostAtOnce}; it is {count}.");
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var started = await instances.ExecuteAsync(Start(definitionId, request, context) with { Dispatch = true }, context.RequestAborted);
            if (started.InstanceId is not { } id)
                return Refuse(context, ProblemCodes.Conflict, $"{started.CannotStart} {ids.Count} of {count} were started.", StatusCodes.Status400BadRequest);
            ids.Add(id);
        }

        return StudioJson.Answer(new JsonObject { ["workflowInstanceIds"] = StudioJson.Array(ids) });
    }

    private static StartInstance Start(string definitionId, JsonObject request, HttpContext context) => new()
    {
        DefinitionId = definitionId,
        Version = request["versionOptions"] is JsonValue value ? VersionSelector.Parse(value.ToString()) : VersionSelector.Published,
        CorrelationId = request.Text("correlationId") is { Length: > 0 } correlation ? correlation : null,
        Name = request.Text("name") is { Length: > 0 } name ? name : null,
        Input = request["input"] as JsonObject,
        TriggerActivityId = request.Text("triggerActivityId") is { Length: > 0 } trigger ? trigger : null,
        By = context.CallerName(),
    };

    private static StudioJson.JsonAnswer Refuse(HttpContext context, string code, string reason, int status)
    {
        context.Response.Headers[CannotStart] = "true";
        context.Response.Headers[StudioRefusals.Header] = code;
        var document = StudioRefusals.Document(code, [reason], status);
        document["workflowState"] = null;
        return new StudioJson.JsonAnswer(document) { Status = status };
    }
}
