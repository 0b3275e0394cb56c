using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Engine.JavaScript;
using static Quiesce.Tests.Engine.Documents;

namespace Quiesce.Tests.Engine;

/// <summary>Definitions that somebody made to do harm: each stops the load or its own instance, in bounded time and memory, and says at which activity.</summary>
public class HostileTests
{
    private static readonly BurstContext Tight = new() { Scripts = new(TimeSpan.FromSeconds(1), 2_000_000, 32 * 1024 * 1024, 200), MaxMemoryBytes = 64 * 1024 * 1024 };

    [Fact]
    public void A_hundred_thousand_activities_in_a_sequence_run_to_the_end()
    {
        var definition = Workflow(Sequence(Many(100_000, i => $$"""{"id":"a{{i}}","type":"Elsa.Correlate"}""")));

        var result = Within(30, () => Start(definition, new()));

        Assert.Equal(WorkflowSubStatus.Finished, result.State.SubStatus);
    }

    [Fact]
    public void Quarter_of_a_million_activities_are_refused_by_the_one_too_many() =>
        Assert.Equal("a249999", Within(30, () => Assert.Throws<DefinitionException>(() => Compile(Sequence(Many(250_100, i => $$"""{"id":"a{{i}}","type":"X"}"""))))).ActivityId);

    [Theory]
    [InlineData("CounterBased")]
    [InlineData("TokenBased")]
    public void Flowchart_of_fifty_thousand_joins_runs_to_the_end_or_says_where_it_stopped(string mode)
    {
        var joins = Many(50_000, i => $$"""{"id":"j{{i}}","type":"Elsa.FlowJoin"}""");
        var chain = Many(49_999, i => Connection($"j{i}", $"j{i + 1}"));

        var result = Within(60, () => Start(Flowchart(joins, chain), new(), mode));

        Assert.Equal(WorkflowSubStatus.Finished, result.State.SubStatus);
    }

    [Theory]
    [InlineData("CounterBased")]
    [InlineData("TokenBased")]
    public void Flowchart_that_branches_into_fifty_thousand_and_back_runs_to_the_end_or_says_where_it_stopped(string mode)
    {
        const int Width = 50_000;
        string[] activities = ["""{"id":"s","type":"Elsa.Start"}""", """{"id":"m","type":"Elsa.WriteLine","text":"merged"}""", .. Many(Width, i => $$"""{"id":"a{{i}}","type":"Elsa.Correlate"}""")];

        var result = Within(60, () => Start(Flowchart(activities, [.. Many(Width, i => Connection("s", $"a{i}")), .. Many(Width, i => Connection($"a{i}", "m"))]), new(), mode));

        Assert.True(result.State.SubStatus == WorkflowSubStatus.Finished ? result.Lines is ["merged"] : result.State.Incidents.Count > 0);
    }

    [Fact]
    public void Loop_that_waits_at_a_race_with_many_ancestors_again_and_again_is_an_incident_of_its_flowchart()
    {
        const int Length = 20_000;
        string[] activities =
        [
            """{"id":"s","type":"Elsa.Start"}""", """{"id":"d","type":"Elsa.Delay"}""", """{"id":"j","type":"Elsa.FlowJoin","mode":"WaitAny"}""", """{"id":"b","type":"Elsa.Correlate"}""",
            .. Many(Length, i => $$"""{"id":"a{{i}}","type":"Elsa.FlowDecision"}"""),
        ];
        string[] connections =
        [
            Connection("s", "d"), Connection("s", "b"), Connection("b", "j"), Connection("d", "a0"), Connection("j", "b"), .. Many(Length - 1, i => Connection($"a{i}", $"a{i + 1}")), Connection($"a{Length - 1}", "j"),
        ];

        foreach (var mode in (string[])["CounterBased", "TokenBased"])
        {
            var result = Within(60, () => Start(Flowchart(activities, connections), new(), mode));

            Assert.True(result.State.SubStatus is WorkflowSubStatus.Faulted or WorkflowSubStatus.Suspended, result.State.SubStatus.ToString());
        }
    }

    [Fact]
    public void A_thousand_levels_are_refused_with_the_place()
    {
        var levels = new StringBuilder(Line("inside"));
        for (var i = 0; i < 1_000; i++)
            levels.Insert(0, "{\"type\":\"Elsa.If\",\"then\":").Append('}');

        var refusal = Within(10, () => Assert.Throws<DefinitionException>(() => Compile(levels.ToString())));

        Assert.NotNull(refusal.Line);
    }

