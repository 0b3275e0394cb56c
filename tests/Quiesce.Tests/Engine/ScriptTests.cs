using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Engine.JavaScript;
using static Quiesce.Tests.Engine.Documents;

namespace Quiesce.Tests.Engine;

/// <summary>What scripts of a workflow see, and what they cannot do.</summary>
public class ScriptTests
{
    private const string Declarations = """
        "variables":[{"id":"v1","name":"Count","typeName":"Int32","value":"2","storageDriverTypeName":"WorkflowInstanceStorageDriver"},{"id":"v2","name":"with_underscore","typeName":"String","value":"u"},{"id":"v3","name":"Both","typeName":"String","value":"variable"}],
        "inputs":[{"type":"String","name":"Who"},{"type":"String","name":"Both"}],"toolVersion":"3.7.0.0"
        """;

    [Theory]
    [InlineData("getVariable('Count') + 1", "3")]
    [InlineData("getCount() * 2", "4")]
    [InlineData("variables.Count", "2")]
    [InlineData("getVariable('with_underscore')", "u")]
    [InlineData("typeof variables.with_underscore", "undefined")]
    [InlineData("getInput('who') + getWho()", "meme")]
    [InlineData("getBoth()", "input")]
    [InlineData("getVariable('nobody') === null || getVariable('nobody') === undefined", "True")]
    [InlineData("getWorkflowDefinitionId() + getWorkflowDefinitionVersion()", "test1")]
    [InlineData("isNullOrWhiteSpace('  ') && isNullOrEmpty('') && !isNullOrEmpty(' ')", "True")]
    [InlineData("toJson({a: [1, 'x']})", """{"a":[1,"x"]}""")]
    [InlineData("stringFromBase64(stringToBase64('ü')) + bytesToString(bytesFromString('é'))", "üé")]
    [InlineData("let a = 1; if (a) return 'returned'; 'last'", "returned")]
    [InlineData("(async () => 'awaited')()", "awaited")]
    [InlineData("[1, 2].map(x => x * 2)", "[2,4]")]
    [InlineData("({b: null})", """{"b":null}""")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    [InlineData("3.0", "3")]
    [InlineData("null", "")]
    [InlineData("undefined", "")]
    public void Script_sees_its_workflow(string script, string expected)
    {
        var result = Run(script);

        Assert.Empty(result.Incidents);
        Assert.Equal([expected], result.Lines);
    }

    [Theory]
    [InlineData("while (true) {}")]
    [InlineData("const f = () => f(); f()")]
    [InlineData("let s = 'x'; while (true) s += s")]
    [InlineData("throw new Error('mine')")]
    [InlineData("this is no script")]
    [InlineData("process.exit(1)")]
    [InlineData("const a = []; a[0] = a; a")]
    [InlineData("let a = []; for (let i = 0; i < 5000; i++) a = [a]; a")]
    public void Script_that_fails_or_never_ends_is_an_incident(string script)
    {
        var limits = ScriptLimits.Default with { Timeout = TimeSpan.FromSeconds(5), MaxStatements = 200_000 };

        var result = Run(script, new BurstContext { Scripts = limits });

        Assert.Equal("w", Assert.Single(result.Incidents).ActivityId);
        Assert.StartsWith("Failed to evaluate activity input 'Text'", result.Incidents[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Host_that_shuts_down_ends_the_burst_and_not_the_workflow()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        var graph = WorkflowGraph.Compile(Workflow(Line("x").Replace("\"x\"", Script("while (true) {}"), StringComparison.Ordinal)), ActivityRegistry.Standard);

        Assert.ThrowsAny<OperationCanceledException>(() => Burst.Run(graph, null, [Stimulus.Start("s")], new() { CancellationToken = stopped.Token }));
    }

    [Fact]
    public void Local_run_whose_scripts_never_end_ends_in_time()
    {
        var loop = Workflow($$"""{"type":"Elsa.While","condition":true,"body":{{Write("while (true) {}")}} }""");
        var run = new LocalRun(ActivityRegistry.Standard, [], new() { Scripts = ScriptLimits.Default with { MaxStatements = long.MaxValue } }) { Timeout = TimeSpan.FromMilliseconds(200) };

        Assert.Throws<TimeoutException>(() => run.Run(loop));
    }

    [Fact]
    public void Text_that_is_not_unicode_does_not_keep_a_state_from_being_stored()
    {
        var instance = new StoredInstance(Workflow(
            Sequence("""{"type":"Elsa.RunJavaScript","script":"setVariable('Text', 'half \\ud800 pair'); setCorrelationId('\\ud800')"}""", """{"type":"Elsa.Delay"}""", Line("after")),
            """ "variables":[{"id":"t","name":"Text","typeName":"String","storageDriverTypeName":"WorkflowInstanceStorageDriver"}] """));

        instance.RunToEnd(Stimulus.Start("start"));

        Assert.Equal(["after"], instance.Lines);
    }

    [Fact]
    public void Variable_that_a_script_invents_lives_until_the_next_suspension()
    {
        var instance = new StoredInstance(Workflow(Sequence(
            $$"""{"type":"Elsa.RunJavaScript","script":"setVariable('Fresh', 'here')"}""",
            Write("String(getVariable('Fresh'))"),
            """{"type":"Elsa.Delay"}""",
            Write("String(getVariable('Fresh'))"))));

        instance.RunToEnd(Stimulus.Start("start"));

        Assert.Equal(["here", "null"], instance.Lines);
    }

    [Fact]
    public void Input_of_a_resumption_replaces_that_of_the_workflow()
    {
        var instance = new StoredInstance(Workflow(Sequence(Write("getInput('A')"), Event("go"), Write("getInput('A') + ' ' + getInput('B')"))));
        instance.Start(new JsonObject { ["A"] = "first" });

        instance.Give(Stimulus.Resume("r", Quiesce.Engine.Activities.Event.HashOf("go"), input: new JsonObject { ["B"] = "second" }));

        Assert.Equal("first", instance.Lines[0]);
        Assert.EndsWith(" second", instance.Lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("first", instance.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_of_a_resumed_activity_and_of_its_parents_are_evaluated_again()
    {
        var counting = """{"typeName":"List<Object>","expression":{"type":"JavaScript","value":"setVariable('Count', getCount() + 1); return [1, 2];"}}""";
        var instance = new StoredInstance(Workflow(
            Sequence($$"""{"type":"Elsa.ForEach","items":{{counting}},"body":{"type":"Elsa.Delay"} }""", Write("getCount()")), Declarations));

        instance.RunToEnd(Stimulus.Start("start"));

        // Once at the start, and once in each of the two bursts that complete a body.
        Assert.Equal(["5"], instance.Lines);
    }

    [Fact]
    public void Correlation_function_of_a_bulk_dispatch_sees_the_item()
    {
        var child = WorkflowGraph.Compile(Workflow(Line("x"), id: "child"), ActivityRegistry.Standard);
        var graph = WorkflowGraph.Compile(
            Workflow(
                """
                {"type":"Elsa.BulkDispatchWorkflows","workflowDefinitionId":"child","waitForCompletion":false,
                 "items":{"typeName":"Object","expression":{"type":"JavaScript","value":"[{Name: 'a'}, {Name: 'b'}]"}},
                 "correlationIdFunction":{"typeName":"String","expression":{"type":"JavaScript","value":"args.name + getName()"}}}
                """),
            ActivityRegistry.Standard);

        var result = Burst.Run(graph, null, [Stimulus.Start("s")], new() { Definitions = _ => child });

        Assert.Equal(["aa", "bb"], result.Effects.OfType<StartWorkflow>().Select(e => e.CorrelationId));
        Assert.Equal("a", (string?)result.Effects.OfType<StartWorkflow>().First().Input!["Name"]);
    }

    [Fact]
    public void Inside_a_workflow_used_as_an_activity_inputs_are_its_own()
    {
        var inner = Workflow(
            Sequence(Write("getInput('Who') + getWho() + String(getInput('Both'))")),
            """ "inputs":[{"type":"String","name":"Who"}],"options":{"usableAsActivity":true} """,
            "inner");
        var outer = Workflow(Sequence($$"""{"type":"Inner","who":{{Script("'in ' + getInput('Who')")}} }"""), Declarations);

        var result = new LocalRun(ActivityRegistry.Standard, [inner]).Run(outer, new JsonObject { ["Who"] = "me", ["Both"] = "b" });

        Assert.Equal(["in mein menull"], result.Lines);
    }

    private static LocalRunResult Run(string script, BurstContext? context = null) =>
        new LocalRun(ActivityRegistry.Standard, [], context).Run(
            Workflow(Write(script, "w"), Declarations), new JsonObject { ["Who"] = "me", ["Both"] = "input" });

    private static string Write(string script, string id = "") =>
        $$"""{{{(id.Length > 0 ? $"\"id\":\"{id}\"," : "")}}"type":"Elsa.WriteLine","text":{{Script(script)}} }""";

    private static string Script(string script) =>
        new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "JavaScript", ["value"] = script } }.ToJsonString();
}
