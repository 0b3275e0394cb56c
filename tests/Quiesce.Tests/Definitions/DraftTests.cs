using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;
using Quiesce.Storage;

namespace Quiesce.Tests.Definitions;

public sealed class DraftTests
{
    private static readonly string Small = Flow.Document(Flow.Flowchart("flow", [Flow.Say("a"), Flow.Say("b")], "a:Done>b"), "mine", published: null);

    [Fact]
    public async Task A_new_definition_is_a_draft_that_is_edited_in_place_until_it_is_published()
    {
        await using var open = await OpenCatalog.OpenAsync();
        var first = (await open.NewAsync(Small)).Row;
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "hello");
        var second = (await open.SaveAsync(document)).Row;

        Assert.Equal((1, true, false, 1), (first.Version, first.IsLatest, first.IsPublished, first.Revision));
        Assert.Equal((first.VersionId, 1, 2), (second.VersionId, second.Version, second.Revision));
        Assert.False(open.Catalog.IsPublished("mine"));

        var published = await open.Catalog.PublishAsync("mine", "ann", CancellationToken.None);
        Assert.Equal((first.VersionId, true, false), (published.Row.VersionId, published.Row.IsPublished, published.AlreadyPublished));
        Assert.True((await open.Catalog.PublishAsync("mine", "ann", CancellationToken.None)).AlreadyPublished);
    }

    [Fact]
    public async Task An_edit_of_what_is_in_force_is_a_new_draft_and_the_version_in_force_stays_so()
    {
        await using var open = await OpenCatalog.OpenAsync();
        var first = (await open.NewAsync(Small, publish: true)).Row;
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "hello");
        var draft = (await open.SaveAsync(document)).Row;

        Assert.Equal((2, true, false), (draft.Version, draft.IsLatest, draft.IsPublished));
        Assert.Equal((first.VersionId, false), (open.Catalog.Row("mine", VersionSelector.Published)!.VersionId, open.Catalog.Row("mine", VersionSelector.Published)!.IsLatest));
        // The document says itself that it is not the latest any more.
        Assert.False((bool)JsonNode.Parse(open.Catalog.Row("mine", VersionSelector.Published)!.Json)!["isLatest"]!);

        var published = (await open.SaveAsync(OpenCatalog.Of(draft), publish: true)).Row;
        Assert.Equal((draft.VersionId, true), (published.VersionId, published.IsPublished));
        Assert.Equal([(2, true, true), (1, false, false)], open.Catalog.Versions("mine").Select(row => (row.Version, row.IsLatest, row.IsPublished)));
    }

    [Fact]
    public async Task A_retracted_version_is_not_edited_in_place_because_sessions_keep_it()
    {
        await using var open = await OpenCatalog.OpenAsync();
        var first = (await open.NewAsync(Small, publish: true)).Row;
        var retracted = await open.Catalog.RetractAsync("mine", "ann", CancellationToken.None);
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "hello");
        var next = (await open.SaveAsync(document)).Row;

        Assert.Equal((first.VersionId, false, true), (retracted.VersionId, retracted.IsPublished, retracted.IsLatest));
        Assert.Equal(2, next.Version);
        Assert.False(open.Catalog.IsPublished("mine"));
        await Assert.ThrowsAsync<RefusedException>(() => open.Catalog.RetractAsync("mine", "ann", CancellationToken.None));
    }

    [Fact]
    public async Task A_rollback_is_a_new_draft_with_the_old_content()
    {
        await using var open = await OpenCatalog.OpenAsync();
        var first = (await open.NewAsync(Small, publish: true)).Row;
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "hello");
        await open.SaveAsync(document, publish: true);

        var back = await open.Catalog.RevertAsync("mine", 1, "bob", CancellationToken.None);

        Assert.Equal((3, true, false, first.ContentHash, "bob"), (back.Version, back.IsLatest, back.IsPublished, back.ContentHash, back.SavedBy));
        Assert.Equal(2, open.Catalog.Row("mine", VersionSelector.Published)!.Version);
        Assert.Equal(ProblemCodes.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => open.Catalog.RevertAsync("mine", 9, "bob", CancellationToken.None))).Code);
    }

    [Fact]
    public async Task Deleting_the_latest_version_makes_the_one_before_it_the_latest_also_after_a_restart()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Small, publish: true);
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "hello");
        var second = (await open.SaveAsync(document, publish: true)).Row;

        await open.Catalog.DeleteVersionAsync(second.VersionId, CancellationToken.None);
        await open.RestartAsync();

        Assert.Equal((1, true, false), open.Catalog.Row("mine", VersionSelector.Latest) is { } row ? (row.Version, row.IsLatest, row.IsPublished) : default);
        Assert.Null(open.Catalog.RowByVersionId(second.VersionId));
        Assert.Equal(ProblemCodes.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => open.Catalog.DeleteVersionAsync(second.VersionId, CancellationToken.None))).Code);
    }

    [Fact]
    public async Task A_deleted_definition_is_gone_and_a_job_that_names_it_keeps_it_from_being_deleted()
    {
        await using var open = await OpenCatalog.OpenAsync();
        var row = (await open.NewAsync(Small, publish: true)).Row;
        await open.Store.PutJobAsync("nightly", """{"name":"nightly","workflow":"mine","machines":[]}""", [], null);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => open.Catalog.DeleteAsync("mine", CancellationToken.None));
        Assert.Contains("'nightly'", refused.Message, StringComparison.Ordinal);
        await open.Store.DeleteJobAsync("nightly");
        await open.Catalog.DeleteAsync("mine", CancellationToken.None);

        Assert.Null(open.Catalog.Row("mine", VersionSelector.Latest));
        Assert.Null(open.Catalog.GetByVersionId(row.VersionId));
        Assert.Empty(open.Catalog.List());
    }

    [Fact]
    public async Task What_a_designer_does_not_send_and_what_nobody_knows_is_kept()
    {
        await using var open = await OpenCatalog.OpenAsync();
        var json = JsonNode.Parse(Small)!.AsObject();
        (json["providerName"], json["$schema"], json["tool"]) = ("Json", "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json", new JsonObject { ["x"] = 1 });
        json["root"]!["metadata"] = new JsonObject { ["ours"] = "kept" };
        await open.NewAsync(json.ToJsonString());
        var document = open.Opened("mine");
        foreach (var name in (string[])["providerName", "$schema", "tool"])
            document.Remove(name);
        OpenCatalog.Activity(document, "a")["unheardOf"] = 7;
        var saved = OpenCatalog.Of((await open.SaveAsync(document)).Row);

        Assert.Equal(("Json", 1, "kept", 7), ((string?)saved["providerName"], (int)saved["tool"]!["x"]!, (string?)saved["root"]!["metadata"]!["ours"], (int)OpenCatalog.Activity(saved, "a")["unheardOf"]!));
        Assert.StartsWith("https://elsaworkflows.io/", (string?)saved["$schema"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_assigns_is_not_taken_from_a_designer()
    {
        await using var open = await OpenCatalog.OpenAsync();
        var row = (await open.NewAsync(Small)).Row;
        var document = open.Opened("mine");
        (document["version"], document["isPublished"], document["isReadonly"], document["isSystem"], document["createdAt"], document["name"]) = (77, true, true, true, "0001-01-01", "  Trimmed ");
        document["links"] = new JsonArray();
        var saved = OpenCatalog.Of((await open.SaveAsync(document)).Row);

        Assert.Equal((1, false, "Trimmed", row.VersionId), ((int)saved["version"]!, (bool)saved["isPublished"]!, (string?)saved["name"], (string?)saved["id"]));
        Assert.False(saved.ContainsKey("links"));
        Assert.NotEqual(true, (bool?)saved["isReadonly"]);
    }

    [Fact]
    public async Task Every_activity_gets_what_a_designer_needs_and_null_lists_become_empty()
    {
        await using var open = await OpenCatalog.OpenAsync();
        var json = """{"name":"New","id":null,"definitionId":null,"variables":null,"inputs":null,"outputs":null,"outcomes":null,"customProperties":null,"options":null,"root":{"id":"f","type":"Elsa.Flowchart","activities":[{"id":"a","type":"Elsa.WriteLine","text":"hi"},{"id":"b","type":"Elsa.Sequence","activities":[{"type":"Elsa.WriteLine"}]}],"connections":[]}}""";
        var saved = OpenCatalog.Of((await open.NewAsync(json)).Row);

        Assert.Matches("^[0-9a-f]{1,16}$", (string)saved["definitionId"]!);
        Assert.Equal("Workflow1:f:a", (string?)OpenCatalog.Activity(saved, "a")["nodeId"]);
        var inner = OpenCatalog.Activity(saved, "b")["activities"]![0]!;
        Assert.Equal(("WriteLine1", "Workflow1:f:b:WriteLine1", 1), ((string?)inner["id"], (string?)inner["nodeId"], (int)inner["version"]!));
        Assert.Equal("Literal", (string?)OpenCatalog.Activity(saved, "a")["text"]!["expression"]!["type"]);
        Assert.All((string[])["variables", "inputs", "outputs", "outcomes"], name => Assert.IsType<JsonArray>(saved[name]));
        Assert.IsType<JsonObject>(saved["options"]);
    }

    [Fact]
    public async Task The_order_in_which_a_designer_writes_a_flowchart_does_not_count_and_a_sequences_does()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Flow.Document(Flow.Flowchart("flow", [Flow.Say("a"), Flow.Say("b"), Flow.Sequence("s", Flow.Say("x"), Flow.Say("y"))], "a:Done>b", "b:Done>s"), "mine"));
        var document = open.Opened("mine");
        Reverse(document["root"]!["activities"]!.AsArray());
        Reverse(document["root"]!["connections"]!.AsArray());
        Assert.Equal(1, (await open.SaveAsync(document)).Row.Revision);

        Reverse(OpenCatalog.Activity(document, "s")["activities"]!.AsArray());
        var saved = OpenCatalog.Of((await open.SaveAsync(document)).Row);
        Assert.Equal(["a", "b", "s"], saved["root"]!["activities"]!.AsArray().Select(activity => (string)activity!["id"]!));
        Assert.Equal(["y", "x"], OpenCatalog.Activity(saved, "s")["activities"]!.AsArray().Select(activity => (string)activity!["id"]!));

        static void Reverse(JsonArray list)
        {
            var items = list.Reverse().ToList();
            list.Clear();
            items.ForEach(list.Add);
        }
    }

    [Fact]
    public async Task Versions_are_found_by_page_search_and_selector()
    {
        await using var open = await OpenCatalog.OpenAsync();
        for (var i = 0; i < 5; i++)
            await open.NewAsync(Flow.Document(Flow.Sequence("s", Flow.Say("a")), $"flow-{i}", $"Name {4 - i}"), publish: i % 2 == 0);
        var edited = open.Opened("flow-0");
        OpenCatalog.Say(edited, "a", "hello");
        await open.SaveAsync(edited);

        var page = open.Catalog.Query(new DefinitionQuery { Version = VersionSelector.Latest, OrderBy = "Name", Skip = 1, Take = 2 });
        Assert.Equal((5, "flow-3 flow-2"), (page.Total, string.Join(' ', page.Items.Select(row => row.DefinitionId))));
        Assert.Equal(3, open.Catalog.Query(new DefinitionQuery { Version = VersionSelector.Published }).Total);
        Assert.Equal(6, open.Catalog.Query(new DefinitionQuery()).Total);
        Assert.All(open.Catalog.Query(new DefinitionQuery()).Items, row => Assert.NotEmpty(row.Json));
        Assert.Equal("flow-1", Assert.Single(open.Catalog.Query(new DefinitionQuery { Version = VersionSelector.Latest, Search = "NAME 3" }).Items).DefinitionId);
        Assert.Equal(2, open.Catalog.Query(new DefinitionQuery { DefinitionIds = ["flow-0"] }).Total);
    }

    [Fact]
    public async Task Who_listens_is_told_once_a_change_is_durable()
    {
        await using var open = await OpenCatalog.OpenAsync();
        var told = new List<(string Id, bool IsThere)>();
        open.Catalog.Changed += id => told.Add((id, open.Store.DefinitionHeadsAsync(id, CancellationToken.None).GetAwaiter().GetResult().Count > 0));

        await open.NewAsync(Small);
        await open.Catalog.PublishAsync("mine", "ann", CancellationToken.None);
        await open.Catalog.DeleteAsync("mine", CancellationToken.None);

        Assert.Equal([("mine", true), ("mine", true), ("mine", false)], told);
    }
}
