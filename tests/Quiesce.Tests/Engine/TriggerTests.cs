using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Engine.Activities;
using static Quiesce.Tests.Engine.Documents;

namespace Quiesce.Tests.Engine;

public class TriggerTests
{
    private const string MayStart = """ "customProperties":{"canStartWorkflow":true} """;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Hash_of_a_trigger_is_what_a_stimulus_computes_from_outside()
    {
        var triggers = Index(
            $$"""{"type":"Elsa.Timer","interval":"00:05:00",{{MayStart}}}""",
            $$"""{"type":"Elsa.Cron","cronExpression":"0 0 2 * * *",{{MayStart}}}""",
            $$"""{"type":"Elsa.StartAt","dateTime":"2026-03-01T14:00:00+02:00",{{MayStart}}}""",
            $$"""{"type":"Elsa.Event","eventName":"order",{{MayStart}}}""",
            $$"""{"type":"Elsa.HttpEndpoint","path":"Orders/{Id}","supportedMethods":["GET","Post"],"authorize":true,{{MayStart}}}""",
            $$"""{"type":"Shop.Paid",{{MayStart}}}""");

        Assert.Equal(
            [
                Quiesce.Engine.Activities.Timer.HashOf(TimeSpan.FromMinutes(5)), Cron.HashOf("0 0 2 * * *"), StartAt.HashOf(DateTimeOffset.Parse("2026-03-01T14:00:00+02:00")), Quiesce.Engine.Activities.Event.HashOf("order"),
                HttpEndpoint.HashOf("/orders/{id}", "get"), HttpEndpoint.HashOf("/orders/{id}", "POST"), MessageReceived.HashOf("Shop.Paid"),
            ],
            triggers.Select(t => t.Hash));
        Assert.All(triggers, t => Assert.Null(t.Problem));
    }

    [Fact]
    public void Trigger_about_time_says_when_it_comes_next()
    {
        var triggers = Index(
            $$"""{"type":"Elsa.Timer","interval":"00:05:00",{{MayStart}}}""",
            $$"""{"type":"Elsa.Cron","cronExpression":"0 30 2 * * *",{{MayStart}}}""",
            $$"""{"type":"Elsa.StartAt","dateTime":"2026-03-01T16:00:00+02:00",{{MayStart}}}""",
            $$"""{"type":"Elsa.Event","eventName":"order",{{MayStart}}}""");

        Assert.Equal(
            [Noon.AddMinutes(5), Noon.AddHours(14.5), Noon.AddHours(2), null],
            triggers.Select(t => TriggerSchedule.Of(t.Name, t.Payload)?.Next(Noon)));
        Assert.Null(triggers[2].Schedule!.Next(Noon.AddHours(2)));
    }

    [Fact]
    public void Timer_shorter_than_a_second_comes_every_second() =>
        Assert.Equal(Noon.AddSeconds(1), new EverySchedule(TimeSpan.FromMilliseconds(1)).Next(Noon));

    [Fact]
    public void Cron_in_the_middle_of_a_workflow_is_due_at_its_next_moment()
    {
        var instance = new StoredInstance(Workflow(Sequence("""{"type":"Elsa.Cron","cronExpression":"0 30 2 * * *"}""")), new() { Time = new ManualTime(Noon) });

        instance.Start();

        Assert.Equal(Noon.AddHours(14.5), Assert.Single(instance.Bookmarks).DueAt);
    }

    [Fact]
    public void Script_of_a_trigger_that_never_ends_is_a_problem_and_nothing_else()
    {
        var graph = WorkflowGraph.Compile(
            Workflow(Sequence($$$"""{"type":"Elsa.Event","id":"e","eventName":{"typeName":"String","expression":{"type":"JavaScript","value":"while (true);"}},{{{MayStart}}}}""")),
            ActivityRegistry.Standard);

        var trigger = Assert.Single(TriggerIndex.Of(graph, new() { Scripts = new(TimeSpan.FromSeconds(30), 10_000, 1_000_000, 100) }));

        Assert.Equal("e", trigger.ActivityId);
        Assert.Contains("more than 10000 steps", trigger.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_types_of_the_same_name_are_refused() =>
        Assert.Throws<ArgumentException>(() => MessageActivities.For([new("Shop", "Paid"), new("Shop", "Paid")]));

    [Fact]
    public void Message_type_that_is_no_class_can_only_be_received() =>
        Assert.Equal(["Shop.IPaid"], MessageActivities.For([new("Shop", "IPaid", IsClass: false)]).Select(a => a.Descriptor.TypeName));

    [Fact]
    public void Message_resumes_who_waits_for_its_type()
    {
        var registry = ActivityRegistry.Standard.With(MessageActivities.For([new("Shop", "Paid")]));
        var instance = new StoredInstance(
            Workflow("""{"id":"s","type":"Elsa.Sequence","activities":[{"id":"m","type":"Shop.Paid","result":{"typeName":"Object","memoryReference":{"id":"v"}}},{"type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"JavaScript","value":"`${getVariable('v').sum} ${getInput('Message')}`"}}}]}""",
                """ "variables":[{"id":"v","name":"v","typeName":"Object"}] """),
            registry: registry);
        instance.Start();
        var message = new ReceivedMessage("Shop.Paid", new JsonObject { ["sum"] = 12 }, null);

        instance.Give(Stimulus.Resume("m", message.BookmarkHash, input: message.ToInput()));

        Assert.Equal(["12 null"], instance.Lines);
    }

    private static IReadOnlyList<TriggerRecord> Index(params string[] activities) =>
        TriggerIndex.Of(WorkflowGraph.Compile(Workflow(Sequence(activities)), ActivityRegistry.Standard.With(MessageActivities.For([new("Shop", "Paid")]))));
}
