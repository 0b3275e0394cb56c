using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Storage;
using static Quiesce.Tests.Engine.Documents;

namespace Quiesce.Tests.Runtime;

public sealed class InstanceTests : RuntimeFixture
{
    private const string Singleton = """ "options":{"activationStrategyType":"Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, Elsa.Workflows.Runtime"} """;
    private const string Flaky = """{"id":"flaky","type":"Elsa.RunJavaScript","script":{"typeName":"String","expression":{"type":"JavaScript","value":"`if (variables.ok != 'yes') throw new Error('not yet'); setVariable('ok', 'done')`"}}}""";
    private const string Stored = """ "variables":[{"id":"v1","name":"ok","typeName":"String","value":"no","storageDriverTypeName":"Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core"}] """;

    [Fact]
    public async Task The_first_burst_is_durable_when_a_start_returns()
    {
        await DefineAsync("waits", Sequence(Line("hello"), Event("go")));

        var started = await ExecuteAsync("waits", start => start with { CorrelationId = "c-1", Name = "by hand" });

        Assert.Equal((WorkflowSubStatus.Suspended, null), (started.State!.SubStatus, started.CannotStart));
        var row = (await Instances.GetAsync(started.InstanceId!, Ct))!;
        Assert.Equal(("Running", "Suspended", "c-1", "by hand"), (row.Status, row.SubStatus, row.CorrelationId, row.Name));
    }

    [Fact]
    public async Task An_execution_is_found_by_its_instance_its_node_and_its_id_and_counted_at_its_node()
    {
        await DefineAsync("waits", """{"id":"root","type":"Elsa.Sequence","activities":[{"id":"say","type":"Elsa.WriteLine","text":"hello"},{"id":"event","type":"Elsa.Event","eventName":"go"}]}""");
        var id = (await ExecuteAsync("waits")).InstanceId!;

        var say = Assert.Single(await Instances.ExecutionsAsync(id, "Workflow1:root:say", Ct));
        Assert.Equal(("say", "Completed", id, "hello"), ((string)say["activityId"]!, (string)say["status"]!, (string)say["workflowInstanceId"]!, (string)say["activityState"]!["Text"]!));
        var waiting = (await Instances.StatsAsync(id, ["Workflow1:root:event"], Ct)).Single();
        Assert.Equal((1, 0, 1, true), (waiting.StartedCount, waiting.CompletedCount, waiting.UncompletedCount, waiting.IsBlocked));

        await Instances.TriggerEventAsync(new TriggeredEvent { Name = "go" }, Ct);
        await EndedAsync(id);

        var ended = (await Instances.StatsAsync(id, null, Ct)).Single(node => node.ActivityId == "event");
        Assert.Equal((1, 1, 0, false), (ended.StartedCount, ended.CompletedCount, ended.UncompletedCount, ended.IsBlocked));
        var execution = (string)(await Instances.ExecutionsAsync(id, ended.ActivityNodeId, Ct)).Single()["id"]!;
        Assert.Equal("Completed", (string)(await Instances.ExecutionAsync(execution, Ct))!["status"]!);
        var stack = await Instances.CallStackAsync(execution, Ct);
        Assert.Equal(execution, (string)stack[^1]["id"]!);
        Assert.True(stack.Count > 1);
        Assert.Null(await Instances.ExecutionAsync("0123456789abcdef01234567", Ct));
        Assert.Null(await Instances.ExecutionAsync("nonsense", Ct));
    }

