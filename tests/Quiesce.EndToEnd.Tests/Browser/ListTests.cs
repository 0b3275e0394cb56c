using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>The buttons of the definition list and of the version history.</summary>
[Collection(BrowserTests.Name)]
public sealed class ListTests(Chromium chromium)
{
    [Fact]
    public async Task A_definition_is_exported_deleted_and_imported_again_by_the_lists_buttons()
    {
        await using var site = await ServedSite.StartAsync(Definitions.Files(Definitions.Greeting()));
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/studio/workflows/definitions", "list");
        await visitor.DoAsync(async page =>
        {
            var row = page.Locator("tbody tr.mud-table-row", new PageLocatorOptions { HasText = "Greeting" });
            await row.WaitForAsync();
            await row.Locator("button").Last.ClickAsync();
            await visitor.ShotAsync("1-menu");
            await MenuItem(page, "Export").ClickAsync();
            var download = await page.RunAndWaitForDownloadAsync(() => page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Export" }).ClickAsync());
            var file = site.Folder.At("exported.json");
            await download.SaveAsAsync(file);
            Assert.Equal("greeting", (string?)JsonNode.Parse(await File.ReadAllTextAsync(file))!["definitionId"]);

            await row.Locator("button").Last.ClickAsync();
            await MenuItem(page, "Delete").ClickAsync();
            await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
            await Assertions.Expect(row).ToHaveCountAsync(0, new LocatorAssertionsToHaveCountOptions { Timeout = Visitor.Patience });
            Assert.False(await ExistsAsync(site));

            await page.Locator("input[type=file]").SetInputFilesAsync(file);
            await row.WaitForAsync();
            await visitor.ShotAsync("2-imported");
            Assert.True(await ExistsAsync(site));
        });
    }

    [Fact]
    public async Task An_old_version_is_rolled_back_to_by_the_version_history()
    {
        await using var site = await ServedSite.StartAsync(Definitions.Files(Definitions.Greeting()));
        await site.PostAsync("elsa/api/workflow-definitions/import", Definitions.Greeting(name: "Second thoughts"));
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/studio/workflows/definitions/greeting/edit", "roll-back");
        await visitor.DoAsync(async page =>
        {
            var designer = await Designer.OpenAsync(page, "greeting", nodes: 3);
            await Assertions.Expect(designer.Name).ToHaveValueAsync("Second thoughts");
            // The tabs are wider than their pane, so that a mouse would have to scroll first.
            await page.Locator(".mud-tab", new PageLocatorOptions { HasText = "Version history" }).DispatchEventAsync("click");
            var rows = page.Locator(".mud-table-row", new PageLocatorOptions { Has = page.Locator("td") });
            await Assertions.Expect(rows).ToHaveCountAsync(2, new LocatorAssertionsToHaveCountOptions { Timeout = Visitor.Patience });
            await visitor.ShotAsync("1-history");
            await rows.Last.Locator("button").Last.ClickAsync();
            await MenuItem(page, "Rollback").ClickAsync();

            await Eventually.IsAsync(async () => (string?)(await site.LatestAsync("greeting"))["name"] == "Greeting", "nothing was rolled back");
            await visitor.ShotAsync("2-rolled-back");
        });
    }

    private static ILocator MenuItem(IPage page, string text) => page.Locator(".mud-popover-open .mud-menu-item", new PageLocatorOptions { HasText = text }).First;

    private static async Task<bool> ExistsAsync(ServedSite site) =>
        (await site.GetAsync("elsa/api/workflow-definitions?versionOptions=Latest"))["items"]!.AsArray().Any(one => (string?)one!["definitionId"] == "greeting");
}
