using System.Text.Json.Nodes;
using Quiesce.Tests.Definitions;

namespace Quiesce.Tests.Server;

/// <summary>Two people in the designer and one in an editor on the file, through the API that the designer calls.</summary>
public sealed class TwoEditorsTests
{
    private const string Saves = "elsa/api/workflow-definitions";

    [Fact]
    public async Task Two_in_the_designer_and_one_in_the_file_and_nobody_loses_anything()
    {
        await using var server = await RunningServer.StartAsync();
        var file = Path.Combine(server.Folder, "workflows", "mine.json");
        await File.WriteAllTextAsync(file, Flow.Document(Flow.Flowchart("f", [Flow.Say("a"), Flow.Say("b"), Flow.Say("c")], "a:Done>b"), "mine"));
        await RunningServer.Until(async () => (await server.SendAsync(HttpMethod.Get, "api/workflows/mine")).Status == 200, "the file to be taken up");

        // Both open the version in force; the first save makes a draft, the second meets it and is told.
        var (anns, bobs) = (await OpenAsync(server), await OpenAsync(server));
        OpenCatalog.Say(anns, "a", "from Ann");
        OpenCatalog.Say(bobs, "b", "from Bob");
        var draft = await SaveAsync(server, anns);
        Assert.Equal((200, 2), (draft.Status, (int)draft.Body["workflowDefinition"]!["version"]!));
        var refused = await SaveAsync(server, bobs);
        Assert.Equal((400, "conflict"), (refused.Status, (string?)refused.Body["code"]));
        Assert.Contains("from Ann", refused.Body["errors"]!.ToJsonString(), StringComparison.Ordinal);

        // Bob loads it again and goes on in the same draft; now Ann's page is the older one.
        var again = await OpenAsync(server);
        OpenCatalog.Say(again, "b", "from Bob");
        var kept = await SaveAsync(server, again);
        Assert.Equal(200, kept.Status);
        var stale = draft.Body["workflowDefinition"]!.DeepClone().AsObject();
        OpenCatalog.Say(stale, "c", "Ann again");
        Assert.Equal("conflict", (string?)(await SaveAsync(server, stale)).Body["code"]);

        // Meanwhile somebody edits the file: that is in force, and the draft is kept beside it.
        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, text.Replace("\"id\":\"c\"", "\"id\":\"c\",\"text\":\"from the file\"", StringComparison.Ordinal));
        var late = kept.Body["workflowDefinition"]!.DeepClone().AsObject();
        OpenCatalog.Say(late, "a", "later");
        var met = await SaveAsync(server, late, publish: true);
        Assert.Equal("conflict", (string?)met.Body["code"]);
        Assert.Contains("the file saved", met.Body["errors"]!.ToJsonString(), StringComparison.Ordinal);

        var versions = (await server.SendAsync(HttpMethod.Get, "api/workflows/mine/versions")).Body!.AsArray();
        Assert.Equal([(3, true), (2, false), (1, false)], versions.Select(version => ((int)version!["version"]!, (bool)version["isPublished"]!)));
        var draftNow = (await server.SendAsync(HttpMethod.Get, "api/workflows/mine?version=2")).Body!.ToJsonString();
        Assert.Contains("from Ann", draftNow, StringComparison.Ordinal);
        Assert.Contains("from Bob", draftNow, StringComparison.Ordinal);

        // The draft is taken up again, published, and written to the file.
        Assert.Equal(200, (await server.PostAsync("api/workflows/mine/revert/2?publish=true")).Status);
        var written = await File.ReadAllTextAsync(file);
        Assert.Contains("from Ann", written, StringComparison.Ordinal);
        Assert.Contains("from Bob", written, StringComparison.Ordinal);
        Assert.DoesNotContain("nodeId", written, StringComparison.Ordinal);
        Assert.DoesNotContain("quiesceRevision", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_save_that_arrives_four_times_is_one_version_and_one_that_empties_the_canvas_none()
    {
        await using var server = await RunningServer.StartAsync();
        await server.SendAsync(HttpMethod.Put, "api/workflows/mine?publish=true", Flow.Document(Flow.Flowchart("f", [Flow.Say("a"), Flow.Say("b")]), "mine"));
        var document = await OpenAsync(server);
        OpenCatalog.Say(document, "a", "hello");

        for (var i = 0; i < 4; i++)
            Assert.Equal((200, 2), (await SaveAsync(server, document, publish: true)) is var saved ? (saved.Status, (int)saved.Body["workflowDefinition"]!["version"]!) : default);
        var empty = await OpenAsync(server);
        empty["root"]!["activities"] = new JsonArray();
        Assert.Equal(400, (await SaveAsync(server, empty)).Status);

        Assert.Equal(2, (await server.SendAsync(HttpMethod.Get, "api/workflows/mine/versions")).Body!.AsArray().Count);
    }

    private static async Task<JsonObject> OpenAsync(RunningServer server) => (await server.SendAsync(HttpMethod.Get, $"{Saves}/by-definition-id/mine?versionOptions=Latest")).Body!.AsObject();

    private static async Task<(int Status, JsonNode Body)> SaveAsync(RunningServer server, JsonObject model, bool publish = false)
    {
        var (status, body) = await server.PostAsync(Saves, new JsonObject { ["model"] = model.DeepClone(), ["publish"] = publish }.ToJsonString());
        return (status, body!);
    }
}
