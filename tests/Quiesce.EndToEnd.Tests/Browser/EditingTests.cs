using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Quiesce.EndToEnd.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class EditingTests(Chromium chromium)
{
    private const string Shipped = "machine-snapshot";

    [Fact]
    public async Task The_shipped_machine_workflow_is_drawn_changed_by_hand_published_and_written_back_to_its_file()
    {
        await using var site = await ServedSite.StartAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, site, $"/studio/workflows/definitions/{Shipped}/edit", "edit-shipped");
        await visitor.DoAsync(async page =>
        {
            var designer = await Designer.OpenAsync(page, Shipped, nodes: 11);
            await visitor.ShotAsync("1-opened");

            await designer.SavesAsync(() => designer.DragInAsync("Console", "Write line", 560, 420));
            var added = await designer.Nodes.EvaluateAllAsync<string[]>("nodes => nodes.map(node => node.dataset.cellId)");
            var shipped = Activities(await site.GetAsync($"api/workflows/{Shipped}/export"));
            var id = Assert.Single(added.Except(shipped));
            await designer.SavesAsync(() => designer.ConnectAsync("takeSnapshot", "Done", id));
            await designer.SavesAsync(() => designer.SetTextAsync(id, "Text", "Snapshot taken"));
            await visitor.ShotAsync("2-changed");
            var published = await designer.SavesAsync(designer.PublishAsync, publish: true);
            Assert.True(published.Ok, await published.TextAsync());
            await page.GetByText("published", new PageGetByTextOptions { Exact = false }).First.WaitForAsync();
            await visitor.ShotAsync("3-published");

            var inForce = await site.GetAsync($"elsa/api/workflow-definitions/by-definition-id/{Shipped}?versionOptions=Published");
            Assert.Equal(2, (int)inForce["version"]!);
            Assert.Equal(shipped.Append(id).Order(), Activities(inForce).Order());
            var file = await File.ReadAllTextAsync(Path.Combine(site.Workflows, $"{Shipped}.json"));
            var written = JsonNode.Parse(file)!;
            var line = written["root"]!["activities"]!.AsArray().Single(one => (string?)one!["id"] == id)!;
            Assert.Equal("Snapshot taken", (string?)line["text"]!["expression"]!["value"]);
            Assert.Contains(written["root"]!["connections"]!.AsArray(), one => (string?)one!["source"]!["activity"] == "takeSnapshot" && (string?)one["target"]!["activity"] == id);
        });
    }

    [Fact]
    public async Task A_definition_with_an_unknown_activity_opens_with_all_of_it_and_an_edit_keeps_it()
    {
        await using var site = await ServedSite.StartAsync();
        // A new definition has no ids yet; the server gives it one.
        var model = JsonNode.Parse(Definitions.Greeting(secondType: "Acme.Unheard"))!;
        model["id"] = model["definitionId"] = null;
        var id = (string)(await site.PostAsync("elsa/api/workflow-definitions", new JsonObject { ["model"] = model, ["publish"] = false }.ToJsonString()))["workflowDefinition"]!["definitionId"]!;
        await using var visitor = await Visitor.ComeAsync(chromium, site, $"/studio/workflows/definitions/{id}/edit", "unknown-activity");
        await visitor.DoAsync(async page =>
        {
            var designer = await Designer.OpenAsync(page, id, nodes: 3);
            await visitor.ShotAsync("opened");
            var answer = await designer.SavesAsync(() => designer.SetTextAsync("hello", "Text", "Good morning"));
            Assert.True(answer.Ok, await answer.TextAsync());

            var kept = (await site.LatestAsync(id))["root"]!["activities"]!.AsArray();
            Assert.Equal(["bye", "hello", "wait"], kept.Select(one => (string)one!["id"]!).Order());
            var exported = (await site.GetAsync($"elsa/api/workflow-definitions/{id}/export?versionOptions=Latest"))["root"]!["activities"]!.AsArray();
            var bye = exported.Single(one => (string?)one!["id"] == "bye")!;
            Assert.Equal("Acme.Unheard", (string?)bye["type"]);
            Assert.Equal("it is", (string?)bye["kept"]!["as"]);
        });
    }

    [Fact]
    public async Task A_file_that_is_edited_outside_shows_up()
    {
        await using var site = await ServedSite.StartAsync(Definitions.Files(Definitions.Greeting()));
        await using var visitor = await Visitor.ComeAsync(chromium, site, "/studio/workflows/definitions", "edited-outside");
        await visitor.DoAsync(async page =>
        {
            await page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "Greeting" }).First.WaitForAsync();
            await visitor.ShotAsync("list");

            await File.WriteAllTextAsync(Path.Combine(site.Workflows, "test-0.json"), Definitions.Greeting(name: "Greeting by hand").Replace("\"Hello\" }", "\"Written by hand\" }", StringComparison.Ordinal));
            await Eventually.IsAsync(async () => (string?)(await site.LatestAsync("greeting"))["name"] == "Greeting by hand", "the server did not take the file over");
            var designer = await Designer.OpenAsync(page, "greeting", nodes: 3);

            await Assertions.Expect(designer.Name).ToHaveValueAsync("Greeting by hand");
            await visitor.ShotAsync("designer");
        });
    }

    private static IEnumerable<string> Activities(JsonNode definition) => definition["root"]!["activities"]!.AsArray().Select(one => (string)one!["id"]!);
}
