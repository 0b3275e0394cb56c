using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Server.Bus;

namespace Quiesce.Server.Api;

/// <summary>Sessions: list, report, watch, cancel.</summary>
internal static class SessionsApi
{
    private const int LargestPage = 500;

    public static void Map(IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/sessions");
        sessions.MapGet("", ListAsync);
        sessions.MapGet("/{id}", GetAsync);
        sessions.MapGet("/{id}/watch", WatchAsync);
        sessions.MapPost("/{id}/cancel", CancelAsync);
    }

    private static async Task<JsonHttpResult<IReadOnlyList<SessionSummary>>> ListAsync(Sessions sessions, string? job = null, int page = 0, int pageSize = 50, CancellationToken ct = default)
    {
        if (page is < 0 or > 1_000_000 || pageSize is < 1 or > LargestPage)
            throw new RefusedException(ProblemCodes.Invalid, $"page has to be 0 or more and pageSize between 1 and {LargestPage}; they are {page} and {pageSize}.");
        return TypedResults.Json(await sessions.ListAsync(job, page, pageSize, ct), RestJson.Default.IReadOnlyListSessionSummary);
    }

    private static async Task<JsonHttpResult<SessionReport>> GetAsync(string id, Sessions sessions, CancellationToken ct) =>
        TypedResults.Json(await sessions.ReportAsync(id, ct), RestJson.Default.SessionReport);

    /// <summary>One report per change as server-sent events; the stream ends with the session, or when the server stops.</summary>
    private static async Task<ServerSentEventsResult<string>> WatchAsync(string id, Sessions sessions, ProgressBoard board, IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        // An unknown session is a problem document; once the stream has begun it could only break off.
        await sessions.ReportAsync(id, ct);
        return TypedResults.ServerSentEvents(new SessionStream(id, sessions, board, lifetime.ApplicationStopping).ReportsAsync(ct), "report");
    }

    private static async Task<Accepted> CancelAsync(string id, Sessions sessions, CancellationToken ct)
    {
        await sessions.CancelAsync(id, ct);
        return TypedResults.Accepted((string?)null);
    }
}
