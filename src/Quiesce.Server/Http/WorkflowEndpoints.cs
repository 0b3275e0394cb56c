using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Triggers;
using Quiesce.Server.Access;
using Quiesce.Server.Api;

namespace Quiesce.Server.Http;

/// <summary>
/// The HTTP endpoints of workflows, below <c>/workflows</c>. Who may call one is the workflow's to say: without <c>authorize</c> nobody needs a key. What a workflow answers is
/// sent once the commit that answers is durable.
/// </summary>
internal sealed class WorkflowEndpoints(HttpTriggers triggers, ApiKeys keys, BrowserLogins logins, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private const string InstanceHeader = "x-elsa-workflow-instance-id";
    private const string BasePath = "/workflows";

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.Map(BasePath + "/{**path}", context => context.RequestServices.GetRequiredService<WorkflowEndpoints>().AnswerAsync(context)).AllowAnonymous().ExcludeFromDescription();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.StartsWithSegments(BasePath, StringComparison.OrdinalIgnoreCase, out var rest) ? rest.Value ?? "/" : "/";
        var correlationId = Given(context.Request, "x-correlation-id", "correlationId");
        var targets = await triggers.FindAsync(context.Request.Method, path, correlationId, Given(context.Request, "x-workflow-instance-id", "workflowInstanceId"), context.RequestAborted);
        if (targets.Count == 0)
        {
            await Problems.WriteAsync(context, ProblemCodes.NotFound, $"No workflow waits for {context.Request.Method} {path}. Publish one with such an HTTP endpoint, or look whether the instance that waited has gone on.");
            return;
        }

        if (targets.Count > 1)
        {
            await Problems.WriteAsync(context, ProblemCodes.Conflict, $"{targets.Count} workflows wait for {context.Request.Method} {path}, and nobody can tell which one is meant. "
                + "Give them different paths, or name the instance in the header x-workflow-instance-id.", StatusCodes.Status500InternalServerError);
            return;
        }

        var target = targets[0];
        if (await IsLetInAsync(context, target) && await RequestReading.ReadAsync(context, target, path) is { } request)
            await SendAsync(context, target, request, correlationId);
    }

    private async Task SendAsync(HttpContext context, HttpTarget target, HttpRequestData request, string? correlationId)
    {
        using var patience = TimeSpan.TryParse((string?)target.Settings["requestTimeout"], CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero
            ? new CancellationTokenSource(timeout, time) : new CancellationTokenSource();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, patience.Token);
        try
        {
            await ResponseWriting.WriteAsync(context, await triggers.SendAsync(target, request, correlationId, ends.Token), InstanceHeader);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested && ends.IsCancellationRequested)
        {
            var (status, words) = patience.IsCancellationRequested
                ? (StatusCodes.Status408RequestTimeout, "The workflow did not answer within the time that its endpoint gives it.")
                : (StatusCodes.Status503ServiceUnavailable, "The server stops, and nobody can answer any more.");
            await Problems.WriteAsync(context, ProblemCodes.Conflict, $"{words} It goes on; look at its instance before asking again.", status);
        }
    }

    /// <summary>With <c>authorize</c>, a key is needed as for the API: to look for reading methods, an operator's for the others, or that of the role which <c>policy</c> names.</summary>
    private async Task<bool> IsLetInAsync(HttpContext context, HttpTarget target)
    {
        if (target.Settings["authorize"] is not { } authorize || !authorize.GetValue<bool>())
            return true;
        var policy = (string?)target.Settings["policy"];
        var role = string.IsNullOrWhiteSpace(policy) ? (RoleNeeded.IsReading(context.Request.Method) ? Roles.Viewer : Roles.Operator) : policy.Trim().ToLowerInvariant();
        var sent = SentKey.In(context.Request);
        if ((sent is not null ? keys.Find(sent) : logins.Find(context)) is not { } key)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Problems.WriteAsync(context, ProblemCodes.Unauthorized, $"This workflow wants to know who calls it. Send a key in the header {SentKey.Header}.");
            return false;
        }

        context.User = Caller.Of(key);
        if (sent is null && !RoleNeeded.IsReading(context.Request.Method) && !SameSite.Is(context.Request))
            await Problems.WriteAsync(context, ProblemCodes.Forbidden, "The browser sent this for a page of another site, so that nothing is done. Send a key in the header X-Api-Key.");
        else if (!Roles.All.Contains(role))
            await Problems.WriteAsync(context, ProblemCodes.Forbidden, $"The workflow's endpoint asks for the policy '{policy}', which is no role here. Name one of {string.Join(", ", Roles.All)} in it.");
        else if (!context.User.Has(role))
            await Problems.WriteAsync(context, ProblemCodes.Forbidden, $"The key '{key.Name}' is a {key.Role}'s, and this workflow takes the role {role}. Ask an administrator for such a key.");
        else
            return true;
        return false;
    }

    private static string? Given(HttpRequest request, string header, string query) =>
        request.Headers[header].ToString() is { Length: > 0 } sent ? sent : request.Query[query].ToString() is { Length: > 0 } asked ? asked : null;
}
