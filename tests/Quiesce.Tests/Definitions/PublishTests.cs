using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Storage;

namespace Quiesce.Tests.Definitions;

public sealed class PublishTests
{
    [Fact]
    public async Task Everything_that_keeps_a_definition_from_being_in_force_is_told_at_once_and_a_draft_may_have_it_all()
    {
        await using var open = await OpenCatalog.OpenAsync();
        var document = JsonNode.Parse(Flow.Document(Flow.Sequence("s", Flow.Activity("odd", "Acme.Odd"), Flow.Activity("sharp", "Elsa.WriteLine", Text("CSharp", "x")), Flow.Freeze()), "mine"))!.AsObject();
        document["inputs"] = new JsonArray(new JsonObject { ["name"] = "A", ["type"] = "String" }, new JsonObject { ["name"] = "a", ["type"] = "String" });
        await open.NewAsync(document.ToJsonString());

        var refused = await Assert.ThrowsAsync<DefinitionException>(() => open.Catalog.PublishAsync("mine", "ann", CancellationToken.None));

        Assert.Equal(4, refused.Complaints.Count);
        Assert.Equal([null, "freeze", "odd", "sharp"], refused.Complaints.Select(complaint => complaint.ActivityId).Order());
        Assert.False(open.Catalog.IsPublished("mine"));
        // The same from a designer: the draft stays as it was, with what was edited last.
        var edited = open.Opened("mine");
        edited["name"] = "Other";
        await Assert.ThrowsAsync<DefinitionException>(() => open.SaveAsync(edited, publish: true));
        Assert.Equal(1, open.Catalog.Row("mine", VersionSelector.Latest)!.Revision);
    }

