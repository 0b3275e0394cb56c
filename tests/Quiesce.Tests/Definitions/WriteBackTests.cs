using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Jobs;

namespace Quiesce.Tests.Definitions;

public sealed class WriteBackTests
{
    private static readonly string Shipped = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "workflows", "machine-snapshot.json"));

    [Fact]
    public async Task Moving_one_activity_changes_its_position_lines_in_the_file_and_nothing_else()
    {
        await using var open = await OpenCatalog.OpenAsync(("machine-snapshot.json", Shipped));
        var document = open.Opened("machine-snapshot");
        var position = OpenCatalog.Activity(document, "prepareGuest")["metadata"]!["designer"]!["position"]!;
        (position["x"], position["y"]) = (1234, 567);
        // A designer writes a flowchart in an order of its own.
        var activities = document["root"]!["activities"]!.AsArray();
        var last = activities[^1]!;
        activities.Remove(last);
        activities.Insert(0, last);
        await open.SaveAsync(document, publish: true);

        var (before, after) = (Shipped.Split('\n'), (await open.ReadFileAsync("machine-snapshot.json")).Split('\n'));
        Assert.Equal(before.Length, after.Length);
        Assert.Equal(["\"x\": 1234,", "\"y\": 567"], after.Where((line, i) => line != before[i]).Select(line => line.Trim()));
        Assert.Empty(await open.RescanAsync());
    }

    [Theory]
    [InlineData("machine-snapshot")]
    [InlineData("job-session")]
    public async Task Publishing_without_a_change_changes_nothing_in_the_file(string id)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "workflows", id + ".json"));
        await using var open = await OpenCatalog.OpenAsync((id + ".json", text));
        var row = open.Catalog.Row(id, VersionSelector.Latest)!;

        Assert.True((await open.SaveAsync(OpenCatalog.Of(row), publish: true)).AlreadyPublished);
        var edited = OpenCatalog.Of(row);
        edited["description"] = "other";
        await open.SaveAsync(edited, publish: true);
        await open.Catalog.RevertAsync(id, row.Version, "ann", CancellationToken.None);
        await open.Catalog.PublishAsync(id, "ann", CancellationToken.None);

        Assert.Equal(3, open.Catalog.Row(id, VersionSelector.Published)!.Version);
        Assert.Equal(text, await open.ReadFileAsync(id + ".json"));
    }

    [Fact]
    public async Task A_file_written_by_hand_keeps_its_short_forms_and_its_order_where_nothing_was_edited()
    {
        const string hand = """{ "root": { "type": "Elsa.Sequence", "activities": [ { "type": "Elsa.WriteLine", "text": "one" }, { "text": "two", "type": "Elsa.WriteLine" } ] }, "name": "Mine", "definitionId": "mine", "extra": { "a": null } }""";
        await using var open = await OpenCatalog.OpenAsync(("mine.json", hand));
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "WriteLine2", "three");
        document["outputs"] = new JsonArray();
        document["description"] = null;
        await open.SaveAsync(document, publish: true);

        Assert.Equal("""
            {
              "root": {
                "type": "Elsa.Sequence",
                "activities": [
                  {
                    "type": "Elsa.WriteLine",
                    "text": "one"
                  },
                  {
                    "text": {
                      "typeName": "String",
                      "expression": {
                        "type": "Literal",
                        "value": "three"
                      }
                    },
                    "type": "Elsa.WriteLine"
                  }
                ]
              },
              "name": "Mine",
              "definitionId": "mine",
              "extra": {
                "a": null
              }
            }

            """, await open.ReadFileAsync("mine.json"));
    }

    [Fact]
    public async Task A_draft_is_never_written_to_the_file()
    {
        await using var open = await OpenCatalog.OpenAsync(("machine-snapshot.json", Shipped));
        var document = open.Opened("machine-snapshot");
        document["description"] = "other";
        await open.SaveAsync(document);

        Assert.Equal(Shipped, await open.ReadFileAsync("machine-snapshot.json"));
        await open.RestartAsync();
        Assert.Equal((2, false), open.Catalog.Row("machine-snapshot", VersionSelector.Latest) is { } row ? (row.Version, row.IsPublished) : default);
    }

    [Fact]
    public async Task A_file_edited_outside_while_a_draft_is_open_is_in_force_and_the_drafts_next_save_is_a_conflict()
    {
        await using var open = await OpenCatalog.OpenAsync(("mine.json", Flow.Document(Flow.Flowchart("f", [Flow.Say("a"), Flow.Say("b")]), "mine")));
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "in the designer");
        var draft = OpenCatalog.Of((await open.SaveAsync(document)).Row);
        await open.WriteFileAsync("mine.json", Flow.Document(Flow.Flowchart("f", [Flow.Say("a"), Flow.Say("outside")]), "mine"));
        OpenCatalog.Say(draft, "b", "later");

        // No look at the folder in between: the save itself meets the file.
        var refused = await Assert.ThrowsAsync<RefusedException>(() => open.SaveAsync(draft, publish: true));

        Assert.Contains("the file saved 'mine'", refused.Message, StringComparison.Ordinal);
        Assert.Equal([(3, true), (2, false), (1, false)], open.Catalog.Versions("mine").Select(row => (row.Version, row.IsPublished)));
        Assert.Contains("in the designer", open.Catalog.Row("mine", VersionSelector.Specific(2))!.Json, StringComparison.Ordinal);
        Assert.Contains("outside", await open.ReadFileAsync("mine.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_edits_the_file_is_told_of_the_draft_that_is_kept()
    {
        await using var open = await OpenCatalog.OpenAsync(("mine.json", Flow.Document(Flow.Flowchart("f", [Flow.Say("a"), Flow.Say("b")]), "mine")));
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "in the designer");
        await open.SaveAsync(document);
        await open.WriteFileAsync("mine.json", Flow.Document(Flow.Flowchart("f", [Flow.Say("outside")]), "mine"));

        var change = Assert.Single(await open.RescanAsync());

        Assert.Equal((3, null), (change.Version, change.Problem));
        Assert.Contains("The draft that ann worked on is kept as version 2", change.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_reported_and_written_when_it_can_be_also_by_the_next_start()
    {
        await using var open = await OpenCatalog.OpenAsync(("mine.json", Flow.Document(Flow.Flowchart("f", [Flow.Say("a"), Flow.Say("b")]), "mine")));
        var (path, text) = (Path.Combine(open.Workflows, "mine.json"), await open.ReadFileAsync("mine.json"));
        File.SetAttributes(path, FileAttributes.ReadOnly);
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "hello");
        var saved = await open.SaveAsync(document, publish: true);

        Assert.Contains("Version 2 is in force, but not written to mine.json: ", Assert.Single(saved.Warnings), StringComparison.Ordinal);
        Assert.Equal(saved.Warnings[0], Assert.Single(open.Catalog.List()).Problem);
        Assert.Equal((text, 2), (await open.ReadFileAsync("mine.json"), open.Catalog.Row("mine", VersionSelector.Published)!.Version));
        await open.RestartAsync();
        Assert.Equal(2, open.Catalog.Row("mine", VersionSelector.Published)!.Version);
        Assert.NotNull(Assert.Single(open.Catalog.List()).Problem);

        File.SetAttributes(path, FileAttributes.Normal);
        Assert.Empty(await open.RescanAsync());
        Assert.Contains("hello", await open.ReadFileAsync("mine.json"), StringComparison.Ordinal);
        Assert.Null(Assert.Single(open.Catalog.List()).Problem);
        Assert.Equal(["mine.json"], Directory.EnumerateFiles(open.Workflows).Select(file => Path.GetFileName(file)));
    }

    [Fact]
    public async Task A_file_edited_while_a_version_waits_to_be_written_is_taken_up_and_the_version_is_kept()
    {
        await using var open = await OpenCatalog.OpenAsync(("mine.json", Flow.Document(Flow.Flowchart("f", [Flow.Say("a"), Flow.Say("b")]), "mine")));
        File.SetAttributes(Path.Combine(open.Workflows, "mine.json"), FileAttributes.ReadOnly);
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "hello");
        await open.SaveAsync(document, publish: true);
        File.SetAttributes(Path.Combine(open.Workflows, "mine.json"), FileAttributes.Normal);
        await open.WriteFileAsync("mine.json", Flow.Document(Flow.Flowchart("f", [Flow.Say("outside")]), "mine"));

        var change = Assert.Single(await open.RescanAsync());

        Assert.Equal(3, change.Version);
        Assert.Contains("quiesce workflow rollback mine 2 --publish", change.Note, StringComparison.Ordinal);
        Assert.Contains("outside", await open.ReadFileAsync("mine.json"), StringComparison.Ordinal);
        Assert.Null(Assert.Single(open.Catalog.List()).Problem);
    }

    [Fact]
    public async Task A_server_that_died_between_file_and_books_makes_no_version_of_its_own_writing()
    {
        await using var open = await OpenCatalog.OpenAsync(("mine.json", Flow.Document(Flow.Flowchart("f", [Flow.Say("a"), Flow.Say("b")]), "mine")));
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "hello");
        await open.SaveAsync(document, publish: true);
        // What is on the disk when the note of it was lost.
        var record = Assert.Single(await open.Store.DefinitionFilesAsync(CancellationToken.None));
        await open.Store.CommitDefinitionsAsync(new() { Files = [record with { Hash = "before", Unwritten = open.Catalog.Row("mine", VersionSelector.Published)!.VersionId }] });

        await open.RestartAsync();

        Assert.Equal(2, open.Catalog.Versions("mine").Count);
        Assert.Null(Assert.Single(await open.Store.DefinitionFilesAsync(CancellationToken.None)).Unwritten);
    }

    [Fact]
    public async Task A_definition_made_in_the_designer_gets_a_file_when_asked_for_and_is_written_there_from_then_on()
    {
        await using var open = await OpenCatalog.OpenAsync();
        await open.NewAsync(Flow.Document(Flow.Flowchart("f", [Flow.Say("a"), Flow.Say("b")]), "mine"), publish: true);
        Assert.Empty(Directory.EnumerateFiles(open.Workflows));

        Assert.Equal("mine.json", await open.Catalog.WriteFileAsync("mine", CancellationToken.None));
        var text = await open.ReadFileAsync("mine.json");
        Assert.All((string[])["nodeId", "isLatest", "createdAt", "quiesceRevision", "\"id\": null"], noise => Assert.DoesNotContain(noise, text, StringComparison.Ordinal));
        Assert.Empty(await open.RescanAsync());
        var document = open.Opened("mine");
        OpenCatalog.Say(document, "a", "hello");
        await open.SaveAsync(document, publish: true);

        Assert.Contains("hello", await open.ReadFileAsync("mine.json"), StringComparison.Ordinal);
        await open.RestartAsync();
        Assert.Equal(2, open.Catalog.Versions("mine").Count);
    }

    [Fact]
    public async Task A_deleted_definition_stays_deleted_after_a_restart_and_its_file_says_why_it_is_not_in_force()
    {
        await using var open = await OpenCatalog.OpenAsync(("mine.json", Flow.Document(Flow.Say("a"), "mine")));
        await open.Catalog.DeleteAsync("mine", CancellationToken.None);
        await open.RestartAsync();

        Assert.Contains("was deleted here", Assert.Single(open.Catalog.List()).Problem, StringComparison.Ordinal);
        Assert.False(open.Catalog.IsPublished("mine"));

        await open.WriteFileAsync("mine.json", Flow.Document(Flow.Say("b"), "mine"));
        await open.RescanAsync();
        Assert.True(open.Catalog.IsPublished("mine"));
    }
}
