using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;

namespace Quiesce.Tests.Definitions;

public sealed class SaveConflictTests
{
    private static readonly string Small = Flow.Document(Flow.Flowchart("flow", [Flow.Say("a"), Flow.Say("b"), Flow.Say("c")], "a:Done>b"), "mine", published: null);

    [Fact]
    public async Task Two_editors_of_one_draft_the_second_is_told_who_and_what_and_nothing_is_lost()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Small);
        var (anns, bobs) = (open.Opened("mine"), open.Opened("mine"));
        OpenCatalog.Say(anns, "a", "by Ann");
        OpenCatalog.Say(bobs, "b", "by Bob");
        await open.SaveAsync(anns, by: "ann");

        var refused = await Assert.ThrowsAsync<RefusedException>(() => open.SaveAsync(bobs, by: "bob"));

        Assert.Equal(ProblemCodes.Conflict, refused.Code);
        Assert.Contains("ann saved 'mine' at 20", refused.Message, StringComparison.Ordinal);
        Assert.Contains("input Text of 'a' set to by Ann", refused.Message, StringComparison.Ordinal);
        Assert.Contains("by Ann", open.Catalog.Row("mine", VersionSelector.Latest)!.Json, StringComparison.Ordinal);

        // Loaded again, the change is made again.
        var again = open.Opened("mine");
        OpenCatalog.Say(again, "b", "by Bob");
        Assert.Equal(3, (await open.SaveAsync(again, by: "bob")).Row.Revision);
    }

    [Fact]
    public async Task Two_editors_of_the_version_in_force_the_second_meets_the_draft_of_the_first()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Small, publish: true);
        var (anns, bobs) = (open.Opened("mine"), open.Opened("mine"));
        OpenCatalog.Say(anns, "a", "by Ann");
        OpenCatalog.Say(bobs, "b", "by Bob");
        await open.SaveAsync(anns);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => open.SaveAsync(bobs, publish: true, by: "bob"));

        Assert.Contains("version 2, a draft", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, open.Catalog.Row("mine", VersionSelector.Published)!.Version);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_save_that_is_sent_four_times_is_kept_once(bool publish)
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Small, publish: true);
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "hello");
        var first = (await open.SaveAsync(document, publish)).Row;

        for (var i = 0; i < 3; i++)
            Assert.Equal(first, (await open.SaveAsync(document, publish)).Row);

        Assert.Equal(2, open.Catalog.Versions("mine").Count);
    }

    [Fact]
    public async Task A_new_definition_that_is_sent_again_is_made_once()
    {
        await using var open = await OpenCatalog.OpenAsync();
        var json = JsonNode.Parse(Small)!.AsObject();
        json.Remove("definitionId");

        var rows = new[] { (await open.NewAsync(json.ToJsonString())).Row, (await open.NewAsync(json.ToJsonString())).Row };

        Assert.Equal(rows[0], rows[1]);
        Assert.NotEqual(rows[0].DefinitionId, (await open.NewAsync(json.ToJsonString(), by: "bob")).Row.DefinitionId);
    }

    [Fact]
    public async Task A_repeat_that_comes_after_somebody_elses_save_answers_what_is_kept_now()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Small);
        var anns = open.Opened("mine");
        OpenCatalog.Say(anns, "a", "by Ann");
        await open.SaveAsync(anns);
        var bobs = open.Opened("mine");
        OpenCatalog.Say(bobs, "b", "by Bob");
        var kept = (await open.SaveAsync(bobs, by: "bob")).Row;

        Assert.Equal(kept, (await open.SaveAsync(anns)).Row);
    }

    [Fact]
    public async Task A_save_that_overtakes_the_one_before_it_is_kept_and_the_older_one_cannot_undo_it()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Small);
        var one = open.Opened("mine");
        OpenCatalog.Say(one, "a", "first");
        var both = one.DeepClone().AsObject();
        OpenCatalog.Say(both, "b", "second");

        // In order: the second is based on what the first was based on, and holds what the first changed.
        await open.SaveAsync(one);
        Assert.Equal(3, (await open.SaveAsync(both)).Row.Revision);

        // The other way round: the first comes late, and lacks what the second changed.
        var late = open.Opened("mine");
        OpenCatalog.Say(late, "a", "third");
        var newer = late.DeepClone().AsObject();
        OpenCatalog.Say(newer, "c", "fourth");
        var kept = (await open.SaveAsync(newer)).Row;
        await Assert.ThrowsAsync<RefusedException>(() => open.SaveAsync(late));
        Assert.Equal(kept, open.Catalog.Row("mine", VersionSelector.Latest));
    }

    [Fact]
    public async Task A_save_of_something_deleted_is_a_conflict_and_not_a_new_definition()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Small);
        var document = open.Opened("mine");
        await open.Catalog.DeleteAsync("mine", CancellationToken.None);

        Assert.Contains("was deleted meanwhile", (await Assert.ThrowsAsync<RefusedException>(() => open.SaveAsync(document))).Message, StringComparison.Ordinal);
        Assert.Empty(open.Catalog.List());
    }

    [Fact]
    public async Task A_read_only_definition_is_not_saved()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Small.Replace("\"name\"", "\"isReadonly\":true,\"name\"", StringComparison.Ordinal));
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "hello");
        document["isReadonly"] = false;

        Assert.Contains("read-only", (await Assert.ThrowsAsync<RefusedException>(() => open.SaveAsync(document))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_save_that_would_empty_a_definition_is_refused()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Small);
        var document = open.Opened("mine");
        document["root"]!["activities"] = new JsonArray();
        document["root"]!["connections"] = new JsonArray();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => open.SaveAsync(document));

        Assert.Contains("has 3 activities", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, open.Catalog.Row("mine", VersionSelector.Latest)!.Revision);
    }

    [Fact]
    public async Task A_save_that_drops_an_activity_of_an_unknown_type_is_refused_and_one_that_keeps_it_is_not()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Flow.Document(Flow.Flowchart("flow", [Flow.Say("a"), Flow.Say("b"), Flow.Activity("odd", "Acme.Odd", new JsonObject { ["deep"] = new JsonObject { ["x"] = 1 } })]), "mine"));
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "hello");
        var kept = OpenCatalog.Of((await open.SaveAsync(document)).Row);
        Assert.Equal(1, (int)OpenCatalog.Activity(kept, "odd")["deep"]!["x"]!);

        kept["root"]!["activities"]!.AsArray().Remove(OpenCatalog.Activity(kept, "odd"));
        Assert.Contains("'odd' (Acme.Odd)", (await Assert.ThrowsAsync<RefusedException>(() => open.SaveAsync(kept))).Message, StringComparison.Ordinal);

        var shown = open.Opened("mine");
        shown["root"]!["activities"]!.AsArray().Remove(OpenCatalog.Activity(shown, "b"));
        await open.SaveAsync(shown);
    }

    [Fact]
    public async Task The_edit_counter_is_in_no_exported_document()
    {
        await using var open = await OpenCatalog.OpenAsync();
        var row = (await open.NewAsync(Small)).Row;

        Assert.Contains("quiesceRevision", row.Json, StringComparison.Ordinal);
        Assert.DoesNotContain("quiesceRevision", open.Catalog.Export(row), StringComparison.Ordinal);
    }
}
