using Microsoft.AspNetCore.Http;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Api;
using Quiesce.Server.Screens;

namespace Quiesce.Server.Access;

/// <summary>Lets nobody without a key into the API, save for its health and its schema.</summary>
internal sealed class KeyCheck(RequestDelegate next, ApiKeys keys)
{
    private const string Header = "X-Api-Key";

    public async Task InvokeAsync(HttpContext context)
    {
        if (IsOpen(context.Request))
        {
            await next(context);
            return;
        }

        if (Sent(context.Request) is not { } sent || keys.Find(sent) is not { } key)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Problems.WriteAsync(context, ProblemCodes.Unauthorized, Sent(context.Request) is null
                ? $"No key was sent. Send one in the header {Header}; on the server's machine it is in the file local.key of its data folder."
                : "This key is not known here. Use the administrator key that the server showed at its first start, or on its machine the one in local.key of its data folder.");
            return;
        }

        await keys.TouchAsync(key);
        await next(context);
    }

    /// <summary>Everything is closed that is not named here, also what does not exist: strangers learn nothing of the routes.</summary>
    private static bool IsOpen(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && (request.Path.Equals("/api/health", StringComparison.Ordinal) || request.Path.StartsWithSegments("/schemas", StringComparison.Ordinal) || request.Path.StartsWithSegments(ConsoleAssets.Root, StringComparison.Ordinal));

    private static string? Sent(HttpRequest request)
    {
        if (request.Headers[Header].ToString() is { Length: > 0 } key)
            return key;
        const string scheme = "Bearer ";
        return request.Headers.Authorization.ToString() is { } header && header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..].Trim() : null;
    }
}
