using System.Text.Json.Nodes;
using Quiesce.Engine;
using static Quiesce.Tests.Engine.Documents;

namespace Quiesce.Tests.Engine;

public class BurstTests
{
    private static readonly string GoHash = Quiesce.Engine.Activities.Event.HashOf("go");

    [Fact]
    public void Reply_that_comes_before_its_bookmark_is_left_waiting_and_used_later()
    {
        var instance = new StoredInstance(Workflow(Sequence(Event("first"), Event("go"), Line("after"))));
        instance.Start();

        var early = instance.Give(Stimulus.Resume("early", GoHash));
        var late = instance.Give(Stimulus.Resume("early", GoHash), Stimulus.Resume("first", Quiesce.Engine.Activities.Event.HashOf("first")));

        Assert.Equal(["early"], early.Unmatched);
        Assert.Empty(early.Consumed);
        Assert.Empty(early.Journal);
        Assert.Equal(["first", "early"], late.Consumed);
        Assert.Equal(["after"], instance.Lines);
    }

    [Fact]
    public void Reply_that_comes_with_the_start_is_used_once_the_bookmark_is_there()
    {
        var graph = WorkflowGraph.Compile(Workflow(Sequence(Event("go"), Line("after"))), ActivityRegistry.Standard);

        var result = Burst.Run(graph, null, [Stimulus.Resume("reply", GoHash), Stimulus.Start("start")], new());

        Assert.Equal(["start", "reply"], result.Consumed);
        Assert.Equal(WorkflowSubStatus.Finished, result.State.SubStatus);
    }

    [Fact]
    public void Reply_that_comes_twice_or_after_the_end_does_no_harm()
    {
        var instance = new StoredInstance(Workflow(Sequence(Event("go"), Line("after"))));
        instance.Start();

        var result = instance.Give(Stimulus.Resume("one", GoHash), Stimulus.Resume("two", GoHash));
        var after = instance.Give(Stimulus.Resume("three", GoHash), Stimulus.Cancel("cancel"));

        Assert.Equal(["one"], result.Consumed);
        Assert.Equal(["two"], result.Unmatched);
        Assert.Equal(["three", "cancel"], after.Unmatched);
        Assert.Empty(after.Journal);
        Assert.Equal(["after"], instance.Lines);
    }

    [Fact]
    public void Burst_leaves_the_state_that_it_began_with_untouched()
    {
        var graph = WorkflowGraph.Compile(
            Workflow(Sequence(Event("go"), """{"type":"Elsa.SetVariable","variable":{"id":"v"},"value":"new"}""", Event("go")), """ "variables":[{"id":"v","name":"v","typeName":"String","storageDriverTypeName":"WorkflowInstanceStorageDriver"}] """),
            ActivityRegistry.Standard);
        var state = Burst.Run(graph, null, [Stimulus.Start("s")], new()).State;
        var before = state.ToJson().ToJsonString();

        var once = Burst.Run(graph, state, [Stimulus.Resume("r", GoHash)], new());
        var again = Burst.Run(graph, state, [Stimulus.Resume("r", GoHash)], new());

        Assert.Equal(before, state.ToJson().ToJsonString());
        Assert.Equal(once.Journal.Select(j => j.EventName), again.Journal.Select(j => j.EventName));
    }

    [Fact]
    public void Nothing_to_move_is_said_plainly()
    {
        var graph = WorkflowGraph.Compile(Workflow(Line("x")), ActivityRegistry.Standard);

        Assert.Throws<InvalidOperationException>(() => Burst.Run(graph, null, [Stimulus.Resume("r", GoHash)], new()));
    }

    [Fact]
    public void Cancel_clears_bookmarks_and_leaves_open_activities_as_they_are()
    {
        var instance = new StoredInstance(Workflow(Sequence(Event("go"), Line("after"))));
        instance.Start();

        var result = instance.Give(Stimulus.Cancel("c", "no longer wanted"));

        Assert.Equal(WorkflowSubStatus.Cancelled, result.State.SubStatus);
        Assert.Empty(result.Bookmarks);
        Assert.Equal([JournalEvents.WorkflowCancelled], result.Journal.Select(j => j.EventName));
        Assert.Equal("no longer wanted", result.Journal[0].Message);
    }

    [Fact]
    public void Event_that_two_branches_wait_for_resumes_both()
    {
        var instance = new StoredInstance(Workflow(Parallel(Sequence(Event("go"), Line("a")), Sequence(Event("go"), Line("b")))));
        instance.Start();

        instance.Give(Stimulus.Resume("r", GoHash, input: new JsonObject { ["__EventPayload"] = 1 }));

        Assert.Equal(["a", "b"], instance.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, instance.State.SubStatus);
    }

    [Fact]
    public void Started_by_its_trigger_the_event_completes_at_once_and_flowcharts_begin_there()
    {
        var instance = new StoredInstance(Workflow(
            """
            {"id":"f","type":"Elsa.Flowchart","activities":[{"id":"s","type":"Elsa.Start"},{"id":"t","type":"Elsa.Event","eventName":"go","customProperties":{"canStartWorkflow":true}},{"id":"w","type":"Elsa.WriteLine","text":"triggered"}],
             "connections":[{"source":{"activity":"t","port":"Done"},"target":{"activity":"w"}}]}
            """));

        instance.Start(triggerActivityId: "t");

        Assert.Equal(["triggered"], instance.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, instance.State.SubStatus);
    }