    [Fact]
    public async Task A_request_that_starts_another_workflow_already_is_refused_with_its_name()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Flow.Document(Flow.Sequence("s", Endpoint("orders", "/Orders/{id}")), "first"), publish: true);
        await open.NewAsync(Flow.Document(Flow.Sequence("s", Endpoint("mine", "orders/{number}")), "second"));

        var refused = await Assert.ThrowsAsync<DefinitionException>(() => open.Catalog.PublishAsync("second", "ann", CancellationToken.None));

        Assert.Contains("starts the workflow 'first' already", Assert.Single(refused.Complaints).Reason, StringComparison.Ordinal);
        Assert.Equal("mine", refused.ActivityId);
        await open.Catalog.RetractAsync("first", "ann", CancellationToken.None);
        await open.Catalog.PublishAsync("second", "ann", CancellationToken.None);
    }

    [Fact]
    public async Task Publishing_a_workflow_that_updates_its_consumers_points_them_at_the_new_version_in_one_go()
    {
        await using var open = await OpenCatalog.OpenAsync(("outer.json", Flow.Document(Flow.Sequence("s", Flow.Activity("use", "Middle"), Flow.Say("z")), "outer", "Outer", published: false)));
        await open.NewAsync(Usable("inner", "Inner", Flow.Say("a"), autoUpdate: true), publish: true);
        await open.NewAsync(Usable("middle", "Middle", Flow.Activity("use", "Inner"), autoUpdate: false), publish: true);
        await open.Catalog.PublishAsync("outer", "ann", CancellationToken.None);
        await open.NewAsync(Flow.Document(Flow.Sequence("s", Flow.Activity("use", "Inner")), "drafted", "Drafted"));
        Assert.Equal(["drafted", "middle", "outer"], open.Catalog.Consumers("inner"));
        Assert.Equal(["outer"], open.Catalog.Consumers("middle"));

        var document = open.Opened("inner");
        OpenCatalog.Say(document, "a", "hello");
        var saved = await open.SaveAsync(document, publish: true);

        Assert.Equal(["drafted", "middle", "outer"], saved.UpdatedConsumers.Order());
        var (middle, outer, drafted) = (open.Catalog.Row("middle", VersionSelector.Published)!, open.Catalog.Row("outer", VersionSelector.Published)!, open.Catalog.Row("drafted", VersionSelector.Latest)!);
        Assert.Equal((2, 2, 1, false), (middle.Version, outer.Version, drafted.Version, drafted.IsPublished));
        Assert.Equal(saved.Row.VersionId, (string?)Use(middle)["workflowDefinitionVersionId"]);
        Assert.Equal((2, saved.Row.VersionId, "inner"), ((int)Use(drafted)["version"]!, (string?)Use(drafted)["latestAvailablePublishedVersionId"], (string?)Use(drafted)["workflowDefinitionId"]));
        Assert.Equal(middle.VersionId, (string?)Use(outer)["workflowDefinitionVersionId"]);
        Assert.Contains(middle.VersionId, await open.ReadFileAsync("outer.json"), StringComparison.Ordinal);

        static JsonObject Use(DefinitionRow row) => OpenCatalog.Activity(OpenCatalog.Of(row), "use");
    }

    [Fact]
    public async Task Consumers_are_pointed_at_a_new_version_when_asked_where_the_workflow_does_not_do_it_by_itself()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Usable("inner", "Inner", Flow.Say("a"), autoUpdate: false), publish: true);
        await open.NewAsync(Flow.Document(Flow.Sequence("s", Flow.Activity("use", "Inner")), "outer", "Outer"), publish: true);
        var document = open.Opened("inner");
        OpenCatalog.Say(document, "a", "hello");
        Assert.Empty((await open.SaveAsync(document, publish: true)).UpdatedConsumers);

        Assert.Equal(["outer"], await open.Catalog.UpdateReferencesAsync("inner", CancellationToken.None));
        Assert.Empty(await open.Catalog.UpdateReferencesAsync("inner", CancellationToken.None));
        Assert.Equal(2, open.Catalog.Row("outer", VersionSelector.Published)!.Version);
    }

    [Fact]
    public async Task Two_workflows_that_use_each_other_are_updated_once()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Usable("a", "Aa", Flow.Say("x"), autoUpdate: true), publish: true);
        await open.NewAsync(Usable("b", "Bb", Flow.Activity("use", "Aa"), autoUpdate: true), publish: true);
        var document = open.Opened("a");
        document["root"]!["activities"]!.AsArray().Add(Flow.Activity("back", "Bb"));

        Assert.Equal(["b"], (await open.SaveAsync(document, publish: true)).UpdatedConsumers);
    }

    [Fact]
    public async Task A_workflow_that_can_be_used_as_an_activity_is_described_version_by_version_and_only_the_one_in_force_is_offered()
    {
        await using var open = await OpenCatalog.OpenAsync();
        var document = JsonNode.Parse(Usable("inner", "Take it all", Flow.Say("a"), autoUpdate: false))!.AsObject();
        document["inputs"] = new JsonArray(new JsonObject { ["name"] = "My input", ["type"] = "String" });
        document["outputs"] = new JsonArray(new JsonObject { ["name"] = "Size", ["type"] = "Int64" });
        document["outcomes"] = new JsonArray("Good", "Bad");
        document["options"]!["activityCategory"] = "Ours";
        await open.NewAsync(document.ToJsonString(), publish: true);
        var edited = open.Opened("inner");
        OpenCatalog.Say(edited, "a", "hello");
        var row = (await open.SaveAsync(edited)).Row;

        var (draft, published) = (open.Catalog.WorkflowActivities().Single(one => one.Version == 2), open.Catalog.WorkflowActivities().Single(one => one.Version == 1));

        Assert.Equal(("TakeItAll", "Ours", true, "Take it all"), (published.TypeName, published.Category, published.IsBrowsable, published.DisplayName));
        Assert.Equal(("MyInput", "My input", "Size"), (published.Inputs.Single().Name, published.Inputs.Single().DisplayName, published.Outputs.Single().Name));
        Assert.Equal(["Good", "Bad"], published.Outcomes);
        Assert.False(draft.IsBrowsable);
        Assert.Equal((row.VersionId, 1), ((string?)draft.ConstructionProperties!["workflowDefinitionVersionId"], (int)draft.ConstructionProperties["latestAvailablePublishedVersion"]!));
        Assert.Equal("WorkflowDefinitionActivity", (string?)draft.CustomProperties!["RootType"]);
    }

    private static string Usable(string id, string name, JsonObject activity, bool autoUpdate)
    {
        var document = JsonNode.Parse(Flow.Document(Flow.Sequence("s", activity, Flow.Say("end")), id, name))!.AsObject();
        document["options"] = new JsonObject { ["usableAsActivity"] = true, ["autoUpdateConsumingWorkflows"] = autoUpdate };
        return document.ToJsonString();
    }

    private static JsonObject Text(string language, string code) => new() { ["text"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = language, ["value"] = code } } };

    private static JsonObject Endpoint(string id, string path) => Flow.Activity(id, "Elsa.HttpEndpoint", new JsonObject
    {
        ["path"] = path, ["supportedMethods"] = new JsonArray("GET"), ["customProperties"] = new JsonObject { ["canStartWorkflow"] = true },
    });
}
