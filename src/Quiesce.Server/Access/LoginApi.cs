using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using System.Net;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Api;
using Quiesce.Storage;

namespace Quiesce.Server.Access;

/// <summary>How a browser gets in and out: a page that takes a key, a link that works once, and the way out.</summary>
internal static class LoginApi
{
    private const int LongestKey = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/login", ShowAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost("/login", EnterAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost("/logout", LeaveAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost("/api/login-links", Link).RequireRole(Roles.Viewer).As<LoginLink>("CreateLoginLink", "A link that logs a browser on the server's machine in as the key that asks: once, within ten minutes.");
    }

    /// <summary>The page; with a code, straight in.</summary>
    private static async Task ShowAsync(HttpContext context, BrowserLogins logins, LoginLinks links, ApiKeys keys, WrongKeys wrong)
    {
        var to = LocalPath(context.Request.Query["returnUrl"]);
        if (context.Request.Query["code"].ToString() is { Length: > 0 } code)
        {
            await UseAsync(context, code, to, logins, links, keys, wrong);
            return;
        }

        if (logins.Find(context) is not null && context.Request.Query["other"].Count == 0)
        {
            context.Response.Redirect(to);
            return;
        }

        // A strict cookie does not come along when another site's link leads here; from our own page it does.
        var isFromElsewhere = context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
        await LoginPage.WriteAsync(context, isFromElsewhere ? LoginPage.GoOn($"/login?returnUrl={Uri.EscapeDataString(to)}") : LoginPage.Form(to, null));
    }

    /// <summary>A code is used up by this, so that what only looks ahead must not get it.</summary>
    private static async Task UseAsync(HttpContext context, string code, string to, BrowserLogins logins, LoginLinks links, ApiKeys keys, WrongKeys wrong)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || context.Request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var isHere = context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
        if (isHere && links.Use(code) is { } id && keys.ById(id) is { } key)
        {
            logins.Begin(context, key);
            await LoginPage.WriteAsync(context, LoginPage.GoOn(to));
            return;
        }

        if (wrong.Note(context.Connection.RemoteIpAddress) is { } wait)
        {
            await KeyCheck.TooManyAsync(context, wait);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        await LoginPage.WriteAsync(context, LoginPage.Form(to, isHere
            ? "This link was used already or is older than ten minutes. Make a new one with: quiesce console"
            : "Log-in links work on the server's own machine only. Enter a key."));
    }

    private static async Task EnterAsync(HttpContext context, BrowserLogins logins, ApiKeys keys, WrongKeys wrong)
    {
        if (!SameSite.IsOrNoBrowser(context.Request) || !context.Request.HasFormContentType)
        {
            await Problems.WriteAsync(context, ProblemCodes.Forbidden, "A log-in comes from the log-in page of this server. Open /login and enter the key there.");
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var to = LocalPath(form["returnUrl"]);
        var sent = form["key"].ToString().Trim();
        if (sent.Length is > 0 and <= LongestKey && keys.Find(sent) is { } key)
        {
            await keys.TouchAsync(key);
            logins.Begin(context, key);
            context.Response.Redirect(to);
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            return;
        }

        var wait = wrong.Note(context.Connection.RemoteIpAddress);
        context.Response.StatusCode = wait is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status429TooManyRequests;
        await LoginPage.WriteAsync(context, LoginPage.Form(to, wait is { } seconds
            ? $"Too many wrong keys came from this address. Wait {Math.Ceiling(seconds.TotalSeconds)} seconds, and check the key."
            : "This key is not known here. Check that all of it was copied; an administrator can make a new one."));
    }

    /// <summary>Also for whoever is not logged in any more: the way out is never closed.</summary>
    private static async Task LeaveAsync(HttpContext context, BrowserLogins logins)
    {
        if (!SameSite.IsOrNoBrowser(context.Request))
        {
            await Problems.WriteAsync(context, ProblemCodes.Forbidden, "The browser sent this for a page of another site. Log out on the console.");
            return;
        }

        await logins.EndAsync(context);
        context.Response.Redirect("/login");
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
    }

    /// <summary>A link that logs a browser on this machine in as the one who asks.</summary>
    private static JsonHttpResult<LoginLink> Link(HttpContext context, LoginLinks links, ApiKeys keys)
    {
        var key = keys.ById(context.User.KeyId()) ?? throw new Jobs.RefusedException(ProblemCodes.Unauthorized, "The key was deleted meanwhile. Use another.");
        var (code, ends) = links.Make(key);
        return TypedResults.Json(new LoginLink($"{context.Request.Scheme}://{context.Request.Host}/login?code={code}", ends), RestJson.Default.LoginLink);
    }

    /// <summary>Where to go after the log-in: a path of ours, whatever was asked for. "//host" and "/\host" are other sites to a browser.</summary>
    internal static string LocalPath(string? asked) =>
        asked is ['/', ..] and not ['/', '/' or '\\', ..] && !asked.Any(letter => letter < ' ' || letter == '\\') && asked.Length <= 2000 && !asked.StartsWith("/login", StringComparison.OrdinalIgnoreCase) ? asked : "/";
}
