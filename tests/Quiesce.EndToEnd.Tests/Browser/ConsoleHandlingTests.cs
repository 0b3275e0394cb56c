using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>What an operator does on the console: keys, buttons, theme, a server that goes away.</summary>
[Collection(BrowserTests.Name)]
public sealed class ConsoleHandlingTests(Chromium chromium)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Visible = new() { Timeout = Visitor.Patience };
    private static readonly LocatorAssertionsToHaveTextOptions Text = new() { Timeout = Visitor.Patience };
    private static readonly PageAssertionsToHaveURLOptions Url = new() { Timeout = Visitor.Patience };

    [Fact]
    public async Task Everything_is_reached_by_keyboard()
    {
        await using var site = await ServedSite.StartAsync();
        await site.ApplyHeldJobAsync("nightly");
        site.LetGo();
        var first = await site.RunJobAsync("nightly");
        var second = await site.RunJobAsync("nightly");
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/sessions", "console-keyboard");

        await visitor.DoAsync(async page =>
        {
            await LiveAsync(page);
            // A page begins at its heading; before that come navigation and, first of all, the way past it.
            await Expect(page.Locator("h1")).ToBeFocusedAsync();
            await page.Locator(".skip").FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.Locator("#main")).ToBeFocusedAsync();

            await page.Keyboard.PressAsync("?");
            await Expect(page.Locator("#shortcuts")).ToBeVisibleAsync();
            await visitor.ShotAsync("help");
            await page.Keyboard.PressAsync("Escape");
            await Expect(page.Locator("#shortcuts")).Not.ToBeVisibleAsync();

            await page.Keyboard.PressAsync("g");
            await page.Keyboard.PressAsync("j");
            await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/jobs$"), Url);
            await page.Keyboard.PressAsync("g");
            await page.Keyboard.PressAsync("s");
            await Expect(page.Locator(".session-row")).ToHaveCountAsync(2);
            // Alive, it begins at its heading: focus set before that would be taken away.
            await LiveAsync(page);
            await Expect(page.Locator("h1")).ToBeFocusedAsync();

            await page.Locator(".session-row a").First.FocusAsync();
            await page.Keyboard.PressAsync("ArrowDown");
            await Expect(page.Locator(".session-row a").Nth(1)).ToBeFocusedAsync();
            await page.Keyboard.PressAsync("ArrowUp");
            await page.Keyboard.PressAsync("Enter");
            await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(second), Url);
            await Expect(page.Locator("a[rel=prev]")).ToBeVisibleAsync(Visible);
            await page.Keyboard.PressAsync("ArrowLeft");
            await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(first), Url);
            await Expect(page.Locator("a[rel=next]")).ToBeVisibleAsync(Visible);
            await page.Keyboard.PressAsync("ArrowRight");
            await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(second), Url);

            await page.Keyboard.PressAsync("/");
            await Expect(page.Locator("input[data-search]")).ToBeFocusedAsync();
            await page.Keyboard.TypeAsync("nothing like it");
            await Expect(page.GetByText("No machine matches")).ToBeVisibleAsync(Visible);
            await page.Locator("input[data-search]").FillAsync("");
            await page.Locator("[role=listbox]").FocusAsync();
            await page.Keyboard.PressAsync("ArrowDown");
            await Expect(page.Locator(".machine-row[aria-selected=true]")).ToHaveCountAsync(1);
            await Expect(page.Locator("section[aria-label='Machine web01']")).ToBeVisibleAsync(Visible);
            await page.Keyboard.PressAsync("Escape");
            await Expect(page.GetByText("Where the time went")).ToBeVisibleAsync(Visible);
        });
    }

    [Fact]
    public async Task A_cancel_is_asked_for_first_and_undone_machines_are_shown()
    {
        await using var site = await ServedSite.StartAsync();
        await site.ApplyHeldJobAsync("nightly");
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/sessions", "console-cancel");

        await visitor.DoAsync(async page =>
        {
            await LiveAsync(page);
            await page.GetByLabel("Job to start").SelectOptionAsync("nightly");
            await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel now" })).ToBeVisibleAsync(Visible);
            await Expect(page.Locator(".machine-row")).ToContainTextAsync("pre-snapshot script", new() { Timeout = Visitor.Patience });

            await page.GetByRole(AriaRole.Button, new() { Name = "Cancel now" }).ClickAsync();
            var dialog = page.Locator(".rz-dialog");
            await Expect(dialog).ToContainTextAsync("Cancel this session?");
            await visitor.ShotAsync("question");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Leave it" }).ClickAsync();
            await Expect(page.Locator(".session-bar .verdict")).ToHaveTextAsync("Running");
            await page.GetByRole(AriaRole.Button, new() { Name = "Cancel now" }).ClickAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel the session" }).ClickAsync();

            await Expect(page.Locator(".session-bar .verdict")).ToHaveTextAsync("Cancelled", Text);
            await Expect(page.Locator(".session-note")).ToContainTextAsync("cancelled by user");
            await visitor.ShotAsync("cancelled");
        });
    }

    [Fact]
    public async Task The_theme_that_was_chosen_is_there_at_the_next_visit()
    {
        await using var site = await ServedSite.StartAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/sessions", "console-theme");

        await visitor.DoAsync(async page =>
        {
            var toggle = page.Locator("[data-theme-toggle]");
            Assert.Equal("system", await page.GetAttributeAsync("html", "data-theme"));
            var light = await BackgroundAsync(page);
            await toggle.ClickAsync();
            await toggle.ClickAsync();
            Assert.Equal("dark", await page.GetAttributeAsync("html", "data-theme"));
            Assert.NotEqual(light, await BackgroundAsync(page));
            await page.ReloadAsync();
            Assert.Equal("dark", await page.GetAttributeAsync("html", "data-theme"));
        });
    }

    [Fact]
    public async Task When_the_server_goes_away_the_page_says_so_and_its_button_brings_it_back()
    {
        await using var site = await ServedSite.StartAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/sessions", "console-reconnect");

        await visitor.DoAsync(async page =>
        {
            await LiveAsync(page);
            visitor.ToleratesFailedRequests = true;
            await site.KillAsync();
            await Expect(page.GetByText("The server does not answer")).ToBeVisibleAsync(Visible);
            await visitor.ShotAsync("away");
            await site.ComeBackAsync();
            // Its circuits went with it: the page is read anew, by itself or by the button.
            var rejected = page.GetByText("The server was started again");
            await page.WaitForFunctionAsync("() => !document.querySelector('#components-reconnect-modal').checkVisibility() || document.querySelector('.when-rejected').checkVisibility()");
            if (await rejected.IsVisibleAsync())
                await page.GetByRole(AriaRole.Button, new() { Name = "Load again" }).ClickAsync();
            await Expect(page.GetByText("The server does not answer")).Not.ToBeVisibleAsync(new() { Timeout = Visitor.Patience });
            await LiveAsync(page);
        });
    }

    /// <summary>Keys and buttons work once the page has come alive.</summary>
    private static Task LiveAsync(IPage page) => page.Locator(".shell[data-live]").WaitForAsync();

    private static Task<string> BackgroundAsync(IPage page) => page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
}
