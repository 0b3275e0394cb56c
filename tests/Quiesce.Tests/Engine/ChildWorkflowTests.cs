using System.Text.Json.Nodes;
using Quiesce.Engine;
using static Quiesce.Tests.Engine.Documents;

namespace Quiesce.Tests.Engine;

public class ChildWorkflowTests
{
    private const string Outputs = """
        "inputs":[{"type":"String","name":"My Input"}],"outputs":[{"type":"Int64","name":"Bytes"}],"outcomes":["Big","Small"],"options":{"usableAsActivity":true}
        """;

    private static readonly WorkflowDefinition Sub = Workflow(
        Sequence(
            """{"type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Input","value":{"name":"My Input"}}}}""",
            """{"type":"Elsa.SetOutput","outputName":"Bytes","outputValue":"12"}""",
            """{"type":"Elsa.Delay"}""",
            """{"type":"Elsa.Complete","outcomes":["Big"]}""",
            Line("never")),
        Outputs,
        "sub process");

    [Fact]
    public void Port_of_a_bulk_dispatch_may_wait()
    {
        var child = Workflow(Line("c"), id: "child");
        var parent = Workflow(Sequence(
            """
            {"type":"Elsa.BulkDispatchWorkflows","workflowDefinitionId":"child","items":[1,2],
             "childCompleted":{"id":"port","type":"Elsa.Sequence","activities":[{"type":"Elsa.Delay"},{"type":"Elsa.WriteLine","text":"port"}]}}
            """,
            Line("z")));

        var result = Local(child).Run(parent);

        Assert.Equal(["c", "c", "port", "port", "z"], result.Lines);
        Assert.Equal("Finished", result.SubStatus);
    }

    [Fact]
    public void Result_of_an_executed_workflow_is_read_by_either_casing_also_after_a_suspension()
    {
        const string Read = """{"type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"JavaScript","value":"getR().output.B + getR().Output.B + getR().SubStatus + Object.keys(getR()).length"}}}""";
        var child = Workflow("""{"type":"Elsa.SetOutput","outputName":"B","outputValue":"x"}""", id: "child");
        var parent = Workflow(
            Sequence("""{"type":"Elsa.ExecuteWorkflow","workflowDefinitionId":"child","waitForCompletion":true,"result":{"typeName":"Object","memoryReference":{"id":"r"}}}""", Read, """{"type":"Elsa.Delay"}""", Read),
            """ "variables":[{"id":"r","name":"R","typeName":"Object","storageDriverTypeName":"WorkflowInstanceStorageDriver"}]""");

        var result = Local(child).Run(parent);

        Assert.Empty(result.Incidents);
        Assert.Equal(["xxFinished4", "xxFinished4"], result.Lines);
    }

    [Fact]
    public void Workflow_used_as_an_activity_gets_inputs_and_gives_outputs_and_outcomes()
    {
        var parent = Workflow(
            """
            {"id":"f","type":"Elsa.Flowchart","activities":[
              {"id":"c","type":"SubProcess","version":1,"myInput":{"typeName":"String","expression":{"type":"Literal","value":"vm-17"}},"bytes":{"typeName":"Int64","memoryReference":{"id":"total"}}},
              {"id":"big","type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Variable","value":{"id":"total"}}}},
              {"id":"small","type":"Elsa.WriteLine","text":"small"}],
             "connections":[{"source":{"activity":"c","port":"Big"},"target":{"activity":"big"}},{"source":{"activity":"c","port":"Small"},"target":{"activity":"small"}}]}
            """,
            Variable("total"));

        var result = Local(Sub).Run(parent);

        Assert.Empty(result.Incidents);
        Assert.Equal(["vm-17", "12"], result.Lines);
        Assert.Equal("Finished", result.SubStatus);
    }

    [Fact]
    public void Workflow_used_as_an_activity_twice_gives_each_its_own_result()
    {
        var doubling = Workflow(
            Sequence("""{"type":"Elsa.SetOutput","outputName":"Out","outputValue":{"typeName":"Object","expression":{"type":"Input","value":{"name":"In"}}}}"""),
            """ "inputs":[{"type":"String","name":"In"}],"outputs":[{"type":"String","name":"Out"}],"options":{"usableAsActivity":true} """,
            "echo");
        static string Use(string text) => $$"""{"type":"Echo","in":{"typeName":"String","expression":{"type":"Literal","value":"{{text}}"} },"out":{"typeName":"String","memoryReference":{"id":"total"} } }""";
        const string Show = """{"type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Variable","value":{"id":"total"}}}}""";

        var result = Local(doubling).Run(Workflow(Sequence(Use("one"), Show, Use("two"), Show), Variable("total")));

        Assert.Equal(["one", "two"], result.Lines);
    }

