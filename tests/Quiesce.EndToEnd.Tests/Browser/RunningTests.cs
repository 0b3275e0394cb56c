using Microsoft.Playwright;

namespace Quiesce.EndToEnd.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class RunningTests(Chromium chromium)
{
    [Fact]
    public async Task A_run_from_the_designer_leads_to_its_instance_which_is_watched_to_its_end()
    {
        // Long enough for the viewer to be there before the end, on a machine with two busy cores.
        await using var site = await ServedSite.StartAsync(Definitions.Files(Definitions.Greeting(delay: "00:00:25")));
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/studio/workflows/definitions/greeting/edit", "run");
        await visitor.DoAsync(async page =>
        {
            var designer = await Designer.OpenAsync(page, "greeting", nodes: 3);
            var hub = page.WaitForWebSocketAsync(new PageWaitForWebSocketOptions { Predicate = socket => socket.Url.Contains("/elsa/hubs/workflow-instance", StringComparison.Ordinal) });

            await designer.RunAsync();
            await page.WaitForURLAsync(url => url.Contains("/studio/workflows/instances/", StringComparison.Ordinal) && url.EndsWith("/view", StringComparison.Ordinal));
            await hub;
            await page.Locator(".x6-node").Nth(2).WaitForAsync();
            await visitor.ShotAsync("1-begun");

            await page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = "Sub status" }).Filter(new LocatorFilterOptions { HasText = "Finished" }).WaitForAsync();
            var journal = page.Locator(".rz-splitter-pane").First;
            foreach (var name in new[] { "Hello", "Wait", "Bye" })
                await journal.GetByText(name).First.WaitForAsync();
            await visitor.ShotAsync("2-finished");
        });
    }

    [Fact]
    public async Task A_run_of_the_machine_workflow_is_shown_as_refused_with_what_to_do_instead()
    {
        await using var site = await ServedSite.StartAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/studio/workflows/definitions/machine-snapshot/edit", "run-refused");
        await visitor.DoAsync(async page =>
        {
            var designer = await Designer.OpenAsync(page, "machine-snapshot", nodes: 11);

            await designer.RunAsync();

            await Assertions.Expect(designer.Notices).ToContainTextAsync("Not started:", new LocatorAssertionsToContainTextOptions { Timeout = Visitor.Patience });
            await Assertions.Expect(designer.Notices).ToContainTextAsync("session");
            Assert.EndsWith("/edit", new Uri(page.Url).AbsolutePath, StringComparison.Ordinal);
            await visitor.ShotAsync("refused");
            Assert.Equal(0, (int)(await site.PostAsync("elsa/api/workflow-instances", "{}"))["totalCount"]!);
        });
    }

    [Fact]
    public async Task The_instance_list_shows_runs_and_its_filter_narrows_it()
    {
        await using var site = await ServedSite.StartAsync(Definitions.Files(Definitions.Greeting(delay: "00:00:00.1"), Definitions.Greeting("waiting", "Waiting", delay: "01:00:00")));
        foreach (var definition in new[] { "greeting", "waiting" })
            await site.PostAsync($"elsa/api/workflow-definitions/{definition}/execute", """{"versionOptions":"Published"}""");
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/studio/workflows/instances", "instances");
        await visitor.DoAsync(async page =>
        {
            var rows = page.Locator("tbody tr.mud-table-row");
            await Assertions.Expect(rows).ToHaveCountAsync(2, new LocatorAssertionsToHaveCountOptions { Timeout = Visitor.Patience });
            await visitor.ShotAsync("all");

            await page.GetByPlaceholder("Search on Id").FillAsync("waiting");
            await page.GetByPlaceholder("Search on Id").PressAsync("Enter");
            await Assertions.Expect(rows).ToHaveCountAsync(1, new LocatorAssertionsToHaveCountOptions { Timeout = Visitor.Patience });
            await visitor.ShotAsync("searched");
            await rows.First.ClickAsync();
            await page.WaitForURLAsync(url => url.EndsWith("/view", StringComparison.Ordinal));
            await page.Locator(".x6-node").Nth(2).WaitForAsync();
            await visitor.ShotAsync("waiting");
        });
    }
}
