using Microsoft.AspNetCore.Http;

namespace Quiesce.Server.Access;

/// <summary>
/// Whether a browser sent a request for a page of ours. A cookie comes along with whatever any page makes the browser send (SameSite=Strict keeps that off in
/// browsers that know it), so that everything that changes something, and every connection, has to come from here.
/// </summary>
internal static class SameSite
{
    /// <summary>The browser says so itself, or the page it names is on the host that was asked. Something in front of the server has to pass the Host header on.</summary>
    public static bool Is(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is "same-origin" or "none";
        return request.Headers.Origin.ToString() is { Length: > 0 } origin && Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && string.Equals(page.Authority, Asked(request, page), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>No browser, or a page of ours: good enough where no cookie is involved yet.</summary>
    public static bool IsOrNoBrowser(HttpRequest request) =>
        (request.Headers["Sec-Fetch-Site"].Count == 0 && request.Headers.Origin.Count == 0) || Is(request);

    /// <summary>The host that was asked, without the port that goes without saying for the page's scheme: encryption may end before this server.</summary>
    private static string Asked(HttpRequest request, Uri page) =>
        request.Host.Port is { } port && port == (page.Scheme == Uri.UriSchemeHttps ? 443 : 80) ? request.Host.Host : request.Host.Value ?? "";
}
