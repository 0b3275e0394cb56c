using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Server.Access;
using Quiesce.Storage;

namespace Quiesce.Server.Api;

/// <summary>Workflow instances: list, look into, run, cancel, retry, delete.</summary>
internal static class InstancesApi
{
    private const long InputLimit = 1 << 20;

    public static void Map(IEndpointRouteBuilder api)
    {
        var instances = api.MapGroup("/instances");
        instances.MapGet("", ListAsync).As<PageOf<WorkflowInstance>>("ListInstances", "Workflow instances, the newest first.");
        instances.MapPost("", RunAsync).OncePerKey().Takes<RunWorkflow>().As<StartedWorkflow>("RunWorkflow", "Starts a workflow; durable when this answers.", StatusCodes.Status202Accepted).Refuses(ProblemCodes.Invalid, ProblemCodes.NotFound, ProblemCodes.Conflict);
        instances.MapGet("/{id}", GetAsync).As<JsonObject>("GetInstance", "An instance with its state document.").Refuses(ProblemCodes.NotFound);
        instances.MapGet("/{id}/journal", JournalAsync).As<PageOf<JsonObject>>("GetJournal", "What an instance did, the oldest first.").Refuses(ProblemCodes.NotFound);
        instances.MapPost("/{id}/cancel", CancelAsync).As<InstancesTouched>("CancelInstance", "Cancels an instance and those that it started.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict);
        instances.MapPost("/{id}/retry", RetryAsync).OncePerKey().As<InstancesTouched>("RetryInstance", "Executes the faulted activities of an instance once more.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict);
        instances.MapDelete("/{id}", DeleteAsync).As("DeleteInstance", "Deletes an instance; one that has not ended is cancelled first.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict);
    }

    private static async Task<JsonHttpResult<PageOf<WorkflowInstance>>> ListAsync(
        HttpContext context, Instances instances, [AsParameters] Paging paging, string? definition = null, string? status = null, string? session = null, string? search = null, CancellationToken ct = default)
    {
        if (status is not (null or "Running" or "Finished"))
            throw new RefusedException(ProblemCodes.Invalid, $"'{status}' is no status of an instance. It is Running or Finished.");
        var page = await instances.ListAsync(
            new InstanceQuery { Page = paging.Checked().Page, PageSize = paging.PageSize, DefinitionIds = definition is null ? [] : [definition], Statuses = status is null ? [] : [status], SessionId = session, SearchTerm = search }, ct);
        return paging.Answer(context, [.. page.Items.Select(View)], page.Total, RestJson.Default.PageOfWorkflowInstance);
    }

    private static async Task<JsonHttpResult<StartedWorkflow>> RunAsync(HttpContext context, Instances instances)
    {
        var run = await Body.ReadAsync(context, RestJson.Default.RunWorkflow, InputLimit);
        Body.Require(run.DefinitionId, "definitionId");
        AuditRequests.About(context, $"workflows/{run.DefinitionId}");
        var start = new StartInstance { DefinitionId = run.DefinitionId, Version = Version(run.Version), CorrelationId = run.CorrelationId, Name = run.Name, Input = run.Input, By = context.User.KeyName(), Dispatch = true };
        var started = await instances.ExecuteAsync(start, context.RequestAborted);
        return started.InstanceId is { } id
            ? TypedResults.Json(new StartedWorkflow(id, run.DefinitionId), RestJson.Default.StartedWorkflow, statusCode: StatusCodes.Status202Accepted)
            : throw new RefusedException(ProblemCodes.Conflict, started.CannotStart ?? $"The workflow '{run.DefinitionId}' was not started.");
    }

    private static VersionSelector Version(string? version)
    {
        try
        {
            return VersionSelector.Parse(version);
        }
        catch (FormatException e)
        {
            throw new RefusedException(ProblemCodes.Invalid, e.Message, e);
        }
    }

    private static async Task<ContentHttpResult> GetAsync(string id, Instances instances, CancellationToken ct)
    {
        var row = await FoundAsync(id, instances, ct);
        var answer = JsonSerializer.SerializeToNode(View(new InstanceSummary(row.Id, row.DefinitionId, row.DefinitionVersion, row.DefinitionVersionId, row.ParentId, row.SessionId, row.CorrelationId,
            row.Status, row.SubStatus, row.Phase, row.CreatedAt, row.UpdatedAt, row.FinishedAt, row.Name, row.IncidentCount)), RestJson.Default.WorkflowInstance)!.AsObject();
        answer["state"] = JsonNode.Parse(row.State);
        return TypedResults.Text(answer.ToJsonString(), "application/json");
    }

    private static async Task<JsonHttpResult<PageOf<JsonObject>>> JournalAsync(string id, HttpContext context, Instances instances, [AsParameters] Paging paging, CancellationToken ct)
    {
        await FoundAsync(id, instances, ct);
        var page = await instances.JournalAsync(id, new JournalFilter(), paging.Checked().Skip, paging.PageSize, ct);
        return paging.Answer(context, page.Items, page.Total, RestJson.Default.PageOfJsonObject);
    }

    private static async Task<JsonHttpResult<InstancesTouched>> CancelAsync(string id, Instances instances, CancellationToken ct)
    {
        if (await FoundAsync(id, instances, ct) is { FinishedAt: { } finished })
            throw new RefusedException(ProblemCodes.Conflict, $"The instance {id} ended at {finished:u}; there is nothing to cancel.");
        return TypedResults.Json(new InstancesTouched(await instances.CancelAsync([id], ct)), RestJson.Default.InstancesTouched);
    }

    private static async Task<JsonHttpResult<InstancesTouched>> RetryAsync(string id, Instances instances, CancellationToken ct)
    {
        await FoundAsync(id, instances, ct);
        return TypedResults.Json(new InstancesTouched(await instances.RetryAsync([id], null, ct)), RestJson.Default.InstancesTouched);
    }

    private static async Task<NoContent> DeleteAsync(string id, Instances instances, CancellationToken ct)
    {
        await FoundAsync(id, instances, ct);
        await instances.DeleteAsync([id], ct);
        return TypedResults.NoContent();
    }

    private static async Task<InstanceRow> FoundAsync(string id, Instances instances, CancellationToken ct) =>
        await instances.GetAsync(id, ct) ?? throw new RefusedException(ProblemCodes.NotFound, $"There is no instance '{id}'. `quiesce instance list` shows those there are.");

    private static WorkflowInstance View(InstanceSummary row) => new(
        row.Id, row.DefinitionId, row.DefinitionVersion, row.Name, row.Status, row.SubStatus, row.CorrelationId, row.ParentId, row.SessionId, row.IncidentCount, row.CreatedAt, row.UpdatedAt, row.FinishedAt);
}
