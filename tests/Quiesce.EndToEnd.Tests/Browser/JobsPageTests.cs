using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>Jobs made, refused, fought over and run by somebody at the console.</summary>
[Collection(BrowserTests.Name)]
public sealed class JobsPageTests(Chromium chromium)
{
    [Fact]
    public async Task A_job_is_made_in_the_form_started_from_the_list_and_seen_running_to_its_end()
    {
        await using var site = await ServedSite.StartAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/jobs", "jobs-create");
        await visitor.DoAsync(async page =>
        {
            await page.GetByRole(AriaRole.Link, new() { Name = "New job", Exact = true }).ClickAsync();
            await TypeAsync(page, "Name", "evening");
            await TypeAsync(page, "Machine name", "here");
            await TypeAsync(page, "Connect", "local");
            await TypeAsync(page, "Path to protect", site.Folder.Application);
            await TypeAsync(page, "Before the snapshot, file name", "pre.sh");
            await page.GetByLabel("Text of pre.sh").FillAsync($"#!/bin/sh\nwhile [ ! -e {site.Folder.At("go")} ]; do sleep 0.05; done\n");
            await page.GetByLabel("Text of pre.sh").BlurAsync();
            await TypeAsync(page, "After the snapshot, file name", "post.sh");
            await page.GetByLabel("Text of post.sh").FillAsync("#!/bin/sh\ntrue\n");
            await page.GetByLabel("Text of post.sh").BlurAsync();
            await page.GetByLabel("Starts", new() { Exact = true }).SelectOptionAsync("Daily");
            await page.GetByLabel("At", new() { Exact = true }).FillAsync("22:00");
            await page.GetByLabel("At", new() { Exact = true }).BlurAsync();
            await TypeAsync(page, "Time zone", "Europe/Berlin");
            await Expect(page.Locator(".starts li")).ToHaveCountAsync(10);
            await Expect(page.Locator(".json-box textarea")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("\"timeZone\": \"Europe/Berlin\""));
            await Expect(page.GetByText("Nothing stands against it.")).ToBeVisibleAsync();
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Artifacts.At("jobs-create-form.png"), FullPage = true });
            await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
            await page.WaitForURLAsync("**/jobs/evening/edit");

            await page.GotoAsync("/jobs");
            var row = page.GetByRole(AriaRole.Article, new() { Name = "evening" });
            await Expect(row).ToContainTextAsync("daily at 22:00 (Europe/Berlin)");
            await Expect(row).ToContainTextAsync("Next start");
            await page.GetByRole(AriaRole.Button, new() { Name = "Start evening" }).ClickAsync();
            await page.WaitForURLAsync("**/sessions/*");
            await page.GotoAsync("/jobs");
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stop evening", Exact = true })).ToBeVisibleAsync();
            await visitor.ShotAsync("running");
            site.LetGo();
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Start evening" })).ToBeVisibleAsync();
            await Expect(row.Locator(".verdict.success")).ToBeVisibleAsync();

            await page.GotoAsync("/restore-points?job=evening");
            await Expect(page.Locator(".thing-row")).ToContainTextAsync("app-consistent");
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Restore here") }).ClickAsync();
            await page.GetByLabel("Restore into").FillAsync(site.Folder.At("restored"));
            await page.GetByRole(AriaRole.Button, new() { Name = "Restore", Exact = true }).ClickAsync();
            await Expect(page.Locator(".thing-more")).ToContainTextAsync("Restored");
            await visitor.ShotAsync("restored");
            Assert.True(Directory.Exists(site.Folder.At("restored")));

            await page.GotoAsync("/machines");
            await page.GetByRole(AriaRole.Button, new() { Name = "Test here" }).ClickAsync();
            await Expect(page.Locator(".thing-more")).ToContainTextAsync("Reached");
            await Expect(page.Locator(".thing-row")).ToContainTextAsync("1 point");
            await visitor.ShotAsync("machine");
        });
    }

    [Fact]
    public async Task A_refused_save_says_why_at_the_field_and_at_the_line_and_loses_nothing()
    {
        await using var site = await ServedSite.StartAsync();
        await site.ApplyHeldJobAsync("nightly");
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/jobs/nightly/edit", "jobs-refused");
        await visitor.DoAsync(async page =>
        {
            var keep = page.GetByRole(AriaRole.Region, new() { Name = "Snapshot", Exact = true }).GetByLabel("Restore points to keep");
            await keep.FillAsync("many");
            await keep.BlurAsync();
            await Expect(keep).ToHaveAttributeAsync("aria-invalid", "true");
            await Expect(page.Locator(".json-lines .bad")).ToHaveCountAsync(1);
            await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
            await Expect(page.GetByText("Nothing of what you wrote is lost.")).ToBeVisibleAsync();
            await Expect(keep).ToHaveValueAsync("many");
            await visitor.ShotAsync("complaint");

            // A member that nobody knows is refused, and stays where it is while the form goes on being used.
            var json = page.Locator(".json-box textarea");
            await json.FillAsync((await json.InputValueAsync()).Replace("\"many\"", "5,\n    \"mine\": 1", StringComparison.Ordinal));
            await json.BlurAsync();
            await Expect(page.Locator(".complaints")).ToContainTextAsync("'mine' is not known here");
            await Expect(keep).ToHaveValueAsync("5");
            await TypeAsync(page, "Automatic retries", "1");
            await Expect(json).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("\"mine\": 1"));
            await json.FillAsync("{ no json");
            await json.BlurAsync();
            await Expect(page.GetByText("The form waits")).ToBeVisibleAsync();
        });
        Assert.Equal(7, (int)(await site.GetAsync("api/jobs/nightly"))["snapshot"]!["keep"]!);
    }

    [Fact]
    public async Task Of_two_who_edit_the_same_job_the_second_is_told_and_chooses()
    {
        await using var site = await ServedSite.StartAsync();
        await site.ApplyHeldJobAsync("nightly");
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/jobs/nightly/edit", "jobs-conflict");
        await visitor.DoAsync(async page =>
        {
            await TypeAsync(page, "Machines at the same time", "2");
            await site.ApplyHeldJobAsync("nightly", machines: 2);
            await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
            await Expect(page.GetByText("Not saved: the job was changed by somebody else")).ToBeVisibleAsync();
            Assert.Equal(2, (await site.GetAsync("api/jobs/nightly"))["machines"]!.AsArray().Count);
            await Expect(page.GetByLabel("Machines at the same time")).ToHaveValueAsync("2");
            await visitor.ShotAsync("told");
            await page.GetByRole(AriaRole.Button, new() { Name = "Save mine over theirs" }).ClickAsync();
            await Expect(page.GetByText("nightly is saved")).ToBeVisibleAsync();
        });
        var saved = await site.GetAsync("api/jobs/nightly");
        Assert.Equal((2, 1), ((int)saved["maxConcurrentMachines"]!, saved["machines"]!.AsArray().Count));
    }

    /// <summary>Types into a field and leaves it, as people do.</summary>
    private static async Task TypeAsync(IPage page, string label, string text)
    {
        var field = page.GetByLabel(label, new() { Exact = true });
        await field.First.FillAsync(text);
        await field.First.BlurAsync();
    }
}
