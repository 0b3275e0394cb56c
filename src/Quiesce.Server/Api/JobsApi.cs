using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Jobs.Documents;
using Quiesce.Jobs.Schedules;
using Quiesce.Server.Access;

namespace Quiesce.Server.Api;

/// <summary>Jobs: apply, list, show, delete, start, stop, enable, disable, what their schedules mean; and the retry of a session.</summary>
internal static class JobsApi
{
    /// <summary>A document and its scripts in base64.</summary>
    private const long ApplyLimit = 64 << 20;

    public static void Map(IEndpointRouteBuilder api)
    {
        var jobs = api.MapGroup("/jobs");
        jobs.MapPost("", ApplyAsync).Takes<ApplyJob>().As<JobDocument>("ApplyJob", "Takes a job over, new or in the place of the one of the same name; the answer has revision and warnings besides.").Refuses(ProblemCodes.Invalid, ProblemCodes.PreconditionFailed);
        jobs.MapPost("/validate", ValidateAsync).Takes<ApplyJob>().As<IReadOnlyList<Complaint>>("ValidateJob", "Everything that would be said of a job if it were applied; nothing is written.");
        jobs.MapGet("", ListAsync).As<PageOf<JobSummary>>("ListJobs", "Jobs by name, with what became of their last session.");
        jobs.MapGet("/{name}", GetAsync).As<JobDocument>("GetJob", "A job as it is in force: a document that can be applied again.").Refuses(ProblemCodes.NotFound);
        jobs.MapDelete("/{name}", DeleteAsync).As("DeleteJob", "Deletes a job; its sessions and restore points stay.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict, ProblemCodes.PreconditionFailed);
        jobs.MapPost("/{name}/start", StartAsync).OncePerKey().As<StartedSession>("StartJob", "Starts a session of a job.", StatusCodes.Status202Accepted).Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict);
        jobs.MapPost("/{name}/stop", StopAsync).As("StopJob", "Stops a job's session: machines in hand finish, or are undone now.", StatusCodes.Status202Accepted).Refuses(ProblemCodes.Conflict);
        jobs.MapPost("/{name}/enable", (string name, JobCatalog jobs, CancellationToken ct) => EnableAsync(name, true, jobs, ct)).As("EnableJob", "Lets a job start by itself again; what it missed is not made up for.").Refuses(ProblemCodes.NotFound);
        jobs.MapPost("/{name}/disable", (string name, JobCatalog jobs, CancellationToken ct) => EnableAsync(name, false, jobs, ct)).As("DisableJob", "Lets a job's schedule rest; it can still be started by hand.").Refuses(ProblemCodes.NotFound);
        jobs.MapGet("/{name}/scripts", ScriptsAsync).As<IReadOnlyDictionary<string, string>>("GetJobScripts", "The scripts that a job names, in base64 by file name.").Refuses(ProblemCodes.NotFound);
        jobs.MapGet("/{name}/schedule/preview", PreviewAsync).As<SchedulePreview>("PreviewJobSchedule", "The next starts of a job.").Refuses(ProblemCodes.NotFound, ProblemCodes.Invalid);
        api.MapPost("/schedules/preview", PreviewUnsavedAsync).Takes<PreviewSchedule>().As<SchedulePreview>("PreviewSchedule", "The next starts of a schedule that is not saved.").Refuses(ProblemCodes.Invalid);
        api.MapPost("/sessions/{id}/retry", RetryAsync).OncePerKey().Takes<RetrySession>().As<StartedSession>("RetrySession", "Runs the failed machines of a session again, or some of them.", StatusCodes.Status202Accepted).Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict, ProblemCodes.Invalid);
    }

    /// <summary>The job as it was taken over, with its revision and the warnings beside its own members.</summary>
    private static async Task<ContentHttpResult> ApplyAsync(HttpContext context, JobCatalog jobs, AuditTrail audit)
    {
        var apply = await Body.ReadAsync(context, RestJson.Default.ApplyJob, ApplyLimit);
        Body.Require(apply.Document, "document");
        Body.Require(apply.FileName, "fileName");
        var applied = await JobConditions.ApplyAsync(context, apply with { Scripts = apply.Scripts ?? new Dictionary<string, string>() }, jobs, audit);
        context.Response.Headers.ETag = Etags.Of(applied.Revision);
        var answer = JsonSerializer.SerializeToNode(applied.Job, RestJson.Default.JobDocument)!.AsObject();
        answer["revision"] = applied.Revision;
        answer["warnings"] = JsonSerializer.SerializeToNode(applied.Warnings, RestJson.Default.IReadOnlyListComplaint);
        return TypedResults.Text(answer.ToJsonString(), "application/json");
    }

    private static async Task<JsonHttpResult<IReadOnlyList<Complaint>>> ValidateAsync(HttpContext context, JobCatalog jobs)
    {
        var apply = await Body.ReadAsync(context, RestJson.Default.ApplyJob, ApplyLimit);
        Body.Require(apply.Document, "document");
        Body.Require(apply.FileName, "fileName");
        return TypedResults.Json(await jobs.CheckAsync(apply with { Scripts = apply.Scripts ?? new Dictionary<string, string>() }, context.RequestAborted), RestJson.Default.IReadOnlyListComplaint);
    }

    private static async Task<JsonHttpResult<PageOf<JobSummary>>> ListAsync(HttpContext context, JobCatalog jobs, [AsParameters] Paging paging, CancellationToken ct)
    {
        var (items, total) = await jobs.PageAsync(paging.Checked().Skip, paging.PageSize, ct);
        return paging.Answer(context, items, total, RestJson.Default.PageOfJobSummary);
    }

    /// <summary>A document that can be applied again: what the job does not state is left out, because a job file may not say null.</summary>
    private static async Task<IResult> GetAsync(string name, HttpContext context, JobCatalog jobs, CancellationToken ct)
    {
        var (document, revision) = await jobs.FindAsync(name, ct);
        var job = JsonSerializer.SerializeToNode(document, RestJson.Default.JobDocument)!.AsObject();
        LeaveNullsOut(job);
        return Etags.Json(context, job.ToJsonString(), Etags.Of(revision));
    }

    private static void LeaveNullsOut(JsonNode? node)
    {
        if (node is JsonArray items)
            foreach (var item in items)
                LeaveNullsOut(item);
        if (node is not JsonObject members)
            return;
        foreach (var (name, value) in members.ToList())
            if (value is null)
                members.Remove(name);
            else
                LeaveNullsOut(value);
    }

    private static async Task<NoContent> DeleteAsync(string name, HttpContext context, JobCatalog jobs, AuditTrail audit, CancellationToken ct)
    {
        await JobConditions.CheckAsync(context, name, jobs, audit);
        await jobs.DeleteAsync(name, ct);
        return TypedResults.NoContent();
    }

    /// <summary>The same Idempotency-Key starts once; the answer names the session of the first.</summary>
    private static async Task<JsonHttpResult<StartedSession>> StartAsync(string name, HttpContext context, JobCatalog jobs, Sessions sessions, bool startChainedJobs = false, CancellationToken ct = default)
    {
        // The start's own transaction knows the key too: a crash between it and its answer starts nothing twice.
        var key = context.Request.Headers[Idempotency.Header].ToString();
        await jobs.GetAsync(name, ct);
        var started = await sessions.StartAsync(name, context.User.KeyName(), key.Length == 0 ? null : key, startChainedJobs, ct);
        return TypedResults.Json(started, RestJson.Default.StartedSession, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<Accepted> StopAsync(string name, Sessions sessions, bool now = false, bool cancelChainedJobs = false, CancellationToken ct = default)
    {
        await sessions.StopAsync(name, now, cancelChainedJobs, ct);
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<NoContent> EnableAsync(string name, bool isEnabled, JobCatalog jobs, CancellationToken ct)
    {
        await jobs.SetEnabledAsync(name, isEnabled, ct);
        return TypedResults.NoContent();
    }

    /// <summary>The scripts that the job names, in base64 as they are sent with a job.</summary>
    private static async Task<JsonHttpResult<IReadOnlyDictionary<string, string>>> ScriptsAsync(string name, JobCatalog jobs, CancellationToken ct) =>
        TypedResults.Json<IReadOnlyDictionary<string, string>>((await jobs.ScriptsAsync(name, ct)).ToDictionary(script => script.Key, script => Convert.ToBase64String(script.Value)), RestJson.Default.IReadOnlyDictionaryStringString);

    private static async Task<JsonHttpResult<SchedulePreview>> PreviewAsync(string name, JobCatalog jobs, TimeProvider time, int count = 10, CancellationToken ct = default)
    {
        CheckCount(count);
        return TypedResults.Json(SchedulePreviews.Of(await jobs.GetAsync(name, ct), count, time.GetUtcNow()), RestJson.Default.SchedulePreview);
    }

    private static async Task<JsonHttpResult<SchedulePreview>> PreviewUnsavedAsync(HttpContext context, TimeProvider time)
    {
        var asked = await Body.ReadAsync(context, RestJson.Default.PreviewSchedule, Body.Small);
        Body.Require(asked.Schedule, "schedule");
        CheckCount(asked.Count);
        if (ScheduleChecks.Complaints(asked.Schedule) is { Count: > 0 } complaints)
            throw new InvalidJobException("The schedule", complaints);
        return TypedResults.Json(SchedulePreviews.Of(asked.Schedule, asked.Count, time.GetUtcNow()), RestJson.Default.SchedulePreview);
    }

    /// <summary>A body is not needed: without one every machine that failed is retried.</summary>
    private static async Task<JsonHttpResult<StartedSession>> RetryAsync(string id, HttpContext context, Sessions sessions, CancellationToken ct)
    {
        var hasBody = context.Request.ContentLength is > 0 || context.Request.Headers.TransferEncoding.Count > 0;
        var asked = hasBody ? await Body.ReadAsync(context, RestJson.Default.RetrySession, Body.Small) : new RetrySession();
        return TypedResults.Json(await sessions.RetryAsync(id, asked.Machines, context.User.KeyName(), ct), RestJson.Default.StartedSession, statusCode: StatusCodes.Status202Accepted);
    }

    private static void CheckCount(int count)
    {
        if (count is < 1 or > 100)
            throw new RefusedException(ProblemCodes.Invalid, $"count has to be between 1 and 100, not {count}.");
    }
}
