using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Quiesce.Engine;
using static Quiesce.Tests.Engine.Documents;

namespace Quiesce.Tests.Engine;

public class DefinitionTests
{
    [Fact]
    public void Broken_text_is_refused_with_file_and_line()
    {
        var e = Assert.Throws<DefinitionException>(() => WorkflowDefinition.Read("{\n  \"root\": {\n    \"type\": oops\n", "nightly.json"));

        Assert.Equal("nightly.json", e.Source);
        Assert.Equal(3, e.Line);
        Assert.StartsWith("nightly.json, line 3: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("(column 13)", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"root\":5}")]
    [InlineData("{\"root\":[]}")]
    [InlineData("{\"options\":7}")]
    [InlineData("{\"variables\":{\"a\":1}}")]
    [InlineData("{\"inputs\":5}")]
    [InlineData("{\"outcomes\":\"Done\"}")]
    [InlineData("{\"version\":1e400}")]
    [InlineData("{\"version\":99999999999}")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"root\":{\"type\":\"Elsa.WriteLine\",\"\\udc00\":1}}")]
    [InlineData("{\"version\":\"one\"}")]
    [InlineData("{\"id\":\"a\",\"id\":\"b\"}")]
    [InlineData("{\"variables\":[{\"id\":\"v\",\"name\":\"v\",\"typeName\":\"Int32\",\"value\":5}]}")]
    public void What_is_no_workflow_is_refused(string text) => Assert.Throws<DefinitionException>(() => WorkflowDefinition.Read(text, "x.json"));

    [Theory]
    [InlineData("""{"id":"f","type":"Elsa.Flowchart","activities":[{"type":"Elsa.Start"}]}""", "f")]
    [InlineData("""{"id":"f","type":"Elsa.Flowchart","activities":[{"id":"a","type":"Elsa.Start"},{"id":"a","type":"Elsa.Start"}]}""", "a")]
    [InlineData("""{"id":"s","type":"Elsa.Sequence","activities":[{"id":"a","type":"Elsa.Start"},{"id":"a","type":"Elsa.Start"}]}""", "a")]
    [InlineData("""{"id":"s","type":"Elsa.Sequence","activities":[{"id":"a"}]}""", "a")]
    [InlineData("""{"id":"s","type":"Elsa.Sequence","activities":[5]}""", "s")]
    [InlineData("""{"id":"s","type":"Elsa.Sequence","activities":"a"}""", "s")]
    [InlineData("""{"id":"s","type":"Elsa.Switch","cases":{"label":"a"}}""", "s")]
    [InlineData("""{"id":"i","type":"Elsa.If","then":[{"type":"Elsa.Start"}]}""", "i")]
    [InlineData("""{"id":"f","type":"Elsa.Flowchart","activities":[],"connections":"a to b"}""", "f")]
    [InlineData("""{"id":"f","type":"Elsa.Fork","joinMode":"WaitSome","branches":[]}""", "f")]
    [InlineData("""{"id":"a","type":"Elsa.Start","version":1e99}""", "a")]
    [InlineData("""{"id":"f","type":"Elsa.Flowchart","activities":[{"id":"a","type":"Elsa.Start"}],"connections":[{"source":"a","target":"b"}]}""", "f")]
    public void Activities_that_make_no_sense_are_refused_by_id(string root, string activityId)
    {
        var e = Assert.Throws<DefinitionException>(() => WorkflowGraph.Compile(Workflow(root), ActivityRegistry.Standard));

        Assert.Equal(activityId, e.ActivityId);
        Assert.Contains($"activity '{activityId}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nearly_nothing_is_a_workflow()
    {
        var result = new LocalRun(ActivityRegistry.Standard, []).Run(WorkflowDefinition.Read("{}", "empty.json"));

        Assert.Equal("Finished", result.SubStatus);
    }

    [Fact]
    public void Nesting_that_is_too_deep_is_refused()
    {
        var deep = new StringBuilder();
        for (var i = 0; i < 100_000; i++)
            deep.Append("{\"type\":\"Elsa.Sequence\",\"activities\":[");
        Assert.Throws<DefinitionException>(() => WorkflowDefinition.Read(deep.ToString(), "deep.json"));

        var root = Line("bottom");
        for (var i = 0; i < 245; i++)
            root = Sequence(root);
        Assert.Contains("deep", Assert.Throws<DefinitionException>(() => WorkflowGraph.Compile(Workflow(root), ActivityRegistry.Standard)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_just_below_the_limit_runs_and_is_written()
    {
        var root = Line("bottom");
        for (var i = 0; i < 235; i++)
            root = Sequence(root);
        var definition = Workflow(root);

        Assert.Equal(["bottom"], new LocalRun(ActivityRegistry.Standard, []).Run(definition).Lines);
        Assert.Contains("bottom", definition.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_megabytes_in_one_flowchart_are_run()
    {
        const int Count = 40_000;
        var padding = new string('x', 120);
        var activities = Enumerable.Range(0, Count).Select(i => $$"""{"id":"a{{i}}","type":"Elsa.Start","metadata":{"description":"{{padding}}"} }""");
        var connections = Enumerable.Range(0, Count - 1).Select(i => $$"""{"source":{"activity":"a{{i}}","port":"Done"},"target":{"activity":"a{{i + 1}}","port":"In"} }""");
        var text = Text($$"""{"id":"f","type":"Elsa.Flowchart","activities":[{{string.Join(",", activities)}}],"connections":[{{string.Join(",", connections)}}]}""");
        Assert.True(text.Length > 10_000_000);

        var result = new LocalRun(ActivityRegistry.Standard, []).Run(WorkflowDefinition.Read(text, "large.json"));

        Assert.Equal("Finished", result.SubStatus);
        Assert.Equal((Count * 2) + 4, result.Journal.Count);
    }

    [Fact]
    public void Dead_path_as_long_as_the_document_is_skipped()
    {
        const int Count = 20_000;
        var activities = Enumerable.Range(0, Count).Select(i => $$"""{"id":"a{{i}}","type":"Elsa.FlowDecision"}""");
        var connections = Enumerable.Range(0, Count - 1).Select(i => $$"""{"source":{"activity":"a{{i}}","port":"True"},"target":{"activity":"a{{i + 1}}","port":"In"} }""");

        var result = new LocalRun(ActivityRegistry.Standard, []).Run(Workflow(
            $$"""{"id":"f","type":"Elsa.Flowchart","activities":[{{string.Join(",", activities)}}],"connections":[{{string.Join(",", connections)}}]}"""));

        Assert.Equal("Finished", result.SubStatus);
    }

    [Fact]
    public void Flowchart_that_cannot_be_understood_in_time_is_refused()
    {
        const int Count = 600;
        var activities = Enumerable.Range(0, Count).Select(i => $$"""{"id":"a{{i}}","type":"Elsa.Start"}""");
        var connections = Enumerable.Range(0, Count).SelectMany(i => Enumerable.Range(0, 90).Select(k => $$"""{"source":"a{{i}}","target":"a{{(i * 7 + k * 13 + 1) % Count}}"}"""));
        var definition = Workflow($$"""{"id":"f","type":"Elsa.Flowchart","activities":[{{string.Join(",", activities)}}],"connections":[{{string.Join(",", connections)}}]}""");

        Assert.Equal("f", Assert.Throws<DefinitionException>(() => WorkflowGraph.Compile(definition, ActivityRegistry.Standard)).ActivityId);
    }

    [Fact]
    public void Ids_that_are_missing_are_filled_by_type()
    {
        var graph = WorkflowGraph.Compile(Workflow(Sequence(Line("a"), """{"id":"WriteLine2","type":"Elsa.WriteLine"}""", Line("b"))), ActivityRegistry.Standard);

        Assert.Equal(
            ["Workflow1", "Workflow1:Sequence1", "Workflow1:Sequence1:WriteLine1", "Workflow1:Sequence1:WriteLine2", "Workflow1:Sequence1:WriteLine3"],
            graph.Nodes.Select(n => n.NodeId));
    }

    [Theory]
    [InlineData("Sub Process", "SubProcess")]
    [InlineData("sub_process", "SubProcess")]
    [InlineData("nightly-copy v2", "Nightly-copyV2")]
    public void Activity_name_of_a_workflow_is_its_name_in_pascal_case(string name, string expected) =>
        Assert.Equal(expected, WorkflowDefinition.Read($$"""{"name":"{{name}}"}""", "x").ActivityTypeName);

    [Fact]
    public void Unknown_activities_expressions_and_members_survive_verbatim()
    {
        const string Root = """
            {"id":"f","type":"Elsa.Flowchart","start":"u","activities":[
              {"id":"u","type":"Acme.Unheard","version":3,"secret":{"_type":"X","items":[1,2.50,1e400]},"body":{"type":"Acme.Inner","x":null},"customProperties":{"canStartWorkflow":true,"odd":[1]},"metadata":{"designer":{"position":{"x":-3.5,"y":1}}}},
              {"id":"w","type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Liquid","value":"{{ x }}"},"memoryReference":{"id":"m"}}}],
             "connections":[{"source":{"activity":"u","port":"Odd port"},"target":{"activity":"w","port":"In"},"vertices":[{"x":1,"y":2}]},{"source":{"activity":"gone","port":"Done"},"target":{"activity":"w"}}]}
            """;
        var definition = Workflow(Root, """ "options":{"autoUpdateConsumingWorkflows":true,"novelty":{"a":1}},"customProperties":{"VariableTestValues":{"a":"b"}},"tenantId":"*" """);

        var written = definition.Write();

        RoundTrip.AssertKept(definition.Document, JsonNode.Parse(written));
        Assert.Contains("1e400", written, StringComparison.Ordinal);
        Assert.DoesNotContain("\"start\"", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Activity_that_another_host_did_not_know_comes_back_with_its_connections()
    {
        var original = """{"id":"w","type":"Elsa.WriteLine","version":1,"text":"back"}""";
        var root = new JsonObject
        {
            ["id"] = "f",
            ["type"] = "Elsa.Flowchart",
            ["activities"] = new JsonArray(
                new JsonObject { ["id"] = "s", ["type"] = "Elsa.Start" },
                new JsonObject { ["id"] = "w", ["type"] = "Elsa.NotFoundActivity", ["missingTypeName"] = "Elsa.WriteLine", ["originalActivityJson"] = original }),
            ["connections"] = new JsonArray(),
            ["customProperties"] = new JsonObject
            {
                ["notFoundConnections"] = new JsonArray(JsonNode.Parse("""{"source":{"activity":"s","port":"Done"},"target":{"activity":"w","port":"In"} }""")),
            },
        };

        Assert.Equal(["back"], new LocalRun(ActivityRegistry.Standard, []).Run(Workflow(root.ToJsonString())).Lines);
    }

    [Fact]
    public void Flags_are_written_where_they_are_read()
    {
        var written = JsonNode.Parse(Workflow("""{"id":"e","type":"Elsa.Event","canStartWorkflow":true,"eventName":"x"}""").Write())!["root"]!;

        Assert.True(written["customProperties"]!["canStartWorkflow"]!.GetValue<bool>());
        Assert.False(written["customProperties"]!["runAsynchronously"]!.GetValue<bool>());
        Assert.Null(written["canStartWorkflow"]);
        Assert.Equal("Workflow1:e", (string?)written["nodeId"]);
    }

    [Theory]
    [InlineData(null, "Published")]
    [InlineData(" ", "Published")]
    [InlineData("LatestOrPublished", "LatestOrPublished")]
    [InlineData("7", "7")]
    public void Version_selectors_are_words_or_numbers(string? text, string expected) => Assert.Equal(expected, VersionSelector.Parse(text).ToString());

    [Fact]
    public void Version_selector_in_another_case_is_an_error() => Assert.Throws<FormatException>(() => VersionSelector.Parse("latest"));

    [Fact]
    public void Input_that_is_not_unicode_does_not_end_the_run()
    {
        var definition = Workflow("""{"type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Input","value":{"name":"A"}}}}""");

        Assert.Equal([@"\ud800"], new LocalRun(ActivityRegistry.Standard, []).Run(definition, JsonNode.Parse("""{"A":"\ud800"}""")!.AsObject()).Lines, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void Huge_numbers_in_inputs_become_defaults()
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"1{new string('0', 400)}");

        var result = new LocalRun(ActivityRegistry.Standard, []).Run(Workflow($$"""{"type":"Elsa.For","start":{{number}},"end":{{number}},"body":{"type":"Elsa.WriteLine","text":"once"} }"""));

        Assert.Equal(["once"], result.Lines);
    }
}
