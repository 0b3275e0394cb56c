using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Api;

namespace Quiesce.Server.Studio.Site;

/// <summary>Stock Elsa Studio under <c>/studio/</c>: its files, a page of ours for each of its screens, and the addresses that it itself gets wrong.</summary>
internal static class StudioSite
{
    private static readonly string[] Reading = ["GET", "HEAD"];

    public static void Map(IEndpointRouteBuilder routes, ServerOptions options)
    {
        var folder = new StudioFolder(options);
        var shell = new StudioShell();

        void Page(string pattern, StudioScreen screen) => routes.MapMethods(pattern, Reading, (HttpContext context, string? id) => ShowAsync(context, folder, shell, screen, id));
        Page("/studio/workflows/definitions", StudioScreen.Definitions);
        Page("/studio/workflows/definitions/{id}/edit", StudioScreen.Editor);
        Page("/studio/workflows/instances", StudioScreen.Instances);
        Page("/studio/workflows/instances/{id}/view", StudioScreen.Viewer);

        // The slash matters to the browser: everything in a page is relative to /studio/.
        foreach (var entrance in new[] { "/studio", "/studio/workflows" })
            routes.MapMethods(entrance, Reading, () => Results.Redirect("/studio/workflows/definitions"));
        // Studio's own links forget that it does not live at the root.
        routes.MapMethods("/workflows/definitions/{id}/edit", Reading, (string id) => Results.Redirect($"/studio/workflows/definitions/{Uri.EscapeDataString(id)}/edit"));
        routes.MapMethods("/workflows/instances/{id}/view", Reading, (string id) => Results.Redirect($"/studio/workflows/instances/{Uri.EscapeDataString(id)}/view"));
        routes.MapMethods("/diagnostics/structured-logs", Reading, (string? workflowInstanceId) => Results.Redirect(workflowInstanceId is { Length: > 0 } id ? $"/studio/workflows/instances/{Uri.EscapeDataString(id)}/view" : "/studio/workflows/instances"));

        // Files that everybody gets from npm need no log-in, so that they may be kept by any cache; pages and the API need one.
        routes.MapMethods("/studio/shell/{stamp}/{name}", Reading, async (HttpContext context, string stamp, string name) =>
        {
            if (!await shell.AnswerAsync(context, stamp, name))
                await NotThereAsync(context);
        }).AllowAnonymous();
        routes.MapMethods("/studio/{**path}", Reading, (HttpContext context, string path) =>
            folder.Files(out _)?.Find(path) is { } file ? file.AnswerAsync(context) : NotThereAsync(context)).AllowAnonymous();
    }

    private static Task ShowAsync(HttpContext context, StudioFolder folder, StudioShell shell, StudioScreen screen, string? id)
    {
        var visit = new StudioVisit(context.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : null, context.Request.Cookies["theme"] is "light" or "dark" ? context.Request.Cookies["theme"]! : "system", shell.Stamp);
        var html = folder.Files(out var missing) is null ? StudioPage.Missing(missing!, folder.ToAddTo, visit) : StudioPage.Screen(screen, id, visit);
        var response = context.Response;
        response.Headers.ContentSecurityPolicy = StudioPage.Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-store";
        response.ContentType = "text/html; charset=utf-8";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.WriteAsync(html, context.RequestAborted);
    }

    private static Task NotThereAsync(HttpContext context) =>
        Problems.WriteAsync(context, ProblemCodes.NotFound, $"There is no file {context.Request.Path} in Elsa Studio {StudioFolder.Version}.");
}
