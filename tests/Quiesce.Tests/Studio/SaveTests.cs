using System.Text.Json.Nodes;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.Studio;

public sealed class SaveTests
{
    [Fact]
    public async Task The_same_save_four_times_is_one_draft()
    {
        await using var server = await RunningServer.StartAsync();
        var published = (await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(await server.CreateAsync("Mine", StudioClient.Line("a")), publish: true))).Body!["workflowDefinition"]!;
        var body = StudioClient.SaveBody(published, model => model["root"]!["activities"]!.AsArray().Add((JsonNode)StudioClient.Line("b")));

        var ids = new HashSet<string>();
        for (var i = 0; i < 4; i++)
        {
            var answer = await server.StudioPostAsync("workflow-definitions", body);
            Assert.True(answer.Status == 200, $"attempt {i}: {answer.Body}");
            ids.Add((string)answer.Body!["workflowDefinition"]!["id"]!);
        }

        Assert.Single(ids);
        Assert.Equal(2, (await server.ReadAsync("workflow-definitions/mine/versions"))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_same_create_four_times_is_one_definition_and_another_of_that_name_gets_its_own_id()
    {
        await using var server = await RunningServer.StartAsync();
        var ids = new List<string>();
        foreach (var name in (string[])["Mine", "Mine", "Mine", "mine!"])
            ids.Add((string)(await server.CreateAsync(name, StudioClient.Line("a")))["definitionId"]!);

        Assert.Equal(["mine", "mine", "mine", "mine-2"], ids);
        Assert.Single((await server.ReadAsync("workflow-definitions/mine/versions"))["items"]!.AsArray());
    }

    [Fact]
    public async Task The_same_roll_back_twice_is_one_draft()
    {
        await using var server = await RunningServer.StartAsync();
        var first = (await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(await server.CreateAsync("Mine", StudioClient.Line("a")), publish: true))).Body!["workflowDefinition"]!;
        await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(first, model => model["root"]!["activities"]!.AsArray().Add((JsonNode)StudioClient.Line("b")), publish: true));

        var once = await server.StudioSendAsync(HttpMethod.Post, "workflow-definitions/mine/revert/1", null);
        var again = await server.StudioSendAsync(HttpMethod.Post, "workflow-definitions/mine/revert/1", null);

        Assert.Equal((3, 3), ((int)once.Body!["version"]!, (int)again.Body!["version"]!));
        Assert.Equal((string)once.Body["id"]!, (string)again.Body["id"]!);
    }

    [Fact]
    public async Task Two_who_edit_the_same_version_never_overwrite_one_another()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreateAsync("Shared", StudioClient.Line("a"));
        var (mine, theirs) = (await server.OpenAsync("shared"), await server.OpenAsync("shared"));
        Assert.Equal(200, (await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(theirs, model => model["description"] = "theirs"))).Status);

        var refused = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(mine, model => model["description"] = "mine"));

        Assert.Equal((400, "conflict"), (refused.Status, (string)refused.Body!["code"]!));
        Assert.NotEmpty(refused.Refusal);
        Assert.Equal("theirs", (string)(await server.OpenAsync("shared"))["description"]!);
        // The work is not lost: it can be kept under another name.
        var copy = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(mine, model => (model["id"], model["definitionId"], model["name"], model["description"]) = (null, null, "Shared, mine", "mine")));
        Assert.Equal((200, "shared-mine"), (copy.Status, (string?)copy.Body!["workflowDefinition"]!["definitionId"]));
    }

    [Fact]
    public async Task An_edit_goes_on_from_save_to_save()
    {
        await using var server = await RunningServer.StartAsync();
        var current = await server.CreateAsync("Steps", StudioClient.Line("a"));
        for (var i = 0; i < 5; i++)
        {
            var answer = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(current, model => model["root"]!["activities"]!.AsArray().Add((JsonNode)StudioClient.Line($"more{i}"))));
            Assert.True(answer.Status == 200, $"save {i}: {answer.Body}");
            current = answer.Body!["workflowDefinition"]!;
        }

        Assert.Equal((1, 6), ((int)current["version"]!, current["root"]!["activities"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_save_into_a_deleted_definition_is_a_conflict_and_does_not_bring_it_back()
    {
        await using var server = await RunningServer.StartAsync();
        var opened = await server.CreateAsync("Gone", StudioClient.Line("a"));
        await server.StudioDeleteAsync("workflow-definitions/gone");

        var refused = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(opened));

        Assert.Equal((400, "conflict"), (refused.Status, (string)refused.Body!["code"]!));
        Assert.Contains("Save as", refused.Refusal, StringComparison.Ordinal);
        Assert.Equal(400, (await server.StudioGetAsync("workflow-definitions/by-definition-id/gone")).Status);
    }

    [Fact]
    public async Task A_publish_that_is_refused_names_every_complaint()
    {
        await using var server = await RunningServer.StartAsync();
        JsonObject Script(string id, string language) => Definitions.Flow.Activity(id, "Elsa.WriteLine", new JsonObject { ["version"] = 1, ["text"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = language, ["value"] = "1" } } });
        var opened = await server.CreateAsync("Foreign", Script("one", "CSharp"), Script("two", "Python"));

        var refused = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(opened, publish: true));

        Assert.Equal(400, refused.Status);
        Assert.Equal(2, refused.Body!["errors"]!.AsObject().SelectMany(member => member.Value!.AsArray()).Count());
        Assert.Contains("activity 'one'", refused.Refusal, StringComparison.Ordinal);
        Assert.Contains("activity 'two'", refused.Refusal, StringComparison.Ordinal);
    }
}
