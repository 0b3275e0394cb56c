using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Api;
using Quiesce.Storage;

namespace Quiesce.Server.Access;

/// <summary>
/// Lets nobody in without a key or a browser's log-in, nor to what the key's role does not cover. Everything is closed that does not say otherwise, also what does
/// not exist: strangers learn nothing of the routes.
/// </summary>
internal sealed class KeyCheck(RequestDelegate next, ApiKeys keys, BrowserLogins logins, WrongKeys wrong)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // What is open to all is kept by browsers and caches: it must not renew anybody's cookie.
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            await next(context);
            return;
        }

        var sent = SentKey.In(context.Request);
        var key = sent is not null ? keys.Find(sent) : logins.Find(context);
        if (key is not null)
            context.User = Caller.Of(key);
        if (key is null)
            await ChallengeAsync(context, sent);
        else if (sent is null && IsGuarded(context.Request) && !SameSite.Is(context.Request))
            await Problems.WriteAsync(context, ProblemCodes.Forbidden, "The browser sent this for a page of another site, so that nothing is done. Use the console's own pages, or send a key in the header X-Api-Key.");
        else if (RoleNeeded.Of(context) is var role && !context.User.Has(role))
            await RefuseAsync(context, key, role);
        else
            await LetInAsync(context, key);
    }

    /// <summary>With a cookie, everything that changes something or stays open has to come from a page of ours.</summary>
    private static bool IsGuarded(HttpRequest request) => !RoleNeeded.IsReading(request.Method) || RequestKind.IsLive(request.Path) || request.HttpContext.WebSockets.IsWebSocketRequest;

    private async Task LetInAsync(HttpContext context, ApiKeyRow key)
    {
        await keys.TouchAsync(key);
        if (!RequestKind.StaysOpen(context.Request))
        {
            await next(context);
            return;
        }

        // A connection that stays must not outlive the key that opened it.
        using (keys.Gone(key).Register(context.Abort))
            await next(context);
    }

    private Task ChallengeAsync(HttpContext context, string? sent)
    {
        if (sent is null && RequestKind.IsPage(context.Request))
        {
            context.Response.Redirect($"/login?returnUrl={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}");
            return Task.CompletedTask;
        }

        if (sent is not null && wrong.Note(context.Connection.RemoteIpAddress) is { } wait)
            return TooManyAsync(context, wait);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.WriteAsync(context, ProblemCodes.Unauthorized, sent is null
            ? $"No key was sent. Send one in the header {SentKey.Header}; on the server's machine it is in the file {ApiKeys.LocalKeyFile} of its data folder."
            : $"This key is not known here. Use the administrator key that the server showed at its first start, or on its machine the one in {ApiKeys.LocalKeyFile} of its data folder.");
    }

    /// <summary>Says that an address sent too many wrong keys.</summary>
    public static Task TooManyAsync(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Problems.WriteAsync(context, ProblemCodes.TooMany, $"Too many wrong keys came from this address. Wait {Math.Ceiling(wait.TotalSeconds)} s, and check the key.");
    }

    private static Task RefuseAsync(HttpContext context, ApiKeyRow key, string role)
    {
        var words = $"The key '{key.Name}' is a {key.Role}'s, and this takes the role {role}. Ask an administrator for such a key (quiesce key create NAME --role {role}).";
        if (!RequestKind.IsPage(context.Request))
            return Problems.WriteAsync(context, ProblemCodes.Forbidden, words);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return LoginPage.WriteAsync(context, LoginPage.Refused(words));
    }
}
