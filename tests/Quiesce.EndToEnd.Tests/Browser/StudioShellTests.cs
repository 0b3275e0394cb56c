using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>What is ours around Studio: bar, notices, the page without Studio. Studio's own markup is not checked: we show it as it is.</summary>
[Collection(BrowserTests.Name)]
public sealed class StudioShellTests(Chromium chromium)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 390)]
    public async Task Our_shell_is_accessible_and_Studio_fills_the_rest(ColorScheme colors, int width)
    {
        await using var site = await ServedSite.StartAsync(Definitions.Files(Definitions.Greeting()));
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/studio/workflows/definitions/greeting/edit", $"shell-{colors}-{width}", colors, width);
        visitor.ToleratesFailedRequests = true;
        await visitor.DoAsync(async page =>
        {
            var designer = await Designer.OpenAsync(page, "greeting", nodes: 3);
            await visitor.Context.SetOfflineAsync(true);
            await Assertions.Expect(designer.Notices).ToContainTextAsync("cannot be reached", new LocatorAssertionsToContainTextOptions { Timeout = Visitor.Patience });
            await visitor.Context.SetOfflineAsync(false);

            var found = await page.RunAxe(new AxeRunContext { Exclude = [new AxeSelector("#q-screen > *")] });

            await visitor.ShotAsync("shell");
            Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.Select(one => $"{one.Id}: {one.Help} {string.Join(", ", one.Nodes.Select(node => node.Html))}")));
            Assert.Equal(900, await page.Locator("#q-screen .rz-splitter").First.EvaluateAsync<int>("pane => Math.round(pane.getBoundingClientRect().bottom)"));
            Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "The page is wider than the window.");
        });
    }

    [Fact]
    public async Task Without_Studios_files_the_page_says_how_to_add_them()
    {
        await using var site = await ServedSite.StartAsync(null, "--studio", "/nowhere");
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/studio/workflows/definitions", "without-studio", ColorScheme.Dark);
        await visitor.DoAsync(async page =>
        {
            await Assertions.Expect(page.Locator("pre")).ToContainTextAsync("npm install");
            var found = await page.RunAxe();
            await visitor.ShotAsync("page");
            Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.Select(one => $"{one.Id}: {one.Help} {string.Join(", ", one.Nodes.Select(node => node.Html))}")));
        });
    }
}
