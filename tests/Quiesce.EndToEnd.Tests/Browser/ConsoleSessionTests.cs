using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Quiesce.EndToEnd.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ConsoleSessionTests(Chromium chromium)
{
    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = Visitor.Patience };

    [Fact]
    public async Task A_session_appears_on_the_open_list_and_is_watched_live_to_its_end()
    {
        await using var site = await ServedSite.StartAsync();
        await site.ApplyHeldJobAsync("nightly");
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/sessions", "console-session");

        await visitor.DoAsync(async page =>
        {
            await Expect(page.GetByText("No session has run yet")).ToBeVisibleAsync();
            await site.StartJobAsync("nightly");

            // No reload: the row comes by itself.
            var row = page.GetByRole(AriaRole.Link, new() { Name = "nightly" });
            await Expect(row).ToBeVisibleAsync();
            await Expect(page.Locator(".session-row .verdict")).ToHaveTextAsync("Running");
            await visitor.ShotAsync("list-running");
            await row.ClickAsync();
            await Expect(page.Locator(".machine-row")).ToHaveCountAsync(1);
            await page.Locator(".machine-row", new() { HasText = "web01" }).ClickAsync();
            await Expect(page.Locator(".picture .node.running")).ToHaveCountAsync(1);
            await Expect(page.GetByText("pre-snapshot script").First).ToBeVisibleAsync();
            await visitor.ShotAsync("running");

            site.LetGo();

            await Expect(page.Locator(".session-bar .verdict")).ToHaveTextAsync("Success", Patient);
            await Expect(page.Locator("section[aria-label='Machine web01'] .verdict")).ToHaveTextAsync("Success");
            await Expect(page.Locator("section[aria-label='Machine web01']")).ToContainTextAsync("app-consistent");
            await Expect(page.GetByRole(AriaRole.Img, new() { NameRegex = new("application held for") })).ToBeVisibleAsync();
            await Expect(page.Locator(".picture .node.running")).ToHaveCountAsync(0);
            await Expect(page.Locator(".picture .node.success").First).ToBeVisibleAsync();
            await visitor.ShotAsync("ended");
        });
    }
}
