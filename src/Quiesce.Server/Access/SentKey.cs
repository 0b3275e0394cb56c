using Microsoft.AspNetCore.Http;

namespace Quiesce.Server.Access;

/// <summary>The key in a request: <c>X-Api-Key: K</c>, <c>Authorization: Bearer K</c> or <c>Authorization: ApiKey K</c> (the stock designer's way).</summary>
internal static class SentKey
{
    public const string Header = "X-Api-Key";
    private static readonly string[] Schemes = ["Bearer ", "ApiKey "];
    private static readonly PathString Hubs = "/elsa/hubs";

    /// <summary>Null where none was sent.</summary>
    public static string? In(HttpRequest request)
    {
        if (request.Headers[Header].ToString() is { Length: > 0 } key)
            return key;
        var header = request.Headers.Authorization.ToString();
        foreach (var scheme in Schemes)
            if (header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                return header[scheme.Length..].Trim();
        // A browser cannot set headers on a WebSocket: SignalR's clients send their token so, and only there.
        return request.Path.StartsWithSegments(Hubs, StringComparison.OrdinalIgnoreCase) && request.Query["access_token"].ToString() is { Length: > 0 } token ? token : null;
    }
}
