using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Jobs.Activities;
using Quiesce.Jobs.Definitions;

namespace Quiesce.Tests.Definitions;

public sealed class FreezeCheckTests
{
    [Fact]
    public void The_shipped_definitions_pass()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "workflows"), "*.json"))
            FreezeCheck.Run(WorkflowDefinition.Read(File.ReadAllText(file), file), QuiesceActivities.Registry);
    }

    [Fact]
    public void A_freeze_that_is_thawed_passes() => Passes(Flow.Sequence("s", Flow.Freeze(), Flow.Say("hold"), Flow.Thaw()));

    [Fact]
    public void A_sequence_that_ends_frozen_is_refused_with_its_path()
    {
        var refused = Refused(Flow.Sequence("s", Flow.Say("hello"), Flow.Freeze(), Flow.Say("hold")));

        Assert.Equal("hold", refused.ActivityId);
        Assert.Contains("The path 'freeze' → 'hold' reaches the end of the workflow without Quiesce.ThawGuest", refused.Message, StringComparison.Ordinal);
        Assert.Contains("drawn.json", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flowchart_whose_failure_branch_forgets_the_thaw_is_refused_with_that_branch()
    {
        var refused = Refused(Flow.Flowchart("f", [Flow.Freeze(), Snapshot(), Flow.Thaw(), Flow.Say("sorry")], "freeze:Done>snapshot", "snapshot:Done>thaw", "snapshot:Failed>sorry"));

        Assert.Contains("'freeze' → 'snapshot' (Failed) → 'sorry'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_outcome_that_leads_nowhere_is_an_end() =>
        Assert.Contains("'freeze' → 'snapshot'", Refused(Flow.Flowchart("f", [Flow.Freeze(), Snapshot(), Flow.Thaw()], "freeze:Done>snapshot", "snapshot:Done>thaw")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_flowchart_that_thaws_on_every_branch_passes() =>
        Passes(Flow.Flowchart("f", [Flow.Freeze(), Snapshot(), Flow.Thaw(), Flow.Say("sorry")], "freeze:Done>snapshot", "snapshot:Done>thaw", "snapshot:Failed>thaw", "snapshot:GuestLost>thaw", "thaw:Failed>sorry"));

    [Fact]
    public void A_freeze_that_failed_needs_no_thaw() =>
        Passes(Flow.Flowchart("f", [Flow.Freeze(), Flow.Say("sorry"), Flow.Thaw()], "freeze:Done>thaw", "freeze:Failed>sorry"));

    [Theory]
    [InlineData("Elsa.Delay", "waits for a time")]
    [InlineData("Elsa.Event", "waits for an event")]
    [InlineData("Elsa.RunTask", "waits for somebody outside")]
    [InlineData("Elsa.HttpEndpoint", "waits for a request")]
    [InlineData("Elsa.Cron", "waits for a time")]
    [InlineData("Acme.Approve", "may wait for anything, being of a type that is not known here")]
    [InlineData("Quiesce.ProtectMachines", "may take longer than any freeze lasts")]
    public void Waiting_between_freeze_and_thaw_is_refused(string type, string words)
    {
        var refused = Refused(Flow.Sequence("s", Flow.Freeze(), Flow.Activity("wait", type), Flow.Thaw()));

        Assert.Equal("wait", refused.ActivityId);
        Assert.Contains($"Between freeze and thaw it {words}: 'freeze' → 'wait'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Elsa.Delay")]
    [InlineData("Acme.Approve")]
    public void Waiting_before_and_after_passes(string type) =>
        Passes(Flow.Sequence("s", Flow.Activity("before", type), Flow.Freeze(), Flow.Thaw(), Flow.Activity("after", type)));

    [Theory]
    [InlineData("Elsa.DispatchWorkflow", null, true)]
    [InlineData("Elsa.DispatchWorkflow", true, false)]
    [InlineData("Elsa.ExecuteWorkflow", false, true)]
    [InlineData("Elsa.BulkDispatchWorkflows", null, false)]
    [InlineData("Elsa.BulkDispatchWorkflows", false, true)]
    public void Another_workflow_may_be_started_but_not_waited_for(string type, bool? wait, bool passes)
    {
        var more = wait is null ? null : new JsonObject { ["waitForCompletion"] = new JsonObject { ["typeName"] = "Boolean", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = wait } } };
        var root = Flow.Sequence("s", Flow.Freeze(), Flow.Activity("child", type, more), Flow.Thaw());

        if (passes)
            Passes(root);
        else
            Assert.Contains("another workflow".Split(' ')[1], Refused(root).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_to_wait_for_another_workflow_must_not_be_computed()
    {
        var more = new JsonObject { ["waitForCompletion"] = new JsonObject { ["typeName"] = "Boolean", ["expression"] = new JsonObject { ["type"] = "JavaScript", ["value"] = "false" } } };

        Assert.Contains("waits for another workflow", Refused(Flow.Sequence("s", Flow.Freeze(), Flow.Activity("child", "Elsa.DispatchWorkflow", more), Flow.Thaw())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Elsa.Finish")]
    [InlineData("Elsa.Fault")]
    [InlineData("Elsa.Complete")]
    public void Ending_the_workflow_in_between_is_refused(string type) =>
        Assert.Contains("the end of the workflow at 'stop'", Refused(Flow.Sequence("s", Flow.Freeze(), Flow.Activity("stop", type), Flow.Thaw())).Message, StringComparison.Ordinal);

    [Fact]
    public void End_leaves_only_the_sequence_it_is_in()
    {
        Passes(Flow.Sequence("outer", Flow.Sequence("inner", Flow.Freeze(), Flow.Activity("end", "Elsa.End"), Flow.Say("never")), Flow.Thaw()));
        Refused(Flow.Sequence("outer", Flow.Sequence("inner", Flow.Freeze(), Flow.Activity("end", "Elsa.End"), Flow.Thaw()), Flow.Say("later")));
    }

    [Fact]
    public void A_branch_that_does_not_thaw_is_refused()
    {
        Assert.Contains("without Quiesce.ThawGuest", Refused(Flow.Sequence("s", Flow.Freeze(), If(Flow.Thaw(), null))).Message, StringComparison.Ordinal);
        Passes(Flow.Sequence("s", Flow.Freeze(), If(Flow.Thaw("t1"), Flow.Thaw("t2"))));
    }

    [Fact]
    public void A_branch_that_freezes_is_followed_too() => Refused(Flow.Sequence("s", If(Flow.Freeze(), null), Flow.Say("after")));

    [Fact]
    public void A_loop_may_not_run_at_all() =>
        Refused(Flow.Sequence("s", Flow.Freeze(), Flow.Activity("loop", "Elsa.ForEach", new JsonObject { ["body"] = Flow.Thaw() })));

    [Fact]
    public void A_loop_that_breaks_out_before_its_thaw_is_refused() =>
        Refused(Flow.Activity("loop", "Elsa.While", new JsonObject { ["body"] = Flow.Sequence("s", Flow.Freeze(), If(Flow.Activity("break", "Elsa.Break"), null), Flow.Thaw()) }));

    [Fact]
    public void A_loop_in_a_flowchart_is_followed_once()
    {
        var decide = Flow.Activity("decide", "Elsa.FlowDecision");
        Passes(Flow.Flowchart("f", [Flow.Freeze(), decide, Flow.Say("again"), Flow.Thaw()], "freeze:Done>decide", "decide:True>again", "again:Done>decide", "decide:False>thaw"));
        Refused(Flow.Flowchart("f", [Flow.Freeze(), decide.DeepClone().AsObject(), Flow.Say("again"), Flow.Thaw()], "freeze:Done>decide", "decide:True>again", "decide:False>thaw"));
    }

    [Fact]
    public void A_computed_outcome_may_be_any_that_is_connected()
    {
        var script = Flow.Activity("script", "Elsa.RunJavaScript");
        Refused(Flow.Flowchart("f", [Flow.Freeze(), script, Flow.Thaw(), Flow.Say("other")], "freeze:Done>script", "script:Done>thaw", "script:Other>other"));
    }

    [Fact]
    public void Every_trigger_of_a_flowchart_is_a_start()
    {
        var trigger = Flow.Activity("trigger", "Elsa.Event", new JsonObject { ["customProperties"] = new JsonObject { ["canStartWorkflow"] = true } });
        Refused(Flow.Flowchart("f", [Flow.Activity("start", "Elsa.Start"), trigger, Flow.Freeze()], "trigger:Done>freeze"));
    }

    [Fact]
    public void A_freeze_in_a_container_is_thawed_behind_it() =>
        Passes(Flow.Sequence("outer", Flow.Flowchart("inner", [Flow.Freeze()]), Flow.Thaw()));

    [Fact]
    public void Nested_conditions_do_not_make_the_walk_explode()
    {
        var inner = Flow.Say("leaf");
        for (var depth = 0; depth < 20; depth++)
            inner = Flow.Activity($"loop{depth}", "Elsa.While", new JsonObject { ["body"] = If(inner, Flow.Freeze($"freeze{depth}"), $"if{depth}") });

        Refused(inner);
    }

    [Fact]
    public void A_chain_of_ten_thousand_is_walked_and_told_in_short()
    {
        var chain = Enumerable.Range(0, 10_000).Select(n => Flow.Say($"a{n}")).Prepend(Flow.Freeze()).ToArray();
        var lines = Enumerable.Range(0, 9_999).Select(n => $"a{n}:Done>a{n + 1}").Prepend("freeze:Done>a0").ToArray();

        Assert.InRange(Refused(Flow.Flowchart("f", chain, lines)).Message.Length, 100, 2000);
    }

    private static JsonObject Snapshot() => Flow.Activity("snapshot", "Quiesce.TakeSnapshot");

    private static JsonObject If(JsonObject then, JsonObject? otherwise, string id = "if")
    {
        var more = new JsonObject { ["then"] = then };
        if (otherwise is not null)
            more["else"] = otherwise;
        return Flow.Activity(id, "Elsa.If", more);
    }

    private static void Passes(JsonObject root) => FreezeCheck.Run(Flow.Definition(root), QuiesceActivities.Registry);

    private static DefinitionException Refused(JsonObject root) => Assert.Throws<DefinitionException>(() => Passes(root));
}