    [Fact]
    public void Workflow_used_as_an_activity_is_restored_inside_its_body()
    {
        var shelf = new DefinitionShelf(ActivityRegistry.Standard, [Sub]);
        var instance = new StoredInstance(Workflow(Sequence("""{"type":"SubProcess","version":1,"myInput":"x"}""", Line("after"))), new BurstContext { Definitions = shelf.Find });

        instance.RunToEnd(Stimulus.Start("start"));

        Assert.Equal(["x", "after"], instance.Lines);
        Assert.Contains(instance.Journal, j => j.NodeId == "Workflow1:Sequence1:SubProcess1:Workflow2:Sequence1:Delay1");
    }

    [Fact]
    public void Workflow_that_uses_itself_without_end_is_a_fault()
    {
        var loop = Workflow(Sequence("""{"type":"Loop"}""", """{"type":"Loop"}"""), """ "options":{"usableAsActivity":true} """, "loop");

        var result = Local(loop).Run(loop);

        Assert.Equal("Faulted", result.SubStatus);
        Assert.Contains("uses itself", result.Incidents[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispatched_child_runs_to_its_end_and_its_output_is_the_result()
    {
        var result = Local(Child()).Run(Workflow(
            Sequence(
                """{"type":"Elsa.DispatchWorkflow","workflowDefinitionId":"child","waitForCompletion":true,"result":{"typeName":"Object","memoryReference":{"id":"total"}}}""",
                """{"type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Variable","value":{"id":"total"}}}}"""),
            Variable("total")));

        Assert.Equal(["child begins", "child ends", """{"Answer":42}"""], result.Lines);
    }

    [Fact]
    public void Executed_child_that_ends_at_once_does_not_suspend_its_parent()
    {
        var result = Local(Child(waits: false)).Run(Workflow(
            Sequence(
                """{"type":"Elsa.SetVariable","variable":{"id":"memory"},"value":"kept"}""",
                """{"id":"x","type":"Elsa.ExecuteWorkflow","workflowDefinitionId":"child","waitForCompletion":true,"result":{"typeName":"Object","memoryReference":{"id":"total"}}}""",
                """{"type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Variable","value":{"id":"memory"}}}}"""),
            """ "variables":[{"id":"memory","name":"memory","typeName":"String"},{"id":"total","name":"total","typeName":"Object"}] """));

        Assert.Equal(["child begins", "child ends", "kept"], result.Lines);
        Assert.Equal(["Started", "Completed"], result.Journal.Where(j => j.ActivityId == "x").Select(j => j.Event));
    }

    [Fact]
    public void Executed_child_that_suspends_is_waited_for_and_its_parent_forgets_what_is_not_stored()
    {
        var result = Local(Child()).Run(Workflow(
            Sequence(
                """{"type":"Elsa.SetVariable","variable":{"id":"memory"},"value":"kept"}""",
                """{"type":"Elsa.ExecuteWorkflow","workflowDefinitionId":"child","waitForCompletion":true,"result":{"typeName":"Object","memoryReference":{"id":"total"}}}""",
                """{"type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Variable","value":{"id":"memory"}}}}""",
                """{"type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Variable","value":{"id":"total"}}}}"""),
            """ "variables":[{"id":"memory","name":"memory","typeName":"String"},{"id":"total","name":"total","typeName":"Object"}] """));

        Assert.Equal(["child begins", "child ends", "", """{"Answer":42}"""], result.Lines);
    }

    [Fact]
    public void Faulted_child_resumes_its_parent()
    {
        var child = Workflow(Sequence("""{"type":"Elsa.Fault","message":"no"}"""), id: "child");

        var result = Local(child).Run(Workflow(Sequence("""{"type":"Elsa.DispatchWorkflow","workflowDefinitionId":"child","waitForCompletion":true}""", Line("after"))));

        Assert.Equal(["after"], result.Lines);
    }

    [Fact]
    public void Child_that_is_not_published_is_a_fault()
    {
        var draft = WorkflowDefinition.Read("""{"definitionId":"child","version":1,"isLatest":true,"root":{"type":"Elsa.Start"}}""", "child.json");

        var result = Local(draft).Run(Workflow(Sequence("""{"id":"d","type":"Elsa.DispatchWorkflow","workflowDefinitionId":"child"}""")));

        Assert.Equal(["d"], result.Incidents.Select(i => i.ActivityId));
    }

    [Fact]
    public void Bulk_dispatch_runs_a_port_for_each_child_and_then_completes()
    {
        var child = Workflow(
            Sequence(
                """{"type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Input","value":{"name":"Item"}}}}""",
                """{"type":"Elsa.Delay"}""",
                """{"type":"Elsa.If","condition":{"typeName":"Boolean","expression":{"type":"Input","value":{"name":"Bad"}}},"then":{"type":"Elsa.Fault","message":"bad"}}"""),
            """ "inputs":[{"type":"Boolean","name":"Bad","storageDriverType":"WorkflowInstanceStorageDriver"}] """,
            "child");
        var parent = Workflow(
            """
            {"id":"f","type":"Elsa.Flowchart","activities":[
              {"id":"b","type":"Elsa.BulkDispatchWorkflows","workflowDefinitionId":"child","items":{"typeName":"Object","expression":{"type":"Object","value":"[\"a\",{\"Item\":\"b\",\"Bad\":true}]"}},
               "childCompleted":{"type":"Elsa.WriteLine","text":"ok"},"childFaulted":{"type":"Elsa.WriteLine","text":"faulted"}},
              {"id":"w","type":"Elsa.WriteLine","text":"all"}],
             "connections":[{"source":{"activity":"b","port":"Completed"},"target":{"activity":"w","port":"In"}}]}
            """);

        var result = Local(child).Run(parent);

        Assert.Equal(["a", "ok", "b", "faulted", "all"], result.Lines);
    }

    [Fact]
    public void Event_starts_the_workflow_whose_trigger_it_is()
    {
        var listener = Workflow(
            Sequence(
                """{"id":"t","type":"Elsa.Event","eventName":"go","customProperties":{"canStartWorkflow":true},"result":{"typeName":"Object","memoryReference":{"id":"got"}}}""",
                """{"type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Variable","value":{"id":"got"}}}}"""),
            Variable("got"),
            "listener");

        var result = Local(listener).Run(Workflow(Sequence("""{"type":"Elsa.PublishEvent","eventName":"go","payload":"hello"}""", Line("published"))));

        Assert.Equal(["published", "hello"], result.Lines);
    }

    [Fact]
    public void Workflow_that_waits_for_ever_ends_with_an_error()
    {
        var loop = Workflow("""{"type":"Elsa.While","condition":true,"body":{"type":"Elsa.Delay"}}""");

        var run = new LocalRun(ActivityRegistry.Standard, []) { MaxBursts = 50 };

        Assert.Contains("endless", Assert.Throws<TimeoutException>(() => run.Run(loop)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Workflow_that_opens_more_branches_than_it_ends_ends_with_an_error()
    {
        var loop = Workflow(
            """
            {"id":"f","type":"Elsa.Flowchart","activities":[{"id":"d","type":"Elsa.Delay"},{"id":"s","type":"Elsa.Start"},{"id":"e","type":"Elsa.Delay"}],
             "connections":[{"source":{"activity":"s","port":"Done"},"target":{"activity":"d"}},{"source":{"activity":"d","port":"Done"},"target":{"activity":"s"}},
                            {"source":{"activity":"s","port":"Done"},"target":{"activity":"e"}},{"source":{"activity":"e","port":"Done"},"target":{"activity":"s"}}]}
            """);

        var run = new LocalRun(ActivityRegistry.Standard, []) { MaxRestored = 10_000 };

        Assert.Contains("faster than they end", Assert.Throws<TimeoutException>(() => run.Run(loop)).Message, StringComparison.Ordinal);
    }

    private static LocalRun Local(params WorkflowDefinition[] others) => new(ActivityRegistry.Standard, others);

    private static WorkflowDefinition Child(bool waits = true) => Workflow(
        Sequence(
            Line("child begins"),
            waits ? """{"type":"Elsa.Delay"}""" : """{"type":"Elsa.Start"}""",
            Line("child ends"),
            """{"type":"Elsa.SetOutput","outputName":"Answer","outputValue":42}"""),
        """ "outputs":[{"type":"Int32","name":"Answer"}] """,
        "child");

    private static string Variable(string id) =>
        $$""" "variables":[{"id":"{{id}}","name":"{{id}}","typeName":"Object","storageDriverTypeName":"Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core"}] """;
}
