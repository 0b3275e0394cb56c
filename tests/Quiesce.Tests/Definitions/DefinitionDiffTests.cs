using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Jobs.Definitions;

namespace Quiesce.Tests.Definitions;

public sealed class DefinitionDiffTests
{
    private static readonly string Shipped = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "workflows", "machine-snapshot.json"));

    [Fact]
    public void A_definition_does_not_differ_from_itself_whatever_its_order_and_numbering()
    {
        var other = JsonNode.Parse(Shipped)!.AsObject();
        (other["id"], other["version"], other["isLatest"], other["isPublished"]) = ("other", 9, false, false);
        var activities = other["root"]!["activities"]!.AsArray();
        var first = activities[0]!;
        activities.RemoveAt(0);
        activities.Add(first);

        Assert.Empty(Between(Shipped, other.ToJsonString()));
        // As Elsa writes it: long forms and node ids.
        Assert.Empty(Between(Shipped, WorkflowDefinition.Read(Shipped, "shipped").Write()));
    }

    [Fact]
    public void Every_kind_of_change_has_its_words()
    {
        var before = JsonNode.Parse(Flow.Document(Flow.Flowchart("f", [Say("runPre", "Run script", "Pre"), Flow.Say("gone"), Flow.Say("b")], "runPre:Done>gone", "runPre:Done>b"), "mine"))!.AsObject();
        before["variables"] = new JsonArray(new JsonObject { ["id"] = "v1", ["name"] = "count", ["typeName"] = "Int32", ["value"] = "0" });
        before["inputs"] = new JsonArray(new JsonObject { ["name"] = "Old", ["type"] = "String" });
        before["options"] = new JsonObject { ["usableAsActivity"] = false };
        var after = JsonNode.Parse(Flow.Document(Flow.Flowchart("f", [Say("runPre", "Run script", "Post"), Flow.Say("b"), Flow.Say("new")], "runPre:Failed>b", "runPre:Done>b"), "mine"))!.AsObject();
        after["variables"] = new JsonArray(new JsonObject { ["id"] = "v1", ["name"] = "count", ["typeName"] = "Int64", ["value"] = "0" });
        after["options"] = new JsonObject { ["usableAsActivity"] = true };
        after["description"] = "Now described";
        after["root"]!["activities"]![1]!["text"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "JavaScript", ["value"] = "1 + 1" } };

        Assert.Equal(
            [
                "activity 'gone' removed",
                "activity 'new' added (Elsa.WriteLine)",
                "connection runPre —Done→ gone removed",
                "connection runPre —Failed→ b added",
                "description set to Now described",
                "input Text of 'Run script' (runPre) changed from Pre to Post",
                "input Text of 'b' set to JavaScript `1 + 1`",
                "option usableAsActivity changed from false to true",
                "variable 'count' changed: typeName from Int32 to Int64",
                "workflow input 'Old' removed",
            ],
            Between(before.ToJsonString(), after.ToJsonString()).Select(line => line.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Moves_are_told_last_and_many_of_them_in_one_line()
    {
        var one = JsonNode.Parse(Shipped)!.AsObject();
        OpenCatalog.Activity(one, "prepareGuest")["metadata"]!["designer"]!["position"]!["x"] = 7;
        var line = Assert.Single(Between(Shipped, one.ToJsonString()));
        Assert.Equal(("layout", "activity 'PrepareGuest1' (prepareGuest) moved"), (line.Kind, line.Text));

        var all = JsonNode.Parse(Shipped)!.AsObject();
        var activities = all["root"]!["activities"]!.AsArray();
        foreach (var activity in activities)
            activity!["metadata"]!["designer"]!["position"]!["x"] = 7;
        Assert.Equal($"{activities.Count} activities moved", Assert.Single(Between(Shipped, all.ToJsonString())).Text[..$"{activities.Count} activities moved".Length]);
    }

    [Fact]
    public void An_activity_in_a_container_is_found_by_the_way_to_it()
    {
        var before = Flow.Document(Flow.Sequence("s", Flow.Sequence("a", Say("x", null, "1")), Flow.Sequence("b", Say("x", null, "1"))), "mine");
        var after = Flow.Document(Flow.Sequence("s", Flow.Sequence("b", Say("x", null, "2")), Flow.Sequence("a", Say("x", null, "1"))), "mine");

        Assert.Equal(["activities/b:x/text", "activities/s/activities"], Between(before, after).Select(line => line.Path).Order());
    }

    [Fact]
    public void Documents_that_do_not_compile_are_compared_all_the_same()
    {
        var broken = """{"definitionId":"mine","root":{"id":"f","type":"Elsa.Flowchart","activities":[{"type":"Elsa.WriteLine"}]}}""";

        Assert.Contains(Between(broken, broken.Replace("mine\"", "mine\",\"name\":\"New\"", StringComparison.Ordinal)), line => line.Text == "name set to New");
    }

    private static IReadOnlyList<DefinitionChangeLine> Between(string a, string b) => DefinitionDiff.Between(WorkflowDefinition.Read(a, "a"), WorkflowDefinition.Read(b, "b"));

    private static JsonObject Say(string id, string? shown, string text)
    {
        var activity = Flow.Activity(id, "Elsa.WriteLine", new JsonObject { ["text"] = text });
        if (shown is not null)
            activity["metadata"] = new JsonObject { ["displayText"] = shown };
        return activity;
    }
}
