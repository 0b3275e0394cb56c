using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Jobs.Documents;
using Quiesce.Server.Access;

namespace Quiesce.Server.Api;

/// <summary>What <c>If-Match</c> and <c>If-None-Match: *</c> mean for a job.</summary>
internal static class JobConditions
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Takes a job over if it is still what the change is based on, or is still new.</summary>
    public static async Task<AppliedJob> ApplyAsync(HttpContext context, ApplyJob apply, JobCatalog jobs, AuditTrail audit)
    {
        if (NameIn(apply.Document) is not { } name)
            return await jobs.ApplyAsync(apply);
        AuditRequests.About(context, $"jobs/{name}");
        var expected = context.Request.Headers.IfNoneMatch.ToString() == "*" ? 0 : await CheckAsync(context, name, jobs, audit);
        try
        {
            return await jobs.ApplyAsync(apply, expected);
        }
        catch (RefusedException e) when (expected is not null && e.Code == ProblemCodes.Conflict)
        {
            // Somebody was faster between the look above and the write.
            throw expected == 0
                ? new RefusedException(ProblemCodes.PreconditionFailed, e.Message, e)
                : await Etags.StaleAsync($"jobs/{name}", isGone: false, audit, context.RequestAborted);
        }
    }

    /// <summary>The revision that a change is based on, checked; null where it does not say.</summary>
    /// <exception cref="RefusedException">There is another by now, or none.</exception>
    public static async Task<long?> CheckAsync(HttpContext context, string name, JobCatalog jobs, AuditTrail audit)
    {
        if (!Etags.IsConditional(context))
            return null;
        var revision = await RevisionAsync(name, jobs, context.RequestAborted);
        await Etags.RequireMatchAsync(context, revision is null ? null : Etags.Of(revision), $"jobs/{name}", audit);
        return revision;
    }

    private static async Task<long?> RevisionAsync(string name, JobCatalog jobs, CancellationToken ct)
    {
        try
        {
            return (await jobs.FindAsync(name, ct)).Revision;
        }
        catch (RefusedException e) when (e.Code == ProblemCodes.NotFound)
        {
            return null;
        }
    }

    /// <summary>The job's name where the document is well enough to tell; what is wrong with it is not judged here.</summary>
    private static string? NameIn(string document)
    {
        try
        {
            return JsonNode.Parse(document, documentOptions: Lenient) is JsonObject job && job["name"] is JsonValue name && name.TryGetValue<string>(out var text) ? text : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            // The same member twice.
            return null;
        }
    }
}