    [Fact]
    public void Timer_says_when_it_is_due()
    {
        var instance = new StoredInstance(Workflow(Sequence("""{"type":"Elsa.Delay","timeSpan":"00:00:30"}""")));

        var bookmark = instance.Start().Bookmarks.Single();

        Assert.InRange(bookmark.DueAt!.Value - bookmark.CreatedAt, TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(30));
        Assert.Equal("Elsa.Delay", bookmark.Name);
    }

    [Fact]
    public void Hash_is_that_of_name_payload_in_pascal_case_and_instance()
    {
        var expected = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("Elsa.Event|{\"EventName\":\"go\"}"u8));

        Assert.Equal(expected, GoHash);
        Assert.NotEqual(expected, Bookmark.HashOf("Elsa.Event", new JsonObject { ["eventName"] = "go", ["other"] = null }, "instance"));
        Assert.Equal(expected, Bookmark.HashOf("Elsa.Event", new JsonObject { ["eventName"] = "go", ["other"] = null }));
    }

    [Fact]
    public void Loop_without_end_is_an_incident_of_the_workflow()
    {
        var graph = WorkflowGraph.Compile(Workflow("""{"type":"Elsa.While","condition":true,"body":{"type":"Elsa.Start"}}"""), ActivityRegistry.Standard);

        var result = Burst.Run(graph, null, [Stimulus.Start("s")], new() { MaxActivities = 1_000 });

        Assert.Equal(WorkflowSubStatus.Faulted, result.State.SubStatus);
        Assert.Contains("endless loop", result.State.Incidents.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loop_without_end_and_without_body_is_a_fault()
    {
        var result = new LocalRun(ActivityRegistry.Standard, []).Run(Workflow("""{"id":"w","type":"Elsa.While","condition":true}"""));

        Assert.Equal("w", result.Incidents.Single().ActivityId);
    }

    [Fact]
    public void Execution_records_tell_inputs_outputs_and_outcomes()
    {
        var instance = new StoredInstance(Workflow(Sequence("""{"id":"i","type":"Elsa.If","condition":true}""", """{"id":"d","type":"Elsa.FlowDecision"}""")));

        var records = instance.Start().ActivityExecutions.ToDictionary(r => r.ActivityId);

        Assert.Equal("""{"Condition":true}""", records["i"].ActivityState!.ToJsonString());
        Assert.Equal("""{"Result":true}""", records["i"].Outputs!.ToJsonString());
        Assert.Equal("""{"Outcomes":["False"]}""", records["d"].Payload!.ToJsonString());
        Assert.All(records.Values, r => Assert.Equal(ActivityStatus.Completed, r.Status));
    }

    [Fact]
    public void Several_threads_share_one_graph()
    {
        var graph = WorkflowGraph.Compile(Corpus.Read("flowchart-join-any-cancels-the-slower"), ActivityRegistry.Standard);

        System.Threading.Tasks.Parallel.For(0, 200, _ =>
        {
            var result = Burst.Run(graph, null, [Stimulus.Start("s")], new());
            Assert.Equal(["fast", "after"], result.Lines);
        });
    }

    [Fact]
    public void State_that_does_not_fit_its_definition_is_an_incident_of_the_workflow()
    {
        var state = Burst.Run(WorkflowGraph.Compile(Workflow(Sequence(Event("go"))), ActivityRegistry.Standard), null, [Stimulus.Start("s")], new()).State;
        var other = WorkflowGraph.Compile(Workflow(Line("changed")), ActivityRegistry.Standard);

        var result = Burst.Run(other, state, [Stimulus.Resume("r", GoHash)], new());

        Assert.Equal(WorkflowSubStatus.Faulted, result.State.SubStatus);
        Assert.Contains("version it began with", Assert.Single(result.State.Incidents).Message, StringComparison.Ordinal);
        Assert.Equal(["r"], result.Unmatched);
        Assert.Empty(result.Bookmarks);
    }

    [Fact]
    public void State_survives_its_stored_form_to_the_letter()
    {
        var graph = WorkflowGraph.Compile(Corpus.Read("foreach-survives-suspension"), ActivityRegistry.Standard);
        var state = Burst.Run(graph, null, [Stimulus.Start("s", new JsonObject { ["ü"] = "<&>" }, "correlation")], new()).State;

        var stored = state.ToUtf8();

        Assert.Equal(stored, InstanceState.FromUtf8(stored).ToUtf8());
        Assert.Equal(stored, InstanceState.FromJson(state.ToJson()).ToUtf8());
        Assert.Throws<FormatException>(() => InstanceState.FromUtf8("{"u8));
        Assert.Throws<FormatException>(() => InstanceState.FromUtf8("{\"id\":\"x\"}"u8));
    }
}
