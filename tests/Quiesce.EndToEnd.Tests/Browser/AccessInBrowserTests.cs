using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>Keys and log-ins as a person meets them.</summary>
[Collection(BrowserTests.Name)]
public sealed class AccessInBrowserTests(Chromium chromium)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task The_log_in_page_works_without_script_and_for_everybody(ColorScheme colors, int width)
    {
        await using var site = await ServedSite.StartAsync();
        await using var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = site.Url.ToString(), JavaScriptEnabled = false, ColorScheme = colors, ViewportSize = new ViewportSize { Width = width, Height = 700 },
        });
        var page = await context.NewPageAsync();

        await page.GotoAsync("/settings");
        await page.GetByLabel("Key").FillAsync("qk_wrong");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not known here");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Artifacts.At($"login-{colors}-{width}.png".ToLowerInvariant()) });
        await page.GetByLabel("Key").FillAsync(site.Key);
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Settings" })).ToBeVisibleAsync();
        Assert.EndsWith("/settings", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_in_page_has_no_accessibility_violation()
    {
        await using var site = await ServedSite.StartAsync();
        foreach (var colors in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            // Its policy refuses every script, also the one that looks for violations.
            await using var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = site.Url.ToString(), ColorScheme = colors, BypassCSP = true });
            var page = await context.NewPageAsync();
            await page.GotoAsync("/login");

            Assert.Empty((await page.RunAxe()).Violations.Select(found => $"{colors}: {found.Id}: {found.Help}: {string.Join(" | ", found.Nodes.Select(node => node.Html))}"));
        }
    }

    [Fact]
    public async Task A_log_in_link_opens_the_console_at_once()
    {
        await using var site = await ServedSite.StartAsync();
        await using var context = await chromium.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        using var asked = await site.Rest.PostAsync(new Uri("api/login-links", UriKind.Relative), null);
        var link = (string)JsonNode.Parse(await asked.Content.ReadAsStringAsync())!["url"]!;

        await page.GotoAsync(link);

        await Expect(page.Locator(".who")).ToContainTextAsync("local");
    }

    [Fact]
    public async Task A_key_made_on_the_settings_page_is_shown_once_lets_its_owner_in_and_throws_him_out_when_it_is_deleted()
    {
        await using var site = await ServedSite.StartAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/settings", "settings-keys");
        await visitor.DoAsync(async page =>
        {
            await page.GetByLabel("Name").FillAsync("onlooker");
            await page.GetByLabel("Role").SelectOptionAsync("viewer");
            await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
            var key = await page.GetByLabel("The new key").InputValueAsync();
            Assert.StartsWith("qk_", key, StringComparison.Ordinal);
            await visitor.ShotAsync("made");

            await using var other = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = site.Url.ToString() });
            var theirs = await other.NewPageAsync();
            await theirs.GotoAsync("/login?returnUrl=%2Fsettings");
            await theirs.GetByLabel("Key").FillAsync(key);
            await theirs.Keyboard.PressAsync("Enter");
            await Expect(theirs.Locator(".who")).ToContainTextAsync("onlooker");
            await Expect(theirs.GetByRole(AriaRole.Heading, new() { Name = "Server", Exact = true })).ToBeVisibleAsync();
            await Expect(theirs.GetByRole(AriaRole.Button, new() { Name = "Create key" })).ToHaveCountAsync(0);

            await page.GetByRole(AriaRole.Button, new() { Name = "I have kept it" }).ClickAsync();
            await Expect(page.GetByLabel("The new key")).ToHaveCountAsync(0);
            await page.GetByRole(AriaRole.Button, new() { Name = "Delete the key onlooker" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Delete the key", Exact = true }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Delete the key onlooker" })).ToHaveCountAsync(0);
            await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Audit" }).GetByText("delete the key onlooker")).ToBeVisibleAsync();

            await theirs.GotoAsync("/sessions");
            await Expect(theirs.GetByLabel("Key")).ToBeVisibleAsync();
        });
    }
}