    [Fact]
    public async Task The_journal_comes_by_page_and_by_what_is_asked_for()
    {
        await DefineAsync("says", Sequence(Line("a"), Line("b"), Line("c")));
        var id = (await ExecuteAsync("says")).InstanceId!;

        var all = await Instances.JournalAsync(id, new JournalFilter(), 0, 100, Ct);
        var page = await Instances.JournalAsync(id, new JournalFilter { ExcludedActivityTypes = ["Elsa.Workflow", "Elsa.Sequence"], EventNames = ["Completed"] }, 1, 1, Ct);

        Assert.Equal(10, all.Total);
        Assert.Equal(Enumerable.Range(1, 10), all.Items.Select(item => (int)item["sequence"]!));
        Assert.Equal((3, "Elsa.WriteLine"), (page.Total, (string)Assert.Single(page.Items)["activityType"]!));
        Assert.True(page.Items[0].ContainsKey("message"));
        Assert.Equal(0, (await Instances.JournalAsync("nobody", new JournalFilter(), 0, 10, Ct)).Total);
    }

    [Fact]
    public async Task Two_starts_of_a_singleton_at_once_start_one_and_the_other_is_told_why()
    {
        await DefineAsync("one", Event("go"), Singleton);

        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ExecuteAsync("one")));

        var (winner, others) = (started.Single(one => one.InstanceId is not null), started.Where(one => one.InstanceId is null).ToList());
        Assert.Equal(7, others.Count);
        Assert.All(others, other => Assert.Contains(winner.InstanceId!, other.CannotStart));
        Assert.Single(await OfAsync("one"));
        Assert.NotNull((await ExecuteAsync("one", start => start with { Dispatch = true })).InstanceId);
    }

    [Theory]
    [InlineData("CorrelatedSingletonStrategy", "one", "a", false)]
    [InlineData("CorrelatedSingletonStrategy", "one", "b", true)]
    [InlineData("Elsa.Workflows.Runtime.ActivationValidators.CorrelationStrategy, Elsa.Workflows.Runtime", "other", "a", false)]
    [InlineData("CorrelationStrategy", "other", "b", true)]
    [InlineData("CorrelationStrategy", "other", null, false)]
    [InlineData("SingletonStrategy", "other", "a", true)]
    [InlineData("NobodyKnowsIt", "one", "a", true)]
    public async Task An_activation_strategy_looks_at_the_definition_and_the_correlation_id(string strategy, string second, string? correlationId, bool starts)
    {
        await DefineAsync("one", Event("go"), $$""" "options":{"activationStrategyType":"{{(second == "one" ? strategy : "")}}"} """);
        await DefineAsync("other", Event("go"), $$""" "options":{"activationStrategyType":"{{strategy}}"} """);
        await ExecuteAsync("one", start => start with { CorrelationId = "a" });

        var started = await ExecuteAsync(second, start => start with { CorrelationId = correlationId });

        Assert.Equal(starts, started.InstanceId is not null);
    }

    [Fact]
    public async Task A_workflow_that_works_on_machines_cannot_start_by_itself_and_says_what_to_do()
    {
        await DefineAsync("machine", Sequence("""{"id":"select","type":"Quiesce.SelectProxy"}"""));

        var started = await ExecuteAsync("machine");

        Assert.Null(started.InstanceId);
        Assert.Contains("job", started.CannotStart);
        Assert.Empty(await OfAsync("machine"));
        var missing = await Assert.ThrowsAsync<RefusedException>(() => ExecuteAsync("nobody"));
        Assert.Contains("'nobody'", missing.Message);
    }

    [Fact]
    public async Task A_cancel_reaches_what_an_instance_started_also_below_one_that_has_ended()
    {
        await DefineAsync("leaf", Event("never"));
        await DefineAsync("middle", Sequence("""{"type":"Elsa.DispatchWorkflow","workflowDefinitionId":"leaf"}"""));
        await DefineAsync("top", Sequence("""{"type":"Elsa.DispatchWorkflow","workflowDefinitionId":"middle"}""", Event("never")));
        var top = (await ExecuteAsync("top")).InstanceId!;
        await UntilAsync(async () => await OfAsync("leaf") is [{ SubStatus: "Suspended" }], "the leaf waits");
        await EndedAsync((await OfAsync("middle"))[0].Id);

        Assert.Equal(2, await Instances.CancelAsync([top, "nobody"], Ct));
        await Instances.CancelAsync([top], Ct);

        await EndedAsync(top);
        await EndedAsync((await OfAsync("leaf"))[0].Id);
        Assert.Equal(["Cancelled", "Finished", "Cancelled"], [(await OfAsync("top"))[0].SubStatus, (await OfAsync("middle"))[0].SubStatus, (await OfAsync("leaf"))[0].SubStatus]);
    }

    [Fact]
    public async Task A_deleted_instance_leaves_nothing_even_if_it_was_running()
    {
        await DefineAsync("waits", Sequence(Line("x"), Event("go")));
        var id = (await ExecuteAsync("waits")).InstanceId!;

        Assert.Equal(1, await Instances.DeleteAsync([id, "nobody"], Ct));

        Assert.Null(await Instances.GetAsync(id, Ct));
        Assert.Empty(await Instances.ExecutionsAsync(id, null, Ct));
        Assert.Equal(0, (await Instances.JournalAsync(id, new JournalFilter(), 0, 10, Ct)).Total);
        Assert.Empty(await Store.BookmarksAsync(id, Ct));
    }

    [Fact]
    public async Task A_faulted_activity_is_executed_once_more_and_what_waited_beside_it_waits_anew()
    {
        await DefineAsync("flaky", Parallel(Event("go"), Flaky), Stored);
        var id = (await ExecuteAsync("flaky")).InstanceId!;
        var faulted = (await Instances.GetAsync(id, Ct))!;
        Assert.Equal(("Faulted", 1), (faulted.SubStatus, faulted.IncidentCount));
        Assert.Equal(0, await Instances.RetryAsync([id], ["somebody else"], Ct));

        // It fails again first: then it can be tried a third time.
        Assert.Equal(1, await Instances.RetryAsync([id], null, Ct));
        await UntilAsync(async () => await Instances.GetAsync(id, Ct) is { SubStatus: "Faulted", FinishedAt: not null } row && row.Revision > faulted.Revision, "it faults again");
        Assert.Equal(1, (await Instances.GetAsync(id, Ct))!.IncidentCount);
    }

    [Fact]
    public async Task Variables_are_read_and_set_while_an_instance_waits_and_a_retry_sees_them()
    {
        await DefineAsync("flaky", Sequence(Event("go"), Flaky), Stored);
        var id = (await ExecuteAsync("flaky")).InstanceId!;
        Assert.Equal(("v1", "ok", "no"), (await Instances.VariablesAsync(id, Ct)) is [var one] ? (one.Id, one.Name, (string)one.Value!) : default);

        await Instances.SetVariablesAsync(id, new JsonObject { ["ok"] = "yes" }, Ct);
        await Instances.TriggerEventAsync(new TriggeredEvent { Name = "go" }, Ct);
        await EndedAsync(id);

        Assert.Equal("Finished", (await Instances.GetAsync(id, Ct))!.SubStatus);
        Assert.Equal("done", (string)(await Instances.VariablesAsync(id, Ct))[0].Value!);
        await Assert.ThrowsAsync<RefusedException>(() => Instances.SetVariablesAsync(id, new JsonObject { ["ok"] = "late" }, Ct));
        await Assert.ThrowsAsync<RefusedException>(() => Instances.SetVariablesAsync("nobody", [], Ct));
    }

    [Fact]
    public async Task One_activity_is_tried_alone_and_nothing_is_kept_of_it()
    {
        await DefineAsync("flaky", Sequence(Line("tried"), Flaky), Stored);
        var version = Definitions.Row("flaky", VersionSelector.Published)!.VersionId;
        var graph = Definitions.GetByVersionId(version)!;

        var said = await Instances.TestActivityAsync(version, graph.Nodes.First(node => node.TypeName == "Elsa.WriteLine").NodeId, Ct);
        var failed = await Instances.TestActivityAsync(version, "flaky", Ct);

        Assert.Equal((ActivityStatus.Completed, "tried"), (said.Status, (string)said.ActivityState!["Text"]!));
        Assert.Equal(ActivityStatus.Faulted, failed.Status);
        Assert.Contains("not yet", (string)failed.Exception!["message"]!);
        Assert.Empty(await OfAsync("flaky"));
        await Assert.ThrowsAsync<RefusedException>(() => Instances.TestActivityAsync(version, "nobody", Ct));
    }

    [Fact]
    public async Task A_task_is_completed_by_its_id_once()
    {
        await DefineAsync("asks", """{"id":"ask","type":"Elsa.RunTask","taskName":"approve","result":{"typeName":"Object","memoryReference":{"id":"v1"}}}""", Stored);
        var id = (await ExecuteAsync("asks")).InstanceId!;
        var task = (string)JsonNode.Parse(Assert.Single(await Store.BookmarksAsync(id, Ct)).Payload!)!["taskId"]!;

        Assert.False(await Instances.CompleteTaskAsync("nobody", null, Ct));
        Assert.True(await Instances.CompleteTaskAsync(task, "granted", Ct));
        await EndedAsync(id);

        Assert.Equal("granted", (string)(await Instances.VariablesAsync(id, Ct))[0].Value!);
        Assert.False(await Instances.CompleteTaskAsync(task, "again", Ct));
    }

    [Fact]
    public async Task A_list_is_filtered_ordered_and_searched()
    {
        await DefineAsync("waits", Event("go"));
        await DefineAsync("says", Line("x"));
        var first = (await ExecuteAsync("waits", start => start with { Name = "Beta 100%", CorrelationId = "job-77" })).InstanceId!;
        Time.Jump(TimeSpan.FromMinutes(1));
        var noon = Time.GetUtcNow();
        var second = (await ExecuteAsync("says", start => start with { Name = "alpha" })).InstanceId!;
        async Task<string> Ids(InstanceQuery query) => string.Join(",", (await Items(query)).Select(item => item.Id == first ? "1" : item.Id == second ? "2" : "?"));

        Assert.Equal("2,1", await Ids(new InstanceQuery()));
        Assert.Equal("1,2", await Ids(new InstanceQuery { Descending = false }));
        Assert.Equal("2,1", await Ids(new InstanceQuery { OrderBy = InstanceOrder.Name, Descending = false }));
        Assert.Equal("2,1", await Ids(new InstanceQuery { OrderBy = InstanceOrder.Finished }));
        Assert.Equal("1", await Ids(new InstanceQuery { SearchTerm = "eta 100%" }));
        Assert.Equal("1", await Ids(new InstanceQuery { SearchTerm = "JOB-7" }));
        Assert.Equal("", await Ids(new InstanceQuery { SearchTerm = "100_" }));
        Assert.Equal("1", await Ids(new InstanceQuery { Statuses = ["Running"] }));
        Assert.Equal("1,2", await Ids(new InstanceQuery { SubStatuses = ["Finished", "Suspended"], Descending = false }));
        Assert.Equal("2", await Ids(new InstanceQuery { DefinitionIds = ["says", "nobody"] }));
        Assert.Equal("1", await Ids(new InstanceQuery { CorrelationId = "job-77", HasIncidents = false, IsSystem = false, Version = 1 }));
        Assert.Equal("", await Ids(new InstanceQuery { IsSystem = true }));
        Assert.Equal("1", await Ids(new InstanceQuery { Timestamps = [new TimestampFilter(InstanceMoment.CreatedAt, MomentComparison.LessThan, noon)] }));
        Assert.Equal("2", await Ids(new InstanceQuery { Timestamps = [new TimestampFilter(InstanceMoment.FinishedAt, MomentComparison.GreaterThanOrEqual, noon)] }));
        var page = await Instances.ListAsync(new InstanceQuery { Page = 1, PageSize = 1 }, Ct);
        Assert.Equal((2, first), (page.Total, page.Items.Single().Id));
    }
}
