using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Server.Bus;
using Quiesce.Server.Hosting;
using Quiesce.Storage;

namespace Quiesce.Server.Api;

/// <summary>Sessions: list, report, watch, cancel.</summary>
internal static class SessionsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/sessions");
        sessions.MapGet("", ListAsync).As<PageOf<SessionSummary>>("ListSessions", "Sessions, those under way first, then the newest; of one job or all.");
        sessions.MapGet("/{id}", GetAsync).As<SessionReport>("GetSession", "A session's report.").Refuses(ProblemCodes.NotFound);
        sessions.MapGet("/{id}/watch", WatchAsync).As<SessionReport>("WatchSession", "Server-sent events: a report per change; ends with the session.", type: "text/event-stream").Refuses(ProblemCodes.NotFound);
        sessions.MapPost("/{id}/cancel", CancelAsync).As("CancelSession", "Cancels a session: guests are thawed and cleaned up, then it ends.", StatusCodes.Status202Accepted).Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict);
        sessions.MapDelete("/{id}", DeleteAsync).As("DeleteSession", "Deletes an ended session with its journals; its restore points and its audit record stay.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict);
    }

    private static async Task<JsonHttpResult<PageOf<SessionSummary>>> ListAsync(HttpContext context, Sessions sessions, [AsParameters] Paging paging, string? job = null, CancellationToken ct = default)
    {
        var list = await sessions.QueryAsync(new SessionFilter { Job = job }, paging.Checked().Page, paging.PageSize, ct);
        return paging.Answer(context, list.Items, list.Total, RestJson.Default.PageOfSessionSummary);
    }

    private static async Task<JsonHttpResult<SessionReport>> GetAsync(string id, Sessions sessions, CancellationToken ct) =>
        TypedResults.Json(await sessions.ReportAsync(id, ct), RestJson.Default.SessionReport);

    /// <summary>One report per change as server-sent events; the stream ends with the session, or when the server stops.</summary>
    private static async Task WatchAsync(string id, HttpContext context, Sessions sessions, ProgressBoard board, IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        // An unknown session is a problem document; once the stream has begun it could only break off.
        await sessions.SummaryAsync(id, ct);
        await new SessionStream(id, sessions, board, lifetime.ApplicationStopping).WriteAsync(context);
    }

    private static async Task<NoContent> DeleteAsync(string id, Store store, Retention retention, CancellationToken ct)
    {
        var session = await store.SessionAsync(id, ct) ?? throw new RefusedException(ProblemCodes.NotFound, $"There is no session '{id}'. `quiesce session list` shows those there are.");
        if (!await retention.DeleteAsync(session))
            throw new RefusedException(ProblemCodes.Conflict, $"Session {id} has not ended. Wait for its end, or cancel it: quiesce session cancel {id}");
        return TypedResults.NoContent();
    }

    private static async Task<Accepted> CancelAsync(string id, Sessions sessions, CancellationToken ct)
    {
        await sessions.CancelAsync(id, ct);
        return TypedResults.Accepted((string?)null);
    }
}
