using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Api;
using Quiesce.Server.Studio;
using Quiesce.Storage;

namespace Quiesce.Server.Access;

/// <summary>
/// Who did what, and when. Requests are noted by <see cref="AuditRequests"/>, what is done without one by its doer. A note is written after the deed: a crash between
/// the two loses the note, never the deed.
/// </summary>
public sealed class AuditTrail(Store store, TimeProvider time, ILogger<AuditTrail> log)
{
    /// <summary>The outcome of what was done.</summary>
    public const string Done = "done";

    /// <summary>Who does what nobody asked for.</summary>
    public const string System = "system";

    /// <summary>Notes it. Trouble with the database is logged and not thrown: the deed is done.</summary>
    /// <param name="by">The caller; null for the server itself.</param>
    /// <param name="outcome"><see cref="Done"/>, or the code of the refusal.</param>
    public async Task NoteAsync(ClaimsPrincipal? by, string action, string? subject, string outcome, string? detail = null, string? address = null)
    {
        try
        {
            await store.AddAuditAsync(new AuditRow(0, time.GetUtcNow(), by?.KeyName() ?? System, by?.Role() ?? System, action, subject, outcome, detail, address));
        }
        catch (StorageException e)
        {
            log.LogError(e, "The audit lacks: {By} {Action} {Subject}: {Outcome}", by?.KeyName() ?? System, action, subject, outcome);
        }
    }

    /// <summary>A page, the newest first, and how much there is in all; by one name or on one subject.</summary>
    public async Task<(IReadOnlyList<AuditEntry> Items, int Total)> ListAsync(string? by, string? subject, int skip, int take, CancellationToken ct)
    {
        var (rows, total) = await store.AuditAsync(by, subject, skip, take, ct);
        return ([.. rows.Select(row => new AuditEntry(row.Seq, row.At, row.By, row.Role, row.Action, row.Subject, row.Outcome, row.Detail, row.Address))], total);
    }

    /// <summary>Who changed something last, in words; null where nobody is known to have.</summary>
    public async Task<string?> LastChangeAsync(string subject, CancellationToken ct) =>
        (await store.AuditAsync(null, subject, 0, 20, ct)).Items.FirstOrDefault(row => row.Outcome == Done) is { } last ? $"by '{last.By}' at {last.At:u} ({last.Action})" : null;
}

/// <summary>Notes every request that changes something, refused ones included. What only reads, in whatever method, is not noted.</summary>
internal sealed class AuditRequests(RequestDelegate next, AuditTrail audit)
{
    private static readonly object SubjectItem = new();
    private static readonly PathString[] Noted = ["/api", "/elsa/api"];

    /// <summary>Names what a request is about where its path does not.</summary>
    public static void About(HttpContext context, string subject) => context.Items[SubjectItem] = subject;

    public async Task InvokeAsync(HttpContext context)
    {
        if (RoleNeeded.IsReading(context.Request.Method) || !Array.Exists(Noted, prefix => context.Request.Path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase)) || RoleNeeded.Of(context) == Roles.Viewer)
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception e)
        {
            await NoteAsync(context, Problems.CodeOf(e));
            throw;
        }

        await NoteAsync(context, Problems.CodeOf(context) ?? RefusedBy(context.Response) ?? (context.Response.StatusCode < 400 ? AuditTrail.Done : $"{context.Response.StatusCode}"));
    }

    private Task NoteAsync(HttpContext context, string outcome)
    {
        // A stranger's request is none of this server's history: the log counts wrong keys.
        if (context.User.Identity is not { IsAuthenticated: true })
            return Task.CompletedTask;
        return audit.NoteAsync(context.User, Action(context), Subject(context), outcome, address: context.Connection.RemoteIpAddress?.ToString());
    }

    /// <summary>The code of a refusal in Studio's own shape.</summary>
    private static string? RefusedBy(HttpResponse response) => response.Headers[StudioRefusals.Header].ToString() is { Length: > 0 } code ? code : null;

    private static string Action(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
        ?? $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? context.Request.Path}";

    /// <summary>The first part of the path after the prefix and the value that the route found in it: <c>jobs/nightly-db</c>.</summary>
    private static string? Subject(HttpContext context)
    {
        if (context.Items.TryGetValue(SubjectItem, out var named))
            return (string?)named;
        if (context.Request.RouteValues.Values.FirstOrDefault(value => value is string { Length: > 0 }) is not string value)
            return null;
        var parts = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var kind = parts[context.Request.Path.StartsWithSegments("/elsa", StringComparison.OrdinalIgnoreCase) ? 2 : 1];
        return $"{kind}/{(value.Length > 200 ? value[..200] : value)}";
    }
}