    [Fact]
    public void Levels_that_can_be_read_and_not_be_run_are_refused_by_the_activity()
    {
        var levels = new StringBuilder(Line("inside"));
        for (var i = 300; i > 0; i--)
            levels.Insert(0, $$"""{"id":"level{{i}}","type":"Elsa.If","then":""").Append('}');

        Assert.Equal("level241", Assert.Throws<DefinitionException>(() => Compile(levels.ToString())).ActivityId);
    }

    [Theory]
    [InlineData("while (true);", "more than 2000000 steps")]
    [InlineData("const f = () => f(); f()", "more than 200 deep")]
    [InlineData("const a = []; while (true) a.push('x'.repeat(1000))", "MiB of memory")]
    [InlineData("let s = 'x'; while (true) s += s; s", "")]
    [InlineData("'x'.repeat(2 ** 30)", "")]
    [InlineData("new Array(2 ** 31).fill(0)", "")]
    [InlineData("/^(a+)+$/.test('a'.repeat(40) + '!')", "regular expression")]
    [InlineData("/(x+x+)+y/.exec('x'.repeat(60))", "regular expression")]
    [InlineData("JSON.parse('['.repeat(100000))", "")]
    [InlineData("let o = {}; for (let i = 0; i < 200; i++) o = {o}; o", "nested more than 100 deep")]
    [InlineData("let o = {}; o.o = o; o", "contains itself")]
    public void Script_that_takes_too_much_is_an_incident_of_its_activity_and_the_next_instance_runs(string script, string reason)
    {
        var definition = Workflow(Parallel(
            $$$"""{"id":"evil","type":"Elsa.PublishEvent","eventName":"e","payload":{"typeName":"Object","expression":{"type":"JavaScript","value":{{{JsonValue.Create(script).ToJsonString()}}} } } }""",
            Line("neighbour")));

        var result = Within(20, () => Start(definition, Tight));

        var incident = Assert.Single(result.State.Incidents);
        Assert.Equal("evil", incident.ActivityId);
        Assert.Contains(reason, incident.Message, StringComparison.Ordinal);
        Assert.Equal(["neighbour"], result.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, Start(Workflow(Line("other")), Tight).State.SubStatus);
    }

    [Theory]
    [InlineData("""{"id":"evil","type":"Elsa.For","start":1,"end":1000000,"body":{"id":"body","type":"Elsa.Correlate"}}""", "body")]
    [InlineData("""{"id":"evil","type":"Elsa.For","start":1,"end":1000000}""", "evil")]
    [InlineData("""{"id":"evil","type":"Elsa.While","condition":true,"body":{"id":"body","type":"Elsa.Correlate"}}""", "body")]
    [InlineData("""{"id":"evil","type":"Elsa.While","condition":true}""", "evil")]
    [InlineData("""{"id":"evil","type":"Elsa.StateMachine","initialState":"A","states":[{"name":"A"}],"transitions":[{"from":"A","to":"A"}]}""", "evil")]
    [InlineData("""{"id":"evil","type":"Elsa.ParallelForEach","items":{"typeName":"Object","expression":{"type":"JavaScript","value":"new Array(1000000).fill(1)"}},"body":{"id":"body","type":"Elsa.Correlate"}}""", "body")]
    public void A_million_rounds_are_an_incident_that_names_the_loop(string activity, string named)
    {
        var result = Within(30, () => Start(Workflow(activity), new()));

        var incident = Assert.Single(result.State.Incidents);
        Assert.Equal(WorkflowSubStatus.Faulted, result.State.SubStatus);
        Assert.True(incident.ActivityId == named || incident.Message.Contains($"'{named}'", StringComparison.Ordinal), incident.Message);
    }

    [Fact]
    public void Lines_that_fill_the_memory_are_an_incident_long_before_they_do()
    {
        var definition = Workflow(
            """{"id":"evil","type":"Elsa.While","condition":true,"body":{"id":"line","type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"JavaScript","value":"'x'.repeat(1000000)"}}}}""");

        var result = Within(30, () => Start(definition, Tight));

        Assert.Contains("more than 64 MiB of memory", Assert.Single(result.State.Incidents).Message, StringComparison.Ordinal);
        Assert.InRange(result.Lines.Count, 20, 200);
    }

