using Quiesce.Engine;
using static Quiesce.Tests.Engine.Documents;

namespace Quiesce.Tests.Engine;

/// <summary>What is kept of each execution of an activity.</summary>
public class RecordTests
{
    [Fact]
    public void Record_says_whose_end_led_to_it_also_over_a_suspension()
    {
        var instance = new StoredInstance(Workflow(
            """{"id":"s","type":"Elsa.Sequence","activities":[{"id":"a","type":"Elsa.WriteLine","text":"a"},{"id":"e","type":"Elsa.Delay"},{"id":"b","type":"Elsa.WriteLine","text":"b"}]}"""));
        instance.Start();
        instance.ResumeOldest();

        var last = instance.Executions.GroupBy(e => e.Id).Select(g => g.Last()).ToDictionary(e => e.ActivityId);
        Assert.Equal([(null, 0), ("Workflow1", 1), ("s", 2), ("a", 3), ("e", 4)], new[] { "Workflow1", "s", "a", "e", "b" }.Select(id => (last[id].SchedulingActivityId, last[id].CallStackDepth)));
        Assert.Equal(last["e"].Id, last["b"].SchedulingActivityExecutionId);
        Assert.All(last.Values, e => Assert.Equal(ActivityStatus.Completed, e.Status));
    }

    [Fact]
    public void Child_instance_says_which_instance_led_to_it()
    {
        var graph = WorkflowGraph.Compile(Workflow(Line("x")), ActivityRegistry.Standard);

        var result = Burst.Run(graph, null, [Stimulus.Start("s", parentInstanceId: "parent")], new());

        Assert.Equal(["parent", null], result.ActivityExecutions.Select(e => e.SchedulingWorkflowInstanceId));
    }

    [Fact]
    public void Copy_of_a_record_is_equal_to_it_in_every_member()
    {
        var graph = WorkflowGraph.Compile(Workflow("""{"id":"t","type":"Elsa.RunTask","taskName":"t"}"""), ActivityRegistry.Standard);
        var record = Burst.Run(graph, null, [Stimulus.Start("s")], new()).ActivityExecutions.Single(e => e.ActivityId == "t");

        var copy = record with { };

        foreach (var member in typeof(ActivityExecutionRecord).GetProperties())
            Assert.Equal(member.GetValue(record)?.ToString(), member.GetValue(copy)?.ToString());
        Assert.True(copy.HasBookmarks);
    }

    [Fact]
    public void Figures_of_an_activity_count_its_executions()
    {
        var graph = WorkflowGraph.Compile(
            Workflow("""
                     {"id":"p","type":"Elsa.Parallel","activities":[{"id":"f","type":"Elsa.Fault"},{"id":"e","type":"Elsa.Delay"},
                       {"id":"l","type":"Elsa.For","start":1,"end":3,"body":{"id":"w","type":"Elsa.WriteLine","text":"x"}}]}
                     """, """ "options":{"incidentStrategyType":"ContinueWithIncidentsStrategy"} """),
            ActivityRegistry.Standard);

        var stats = ActivityStats.Of(Burst.Run(graph, null, [Stimulus.Start("s")], new()).ActivityExecutions).ToDictionary(s => s.ActivityId);

        Assert.Equal((3, 3, 0), (stats["w"].StartedCount, stats["w"].CompletedCount, stats["w"].UncompletedCount));
        Assert.Equal((1, 0, true), (stats["e"].StartedCount, stats["e"].CompletedCount, stats["e"].IsBlocked));
        Assert.Equal((true, 1, 0), (stats["f"].IsFaulted, stats["f"].AggregateFaultCount, stats["f"].UncompletedCount));
        Assert.Equal((1, 1), (stats["p"].UncompletedCount, stats["p"].AggregateFaultCount));
    }

    [Theory]
    [InlineData(null, FlowchartMode.CounterBased, 1)]
    [InlineData(null, FlowchartMode.TokenBased, 2)]
    [InlineData("Default", FlowchartMode.TokenBased, 2)]
    [InlineData("CounterBased", FlowchartMode.TokenBased, 1)]
    [InlineData("TokenBased", FlowchartMode.CounterBased, 2)]
    public void Flowchart_goes_by_what_the_instance_says_and_else_the_host(string? property, FlowchartMode host, int times)
    {
        var graph = WorkflowGraph.Compile(
            Workflow("""
                     {"id":"f","type":"Elsa.Flowchart","activities":[{"id":"s","type":"Elsa.Start"},{"id":"a","type":"Elsa.Correlate"},{"id":"b","type":"Elsa.Correlate"},{"id":"m","type":"Elsa.WriteLine","text":"m"}],
                      "connections":[{"source":{"activity":"s","port":"Done"},"target":{"activity":"m"}},{"source":{"activity":"s","port":"Done"},"target":{"activity":"a"}},
                        {"source":{"activity":"a","port":"Done"},"target":{"activity":"b"}},{"source":{"activity":"b","port":"Done"},"target":{"activity":"m"}}]}
                     """),
            ActivityRegistry.Standard);

        var result = Burst.Run(graph, null, [Stimulus.Start("s") with { Properties = property is null ? null : new() { ["Flowchart:ExecutionMode"] = property } }], new() { FlowchartMode = host });

        Assert.Equal(times, result.Lines.Count);
        Assert.Equal(WorkflowSubStatus.Finished, result.State.SubStatus);
    }
}
