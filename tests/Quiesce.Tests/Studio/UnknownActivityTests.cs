using System.Text.Json.Nodes;
using Quiesce.Tests.Definitions;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.Studio;

/// <summary>The most dangerous pitfall of the stock designer: one activity without a descriptor empties the canvas, and the next save makes that true.</summary>
public sealed class UnknownActivityTests
{
    private static JsonObject Foreign => Flow.Activity("foreign", "Acme.SendFax", new JsonObject
    {
        ["version"] = 3, ["number"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Acme", ["value"] = "0123" } }, ["pages"] = new JsonArray(1, 2),
    });

    [Fact]
    public async Task Every_type_and_version_of_an_opened_definition_has_a_descriptor_that_is_not_offered()
    {
        await using var server = await RunningServer.StartAsync();
        await ImportAsync(server, Foreign, Flow.Activity("later", "Elsa.WriteLine", new JsonObject { ["version"] = 7 }), Flow.Activity("bare", "Acme.Bare"));

        var opened = await server.OpenAsync("mixed");
        var items = (await server.ReadAsync("descriptors/activities?Refresh=True"))["items"]!.AsArray();

        Assert.Equal(4, opened["root"]!["activities"]!.AsArray().Count);
        Assert.All(opened["root"]!["activities"]!.AsArray(), activity =>
            Assert.Single(items, item => (string)item!["typeName"]! == (string)activity!["type"]! && (int)item["version"]! == (int)activity["version"]!));
        Assert.False((bool)items.Single(item => (string)item!["typeName"]! == "Acme.SendFax")!["isBrowsable"]!);
        // The palette shows the highest version of a type: hidden, it would hide WriteLine.
        Assert.True((bool)items.Single(item => (string)item!["typeName"]! == "Elsa.WriteLine" && (int)item["version"]! == 7)!["isBrowsable"]!);
        Assert.Contains((await server.ReadAsync("descriptors/expression-descriptors"))["items"]!.AsArray(), item => (string)item!["type"]! == "Acme");
    }

    [Fact]
    public async Task A_save_of_the_drawn_definition_keeps_the_foreign_activity_as_it_was()
    {
        await using var server = await RunningServer.StartAsync();
        await ImportAsync(server, Foreign);
        var opened = await server.OpenAsync("mixed");

        var saved = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(opened, model => model["root"]!["activities"]![0]!["metadata"] = new JsonObject { ["displayText"] = "moved" }));

        Assert.Equal(200, saved.Status);
        var kept = (await server.OpenAsync("mixed"))["root"]!["activities"]!.AsArray().Single(activity => (string)activity!["id"]! == "foreign")!;
        Assert.Equal(("Acme.SendFax", 3, "0123", 2), ((string)kept["type"]!, (int)kept["version"]!, (string)kept["number"]!["expression"]!["value"]!, kept["pages"]!.AsArray().Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_save_of_an_empty_canvas_is_refused_also_when_something_was_dragged_onto_it(bool dragged)
    {
        await using var server = await RunningServer.StartAsync();
        await ImportAsync(server, Foreign);
        var opened = await server.OpenAsync("mixed");

        var refused = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(opened, model =>
        {
            model["root"]!["activities"] = dragged ? new JsonArray(StudioClient.Line("new")) : new JsonArray();
            model["root"]!["connections"] = new JsonArray();
        }));

        Assert.Equal((400, "conflict"), (refused.Status, (string)refused.Body!["code"]!));
        Assert.Contains("would remove", refused.Refusal, StringComparison.Ordinal);
        Assert.Equal(2, (await server.OpenAsync("mixed"))["root"]!["activities"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_emptied_canvas_inside_another_activity_is_refused_too()
    {
        await using var server = await RunningServer.StartAsync();
        var inner = Flow.Activity("each", "Elsa.ForEach", new JsonObject { ["body"] = Flow.Flowchart("inner", [Foreign, StudioClient.Line("b")]) });
        await server.StudioPostAsync("workflow-definitions/import", JsonNode.Parse(Flow.Document(Flow.Flowchart("flow1", [StudioClient.Line("a"), inner]), "mixed", "Mixed")));
        var opened = await server.OpenAsync("mixed");
        var index = opened["root"]!["activities"]!.AsArray().ToList().FindIndex(activity => (string)activity!["id"]! == "each");

        var refused = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(opened, model => model["root"]!["activities"]![index]!["body"]!["activities"] = new JsonArray()));

        Assert.Equal(400, refused.Status);
        Assert.Contains("'foreign' (Acme.SendFax)", refused.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_foreign_is_removed_from_the_canvas_and_the_refusal_says_how_it_is_done()
    {
        await using var server = await RunningServer.StartAsync();
        await ImportAsync(server, Foreign);
        var opened = await server.OpenAsync("mixed");

        var refused = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(opened, model =>
        {
            var activities = model["root"]!["activities"]!.AsArray();
            activities.Remove(activities.Single(activity => (string)activity!["id"]! == "foreign"));
        }));

        Assert.Equal((400, "conflict"), (refused.Status, (string)refused.Body!["code"]!));
        Assert.Contains("import it", refused.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_activity_of_a_workflow_that_was_deleted_still_has_its_descriptor()
    {
        await using var server = await RunningServer.StartAsync();
        var sub = await server.CreateAsync("Sub", StudioClient.Line("say"));
        await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(sub, model => model["options"] = new JsonObject { ["usableAsActivity"] = true }, publish: true));
        await ImportAsync(server, Flow.Activity("child", "Sub", new JsonObject { ["version"] = 1, ["workflowDefinitionId"] = "sub" }));
        Assert.Equal(204, (await server.StudioDeleteAsync("workflow-definitions/sub")).Status);

        await server.OpenAsync("mixed");

        Assert.Contains(("Sub", 1), await DefinitionContractTests.KnownAsync(server));
    }

    [Fact]
    public async Task A_file_with_a_foreign_activity_has_its_descriptor_before_anybody_opened_it()
    {
        await using var server = await RunningServer.StartAsync();
        await DefinitionContractTests.KnownAsync(server);
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "workflows", "dropped.json"), Flow.Document(Flow.Sequence("s", Flow.Activity("x", "Acme.FromFile", new JsonObject { ["version"] = 2 })), "dropped", published: false));

        var reloaded = await server.StudioPostAsync("actions/workflow-definitions/reload");

        Assert.Equal(200, reloaded.Status);
        await RunningServer.Until(async () => (await DefinitionContractTests.KnownAsync(server)).Contains(("Acme.FromFile", 2)), "the descriptor");
    }

    private static async Task ImportAsync(RunningServer server, params JsonObject[] activities)
    {
        var answer = await server.StudioPostAsync("workflow-definitions/import", JsonNode.Parse(Flow.Document(Flow.Flowchart("flow1", [StudioClient.Line("say"), .. activities]), "mixed", "Mixed")));
        Assert.True(answer.Status == 200, $"{answer.Body}");
    }
}
