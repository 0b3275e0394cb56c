using Microsoft.AspNetCore.Http;

namespace Quiesce.Server.Access;

/// <summary>Tells what a request is by its looks: somebody at a browser's address bar, a connection that stays, or a program.</summary>
internal static class RequestKind
{
    private static readonly PathString[] Programs = ["/api", "/elsa", "/openapi", "/schemas", "/_blazor", "/_framework", "/_content"];
    private static readonly PathString[] Live = ["/_blazor", "/elsa/hubs"];

    /// <summary>A browser that wants a page: it is sent to the log-in instead of being told in JSON.</summary>
    public static bool IsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !Array.Exists(Programs, prefix => request.Path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>The connections of the console and of the designer's live view, with what opens and closes them.</summary>
    public static bool IsLive(PathString path) => Array.Exists(Live, prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>It is to stay open, so that what was true at its beginning has to be looked after.</summary>
    public static bool StaysOpen(HttpRequest request) =>
        IsLive(request.Path) || request.HttpContext.WebSockets.IsWebSocketRequest || request.Headers.Upgrade.Count > 0
        || request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) || request.Path.Value!.EndsWith("/watch", StringComparison.Ordinal);
}
