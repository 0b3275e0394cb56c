using Microsoft.Playwright;

namespace Quiesce.EndToEnd.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class TroubleTests(Chromium chromium)
{
    private const string Path = "/studio/workflows/definitions/greeting/edit";
    private static readonly LocatorAssertionsToContainTextOptions Patiently = new() { Timeout = Visitor.Patience };

    [Fact]
    public async Task A_network_that_breaks_in_mid_edit_loses_nothing()
    {
        await using var site = await ServedSite.StartAsync(Definitions.Files(Definitions.Greeting()));
        await using var visitor = await Visitor.ComeAsync(chromium, site, Path, "offline");
        visitor.ToleratesFailedRequests = true;
        await visitor.DoAsync(async page =>
        {
            var designer = await Designer.OpenAsync(page, "greeting", nodes: 3);
            await visitor.Context.SetOfflineAsync(true);
            await designer.RenameAsync("Renamed while away");
            await Assertions.Expect(designer.Notices).ToContainTextAsync("Your last changes are not saved yet", Patiently);
            await designer.SetTextAsync("hello", "Text", "Said while away");
            await visitor.ShotAsync("1-away");
            // Longer than Studio would have gone on trying by itself.
            await page.WaitForFunctionAsync("since => Date.now() - since > 20000", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            Assert.Equal("Greeting", (string?)(await site.LatestAsync("greeting"))["name"]);

            await visitor.Context.SetOfflineAsync(false);
            await Assertions.Expect(designer.Notices).ToContainTextAsync("Your last changes are saved", Patiently);
            await visitor.ShotAsync("2-back");
            await Eventually.IsAsync(async () => (await site.LatestAsync("greeting")) is { } latest && (string?)latest["name"] == "Renamed while away"
                && latest.ToJsonString().Contains("Said while away", StringComparison.Ordinal), "the changes did not reach the server");
            await Assertions.Expect(designer.Crash).ToBeHiddenAsync();
        });
    }

    [Fact]
    public async Task Changes_made_before_server_and_page_died_are_offered_again()
    {
        await using var site = await ServedSite.StartAsync(Definitions.Files(Definitions.Greeting()));
        await using var visitor = await Visitor.ComeAsync(chromium, site, Path, "server-gone");
        visitor.ToleratesFailedRequests = true;
        await visitor.DoAsync(async page =>
        {
            var designer = await Designer.OpenAsync(page, "greeting", nodes: 3);
            await site.KillAsync();
            await designer.RenameAsync("Renamed over its grave");
            await Assertions.Expect(designer.Notices).ToContainTextAsync("not saved yet", Patiently);
            page.Dialog += (_, dialog) => dialog.AcceptAsync();
            await page.GotoAsync("about:blank");

            await site.ComeBackAsync();
            Assert.Equal("Greeting", (string?)(await site.LatestAsync("greeting"))["name"]);
            designer = await Designer.OpenAsync(page, "greeting", nodes: 3);
            await Assertions.Expect(designer.Notices).ToContainTextAsync("never reached the server", Patiently);
            await visitor.ShotAsync("offered");
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save them now" }).ClickAsync();
            await Assertions.Expect(designer.Name).ToHaveValueAsync("Renamed over its grave", new LocatorAssertionsToHaveValueOptions { Timeout = Visitor.Patience });
            Assert.Equal("Renamed over its grave", (string?)(await site.LatestAsync("greeting"))["name"]);
        });
    }

    [Fact]
    public async Task Of_two_editors_the_second_ones_save_is_a_conflict_and_neither_loses_anything()
    {
        await using var site = await ServedSite.StartAsync(Definitions.Files(Definitions.Greeting()));
        await using var first = await Visitor.ComeAsync(chromium, site, Path, "conflict-first");
        await using var second = await Visitor.ComeAsync(chromium, site, Path, "conflict-second");
        second.ToleratesFailedRequests = true;
        await first.DoAsync(page => second.DoAsync(async other =>
        {
            var mine = await Designer.OpenAsync(page, "greeting", nodes: 3);
            var theirs = await Designer.OpenAsync(other, "greeting", nodes: 3);

            var saved = await mine.SavesAsync(() => mine.SetTextAsync("hello", "Text", "The first one's words"));
            var refused = await theirs.SavesAsync(() => theirs.SetTextAsync("bye", "Text", "The second one's words"));

            Assert.True(saved.Ok, await saved.TextAsync());
            Assert.Equal(400, refused.Status);
            await Assertions.Expect(theirs.Notices).ToContainTextAsync("Not saved", Patiently);
            await second.ShotAsync("refused");
            var kept = (await site.LatestAsync("greeting")).ToJsonString();
            Assert.Contains("The first one\\u0027s words", kept, StringComparison.Ordinal);
            Assert.DoesNotContain("The second one\\u0027s words", kept, StringComparison.Ordinal);

            await other.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save mine as a copy" }).ClickAsync();
            await other.WaitForURLAsync(url => !url.Contains("/greeting/", StringComparison.Ordinal));
            await Assertions.Expect(theirs.Name).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^Greeting \\(mine"), new LocatorAssertionsToHaveValueOptions { Timeout = Visitor.Patience });
            await second.ShotAsync("copied");
            var copy = await site.LatestAsync(new Uri(other.Url).Segments[^2].TrimEnd('/'));
            Assert.Contains("The second one\\u0027s words", copy.ToJsonString(), StringComparison.Ordinal);
        }));
    }
}
