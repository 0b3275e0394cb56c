using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Quiesce.Server.Screens;

namespace Quiesce.Server.Access;

/// <summary>The few pages that a stranger sees. They need no script and nothing from anywhere, in light and dark.</summary>
internal static class LoginPage
{
    private const string Style = """
        :root{color-scheme:light dark;--page:light-dark(#f4f5f9,#14161b);--surface:light-dark(#fff,#1d2027);--line:light-dark(#8a8f9c,#6b7080);--ink:light-dark(#1f2126,#eceef3);--ink-2:light-dark(#565a66,#a9aebb);--accent:light-dark(#0b4fc4,#8ab4ff);--on-accent:light-dark(#fff,#0d1524);--failed:light-dark(#b3201f,#ff9a94)}
        :root[data-theme=light]{color-scheme:light}:root[data-theme=dark]{color-scheme:dark}
        *{box-sizing:border-box}
        body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--page);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI","Noto Sans",Arial,sans-serif}
        main{width:100%;max-width:26rem;padding:2rem;background:var(--surface);border:1px solid light-dark(#d5d7de,#393d48);border-radius:6px}
        h1{margin:0 0 .25rem;font-size:1.45rem;font-weight:600}
        p{margin:.25rem 0 1rem;color:var(--ink-2)}
        label{display:block;margin:1rem 0 .25rem;font-weight:600}
        input{width:100%;padding:.6rem .75rem;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:6px}
        button{width:100%;margin-top:1.25rem;padding:.65rem;font:inherit;font-weight:600;color:var(--on-accent);background:var(--accent);border:0;border-radius:6px;cursor:pointer}
        a{color:var(--accent)}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
        #hint{margin:1.25rem 0 0}
        .bad{margin:1rem 0 0;color:var(--failed);font-weight:600}
        """;

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Asks for a key.</summary>
    /// <param name="to">Where to go then; a path of ours.</param>
    /// <param name="problem">What was wrong with the last try, or null.</param>
    public static string Form(string to, string? problem) => Page("Log in", $"""
        <h1>Quiesce</h1>
        <p>Log in with a key of this server.</p>
        <form method="post" action="/login">
        <input type="hidden" name="returnUrl" value="{WebUtility.HtmlEncode(to)}">
        <label for="key">Key</label>
        <input id="key" name="key" type="password" required autofocus autocomplete="current-password" spellcheck="false" maxlength="500"{(problem is null ? "" : " aria-invalid=\"true\"")} aria-describedby="{(problem is null ? "" : "problem ")}hint">
        {(problem is null ? "" : $"<p class=\"bad\" id=\"problem\" role=\"alert\">{WebUtility.HtmlEncode(problem)}</p>")}
        <button type="submit">Log in</button>
        </form>
        <p id="hint">On the server's own machine <code>quiesce console</code> opens this page without asking for a key.</p>
        """);

    /// <summary>Leads on at once. A page of ours has to do that: after another site's link, a redirect would go on without the cookie.</summary>
    public static string GoOn(string to) => Page("Quiesce", $"""
        <h1>Quiesce</h1>
        <p><a href="{WebUtility.HtmlEncode(to)}">Go on</a></p>
        """, $"<meta http-equiv=\"refresh\" content=\"0;url={WebUtility.HtmlEncode(to)}\">");

    /// <summary>Says what the key may not do.</summary>
    public static string Refused(string words) => Page("Not with this key", $"""
        <h1>Not with this key</h1>
        <p>{WebUtility.HtmlEncode(words)}</p>
        <p><a href="/">Back to the start</a> · <a href="/login?other=1">Log in with another key</a></p>
        """);

    /// <summary>Sends a page, with what keeps others' hands off it.</summary>
    public static Task WriteAsync(HttpContext context, string page)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        // Not no-referrer: the browser would then hide where the form was sent from, which is what we check.
        headers["Referrer-Policy"] = "same-origin";
        context.Response.ContentType = "text/html; charset=utf-8";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(page.Replace("data-theme=\"system\"", $"data-theme=\"{Theme.Of(context.Request.Cookies[Theme.Cookie]).Word}\"", StringComparison.Ordinal), context.RequestAborted);
    }

    private static string Page(string title, string body, string head = "") => $"""
        <!doctype html>
        <html lang="en" data-theme="system"><head><meta charset="utf-8"><title>{title}{(title == "Quiesce" ? "" : " · Quiesce")}</title><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">{head}<style>{Style}</style></head>
        <body><main>
        {body}
        </main></body></html>
        """;
}
