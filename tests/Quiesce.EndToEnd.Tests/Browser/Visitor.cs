using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>Somebody at a browser of their own, logged in by the log-in page. What goes wrong leaves a screenshot and a trace; errors in the browser's console fail the test.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    public const float Patience = 60_000;

    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly IBrowserContext _context;
    private readonly string _name;

    private Visitor(IBrowserContext context, IPage page, string name) => (_context, Page, _name) = (context, page, name);

    public IPage Page { get; }

    public IBrowserContext Context => _context;

    /// <summary>Expected while the test takes the server away.</summary>
    public bool ToleratesFailedRequests { get; set; }

    /// <summary>A visitor who has logged in and is on this page.</summary>
    /// <param name="name">What its screenshots are called.</param>
    public static async Task<Visitor> ComeAsync(Chromium chromium, ServedSite site, string path, string name, ColorScheme colors = ColorScheme.Light, int width = 1440)
    {
        var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = site.Url.ToString(), ViewportSize = new ViewportSize { Width = width, Height = 900 }, ColorScheme = colors });
        context.SetDefaultTimeout(Patience);
        await context.Tracing.StartAsync(new TracingStartOptions { Screenshots = true, Snapshots = true });
        var page = await context.NewPageAsync();
        var visitor = new Visitor(context, page, name);
        page.Console += (_, message) => visitor.Note(message);
        page.RequestFinished += (_, request) => visitor.Note(request);
        page.PageError += (_, error) => visitor.NoteError(error);
        await page.GotoAsync($"/login?returnUrl={Uri.EscapeDataString(path)}");
        await page.Locator("input[name=key]").FillAsync(site.Key);
        await page.Locator("form[action*=login] button, form button[type=submit]").First.ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == path.Split('?')[0]);
        return visitor;
    }

    /// <summary>Does something; on failure, what the page looked like and how it came to that is kept.</summary>
    public async Task DoAsync(Func<IPage, Task> deeds)
    {
        try
        {
            await deeds(Page);
            Assert.True(_errors.IsEmpty, $"The browser's console says:\n{string.Join('\n', _errors)}");
        }
        catch
        {
            await ShotAsync("failed");
            await File.WriteAllTextAsync(Artifacts.At($"{_name}-failed.txt"), $"{Page.Url}\n{string.Join('\n', _errors)}\n\n{string.Join('\n', _calls)}\n");
            await _context.Tracing.StopAsync(new TracingStopOptions { Path = Artifacts.At($"{_name}-failed.zip") });
            throw;
        }
    }

    /// <summary>Keeps a picture of the page for people to look at.</summary>
    public Task ShotAsync(string what) => Page.ScreenshotAsync(new PageScreenshotOptions { Path = Artifacts.At($"{_name}-{what}.png") });

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Note(IRequest request)
    {
        if (new Uri(request.Url).AbsolutePath.StartsWith("/elsa/", StringComparison.Ordinal))
            _calls.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {request.Method} {request.Url} {request.PostData?.Length} {(request.PostData is { Length: > 40 } body ? body[^40..] : request.PostData)}");
    }

    private void Note(IConsoleMessage message)
    {
        // Nothing that the browser calls an error is tolerated, save for what comes of taking the server away.
        if (message.Type is not "error")
            return;
        NoteError($"{message.Text} ({message.Location})");
    }

    private void NoteError(string error)
    {
        // Monaco's worker is a request like any other, told differently; the console's script tells of every try to reach the server again.
        var isAboutTheServer = error.StartsWith("Failed to load resource", StringComparison.Ordinal) || error.Contains("importScripts", StringComparison.Ordinal) || error.EndsWith(": ErrorEvent", StringComparison.Ordinal) || error.Contains("blazor.web.js", StringComparison.Ordinal);
        if (!ToleratesFailedRequests || !isAboutTheServer)
            _errors.Enqueue(error);
    }
}