    [Fact]
    public void Variable_that_grows_from_burst_to_burst_is_an_incident()
    {
        var instance = new StoredInstance(
            Workflow("""
                     {"id":"evil","type":"Elsa.While","condition":true,"body":{"type":"Elsa.Sequence","activities":[
                       {"type":"Elsa.SetVariable","variable":{"id":"v"},"value":{"typeName":"Object","expression":{"type":"JavaScript","value":"getVariable('v') + 'x'.repeat(4000000)"}}},{"type":"Elsa.Delay"}]}}
                     """, """ "variables":[{"id":"v","name":"v","typeName":"String","value":"","storageDriverTypeName":"WorkflowInstanceStorageDriver"}] """),
            Tight);
        instance.Start();

        for (var i = 0; i < 30 && instance.State.Status == WorkflowStatus.Running; i++)
            instance.ResumeOldest();

        Assert.Equal(WorkflowSubStatus.Faulted, instance.State.SubStatus);
        Assert.Contains("memory", instance.State.Incidents[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bookmarks_without_number_are_an_incident()
    {
        var result = Within(30, () => Start(
            Workflow("""{"id":"evil","type":"Elsa.ParallelForEach","items":{"typeName":"Object","expression":{"type":"JavaScript","value":"new Array(30000).fill(1)"}},"body":{"id":"body","type":"Elsa.Delay"}}"""), new()));

        Assert.Contains("waits at 30,000 bookmarks", Assert.Single(result.State.Incidents).Message, StringComparison.Ordinal);
        Assert.Empty(result.Bookmarks);
    }

    [Fact]
    public void Incidents_without_number_end_the_instance()
    {
        var result = Within(30, () => Start(
            Workflow(
                """{"id":"evil","type":"Elsa.ParallelForEach","items":{"typeName":"Object","expression":{"type":"JavaScript","value":"new Array(100000).fill(1)"}},"body":{"id":"body","type":"Elsa.Fault"}}""",
                """ "options":{"incidentStrategyType":"ContinueWithIncidentsStrategy"} """), new()));

        Assert.Equal(WorkflowSubStatus.Faulted, result.State.SubStatus);
        Assert.InRange(result.State.Incidents.Count, 1_000, 1_010);
    }

    [Fact]
    public void Publishing_a_thousand_triggers_whose_scripts_never_end_takes_seconds()
    {
        var triggers = Many(1_000, i => $$$"""{"id":"t{{{i}}}","type":"Elsa.Event","customProperties":{"canStartWorkflow":true},"eventName":{"typeName":"String","expression":{"type":"JavaScript","value":"while (true);"} } }""");

        var records = Within(30, () => TriggerIndex.Of(Compile(Sequence(triggers))));

        Assert.Equal(1_000, records.Count);
        Assert.All(records, r => Assert.NotNull(r.Problem));
    }

    [Fact]
    public void Publish_check_of_fifty_thousand_endpoints_takes_seconds()
    {
        var endpoints = Many(50_000, i => $$"""{"id":"e{{i}}","type":"Elsa.HttpEndpoint","path":"/a{{i % 49_999}}/{x}","customProperties":{"canStartWorkflow":true} }""");

        var complaint = Assert.Single(Within(30, () => Compile(Sequence(endpoints)).Refusals(_ => null)));

        Assert.Equal("e49999", complaint.ActivityId);
    }

    [Fact]
    public void Document_beyond_the_largest_is_not_even_read() =>
        Assert.Contains("at most 16,777,216 are read", Assert.Throws<DefinitionException>(() => Compile($"\"{new string('x', 16 * 1024 * 1024)}\"")).Message, StringComparison.Ordinal);

    private static T Within<T>(int seconds, Func<T> action)
    {
        var began = Stopwatch.GetTimestamp();
        var result = action();
        var took = Stopwatch.GetElapsedTime(began);
        Assert.True(took < TimeSpan.FromSeconds(seconds), $"It took {took}.");
        return result;
    }

    private static BurstResult Start(WorkflowDefinition definition, BurstContext context, string? mode = null) =>
        Burst.Run(
            WorkflowGraph.Compile(definition, ActivityRegistry.Standard),
            null,
            [Stimulus.Start("s") with { Properties = mode is null ? null : new JsonObject { ["Flowchart:ExecutionMode"] = mode } }],
            context);

    private static WorkflowGraph Compile(string root) => WorkflowGraph.Compile(Workflow(root), ActivityRegistry.Standard);

    private static string[] Many(int count, Func<int, string> one) => [.. Enumerable.Range(0, count).Select(one)];

    private static string Connection(string from, string to) => $$"""{"source":{"activity":"{{from}}","port":"Done"},"target":{"activity":"{{to}}","port":"In"} }""";

    private static WorkflowDefinition Flowchart(string[] activities, string[] connections) =>
        Workflow($$"""{"id":"f","type":"Elsa.Flowchart","activities":[{{string.Join(',', activities)}}],"connections":[{{string.Join(',', connections)}}]}""");
}
