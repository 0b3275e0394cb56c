using System.Text.Encodings.Web;

namespace Quiesce.Server.Studio.Site;

/// <summary>The host page around one screen of Studio, and the page that says how to get Studio.</summary>
internal static class StudioPage
{
    /// <summary>
    /// What such a page may load: itself, WebAssembly, and the two scripts that Studio 3.8.2 writes into its designer and its instance list (their hashes).
    /// MudBlazor and Monaco write styles into the page; Monaco starts workers from blobs.
    /// </summary>
    public const string Policy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-snlP1jz0gjwc5cTz9ErZcliXuCK63+Mmf68RRCeptgc=' 'sha256-vu6sQrKXQHR4Yn3FMMihA/9TxxfIXnCxKwvLrTPJ5ts='; "
        + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    // The console's pages, in its order.
    private static readonly (string Path, string Text)[] Console =
        [("/sessions", "Sessions"), ("/jobs", "Jobs"), ("/machines", "Machines"), ("/restore-points", "Restore points"), ("/proxies", "Proxies"), ("/settings", "Settings")];

    private static readonly string[] Styles =
    [
        "_content/MudBlazor/MudBlazor.min.css", "_content/CodeBeam.MudBlazor.Extensions/MudExtensions.min.css", "_content/Radzen.Blazor/css/material-base.css",
        "_content/Elsa.Studio.Shell/css/shell.css", "Elsa.Studio.Host.CustomElements.styles.css",
    ];

    // In this order, after our own: they look for each other, and none may ask the server for anything before our script watches.
    private static readonly string[] Scripts =
    [
        "_content/BlazorMonaco/jsInterop.js", "_content/BlazorMonaco/lib/monaco-editor/min/vs/loader.js", "_content/BlazorMonaco/lib/monaco-editor/min/vs/editor/editor.main.js",
        "_content/MudBlazor/MudBlazor.min.js", "_content/CodeBeam.MudBlazor.Extensions/MudExtensions.min.js", "_content/Radzen.Blazor/Radzen.Blazor.js", "_framework/blazor.webassembly.js",
    ];

    /// <param name="shown">Id of what the screen shows; null for a list.</param>
    public static string Screen(StudioScreen screen, string? shown, StudioVisit visit) => $"""
        <!DOCTYPE html>
        <html lang="en" data-theme="{visit.Theme}">
        {Head(screen.Title, visit, Styles)}
        <body data-element="{screen.Element}" data-key="{screen.Key}" data-shown="{Text(shown)}">
        {Bar(screen, visit)}
        <div id="q-notices" role="region" aria-label="Notices" aria-live="polite"></div>
        <main id="q-screen" aria-label="{screen.Title}"><p class="q-loading" role="status">Loading the designer. The first time takes a few seconds.</p></main>
        <div id="blazor-error-ui" role="alert">
        <p>Something in the designer failed, and this page cannot be relied on any more. Changes that the server did not take are kept in this browser and are offered again after a reload.</p>
        <button type="button" class="q-button reload">Reload this page</button>
        </div>
        <script type="module" src="shell/{visit.Stamp}/host.js"></script>
        {string.Join('\n', Scripts.Select(script => $"""<script defer src="{script}"></script>"""))}
        </body>
        </html>
        """;

    /// <summary>The page in place of every screen while the files are not there.</summary>
    public static string Missing(string reason, string folder, StudioVisit visit) => $"""
        <!DOCTYPE html>
        <html lang="en" data-theme="{visit.Theme}">
        {Head("The designer is not installed", visit, [])}
        <body class="q-plain">
        {Bar(null, visit)}
        <main>
        <h1>The designer is not installed here</h1>
        <p>Quiesce shows its workflows in Elsa Studio, whose files come from npm and not with this program. {Text(reason)} Everything else works without them: the console, jobs and sessions, and the <code>quiesce workflow</code> commands.</p>
        <p>To add them, run this on the server's machine, where Node.js and its npm are installed, as the user that runs the server, and reload this page. Nothing has to be restarted.</p>
        <pre tabindex="0"><code>npm install --ignore-scripts --prefix "{Text(folder)}" {StudioFolder.Package}@{StudioFolder.Version}</code></pre>
        <p>Without a network there, run the command on another machine, copy the folder, and name it: <code>quiesce serve --studio DIR</code>.</p>
        </main>
        <script type="module" src="shell/{visit.Stamp}/bar.js"></script>
        </body>
        </html>
        """;

    private static string Head(string title, StudioVisit visit, string[] styles) => $"""
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title} · Quiesce</title>
        <base href="/studio/">
        <link rel="icon" type="image/svg+xml" href="shell/{visit.Stamp}/favicon.svg">
        {string.Join('\n', styles.Select(style => $"""<link rel="stylesheet" href="{style}">"""))}
        <link rel="stylesheet" href="shell/{visit.Stamp}/shell.css">
        </head>
        """;

    private static string Bar(StudioScreen? screen, StudioVisit visit) => $"""
        <header class="q-bar">
        {(screen is null ? "" : $"""<h1 class="q-hidden">{screen.Title}</h1>""")}
        <a class="q-brand" href="/"><img src="shell/{visit.Stamp}/favicon.svg" alt="">Quiesce</a>
        <nav aria-label="Pages">
        {string.Join('\n', Console.Select(page => Link(page.Path, page.Text, isCurrent: false)))}
        {Link("/studio/workflows/definitions", "Workflows", screen is { IsDefinitions: true })}
        {Link("/studio/workflows/instances", "Instances", screen is { IsDefinitions: false })}
        </nav>
        <button type="button" id="q-theme" class="q-quiet" title="Bar and notices: as the system, light or dark. Studio itself has a light theme only.">Theme</button>
        {(visit.User is null ? "" : $"""<span class="q-user" title="Logged in">{Text(visit.User)}</span><form method="post" action="/logout"><button class="q-quiet">Log out</button></form>""")}
        </header>
        """;

    private static string Link(string path, string text, bool isCurrent) => $"""<a href="{path}"{(isCurrent ? " aria-current=\"page\"" : "")}>{text}</a>""";

    private static string Text(string? text) => HtmlEncoder.Default.Encode(text ?? "");
}
