using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>Every page of the console in both themes, on a desk and on a phone: pictures for people, and axe for what a picture does not show.</summary>
[Collection(BrowserTests.Name)]
public sealed class ConsoleLookTests(Chromium chromium)
{
    private static readonly string[] Pages = ["/sessions", "/jobs", "/machines", "/restore-points", "/proxies", "/settings"];

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task No_page_has_a_serious_accessibility_violation_nor_scrolls_sideways(ColorScheme colors, int width)
    {
        await using var site = await ServedSite.StartAsync();
        await site.ApplyHeldJobAsync("nightly");
        await site.ApplyFailingJobAsync("databases");
        site.LetGo();
        var session = await site.RunJobAsync("nightly");
        var failed = await site.RunJobAsync("databases");
        var look = $"console-{(colors == ColorScheme.Dark ? "dark" : "light")}-{width}";
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/sessions", look, colors, width);

        await visitor.DoAsync(async page =>
        {
            List<string> problems = [];
            foreach (var path in Pages.Concat(["/jobs/new", "/jobs/databases/edit", $"/sessions/{session}?machine=web01", $"/sessions/{failed}", $"/sessions/{failed}?machine=db01"]))
            {
                await page.GotoAsync(path);
                await Expect(page.Locator("h1")).ToBeVisibleAsync();
                await page.WaitForFunctionAsync("() => document.querySelector('.elapsed, .session-row, .thing-row, .empty, table, .panel')");
                var name = path.Split('/', '?') is [_, "sessions", var id, ..] ? $"session-{(id == session ? "success" : path.Contains("machine", StringComparison.Ordinal) ? "failed-machine" : "failed")}" : path.Trim('/').Replace('/', '-');
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Artifacts.At($"{look}-{name}.png"), FullPage = true });
                if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") is var over and > 0)
                    problems.Add($"{path}: the page is {over} px wider than the window");
                problems.AddRange((await page.RunAxe()).Violations.Where(found => found.Impact is "serious" or "critical")
                    .Select(found => $"{path}: {found.Id} ({found.Impact}): {found.Help}: {string.Join(" | ", found.Nodes.Take(3).Select(node => node.Html))}"));
            }

            Assert.True(problems.Count == 0, string.Join('\n', problems));
        });
    }
}
