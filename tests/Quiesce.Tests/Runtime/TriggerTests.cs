using Quiesce.Contracts.Bus;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Triggers;
using Quiesce.Storage;
using static Quiesce.Tests.Engine.Documents;

namespace Quiesce.Tests.Runtime;

public sealed class TriggerTests : RuntimeFixture
{
    private Func<string, bool>? _dies;

    protected override void Pass(string checkpoint)
    {
        if (_dies?.Invoke(checkpoint) == true) throw new IOException("killed here by the test");
    }

    private static string Starts(string trigger) => Sequence(trigger.Replace("{", """{"customProperties":{"canStartWorkflow":true},""", StringComparison.Ordinal), Line("x"));

    [Fact]
    public async Task An_event_from_outside_starts_whom_it_triggers_and_resumes_who_waits()
    {
        await DefineAsync("waits", Event("go"));
        await DefineAsync("starts", Starts("""{"id":"t","type":"Elsa.Event","eventName":"go"}"""));
        var waiting = (await ExecuteAsync("waits")).InstanceId!;

        var started = await Instances.TriggerEventAsync(new TriggeredEvent { Name = "go", CorrelationId = "c" }, Ct);

        await EndedAsync(waiting);
        await EndedAsync(Assert.Single(started));
        Assert.Equal("c", (await OfAsync("starts")).Single().CorrelationId);
        Assert.Empty(await Instances.TriggerEventAsync(new TriggeredEvent { Name = "other" }, Ct));
    }

    [Fact]
    public async Task An_event_for_one_instance_reaches_no_other_and_starts_nothing()
    {
        await DefineAsync("waits", Event("go"));
        await DefineAsync("starts", Starts("""{"id":"t","type":"Elsa.Event","eventName":"go"}"""));
        var (one, other) = ((await ExecuteAsync("waits")).InstanceId!, (await ExecuteAsync("waits")).InstanceId!);

        await Instances.TriggerEventAsync(new TriggeredEvent { Name = "go", InstanceId = one }, Ct);
        await EndedAsync(one);

        Assert.Null((await Instances.GetAsync(other, Ct))!.FinishedAt);
        Assert.Empty(await OfAsync("starts"));
    }

    [Fact]
    public async Task What_an_event_of_a_workflow_starts_is_written_in_the_commit_that_publishes_it()
    {
        await DefineAsync("starts", Starts("""{"id":"t","type":"Elsa.Event","eventName":"go"}"""));
        await DefineAsync("tells", Sequence(Event("begin"), """{"type":"Elsa.PublishEvent","eventName":"go","payload":{"typeName":"Object","expression":{"type":"Object","value":"{\"a\":1}"}}}"""));
        var tells = (await ExecuteAsync("tells")).InstanceId!;

        // Killed before the commit: nothing is started. Killed after it: everything is.
        var deaths = 0;
        _dies = checkpoint => checkpoint.StartsWith($"before commit {tells}", StringComparison.Ordinal) && ++deaths == 1;
        await Instances.TriggerEventAsync(new TriggeredEvent { Name = "begin" }, Ct);
        await UntilAsync(() => Task.FromResult(deaths == 1), "it dies");
        Assert.Empty(await OfAsync("starts"));
        _dies = null;
        await RestartAsync();
        Time.Advance(TimeSpan.FromSeconds(1));

        await EndedAsync(tells);
        await UntilAsync(async () => await OfAsync("starts") is [{ FinishedAt: not null }], "it was started once");
    }

    [Fact]
    public async Task A_trigger_of_a_singleton_starts_nothing_while_one_runs()
    {
        await DefineAsync("single", Sequence("""{"id":"t","type":"Elsa.Event","eventName":"go","customProperties":{"canStartWorkflow":true}}""", Event("end")), """ "options":{"activationStrategyType":"Singleton"} """);

        var first = await Instances.TriggerEventAsync(new TriggeredEvent { Name = "go" }, Ct);
        var second = await Instances.TriggerEventAsync(new TriggeredEvent { Name = "go" }, Ct);

        Assert.Equal((1, 0), (first.Count, second.Count));
    }

    [Fact]
    public async Task A_timer_starts_an_instance_every_interval_and_a_restart_neither_loses_nor_doubles_one()
    {
        await DefineAsync("ticks", Starts("""{"id":"t","type":"Elsa.Timer","interval":"00:10:00"}"""));
        await Timers.StepAsync(Ct);
        Assert.Empty(await OfAsync("ticks"));

        Time.Jump(TimeSpan.FromMinutes(11));
        await Timers.StepAsync(Ct);
        await Timers.StepAsync(Ct);
        await UntilAsync(async () => (await OfAsync("ticks")).Count == 1, "the first start");

        await RestartAsync();
        await Timers.StepAsync(Ct);
        Assert.Single(await OfAsync("ticks"));

        // On its grid: due at 20 minutes, not ten minutes after the restart.
        Time.Jump(TimeSpan.FromMinutes(9));
        await Timers.StepAsync(Ct);
        Assert.Equal(2, (await OfAsync("ticks")).Count);
    }

    [Fact]
    public async Task What_was_missed_while_no_server_ran_starts_once()
    {
        await DefineAsync("cron", Starts("""{"id":"t","type":"Elsa.Cron","cronExpression":"0 0 * * * *"}"""));
        await Timers.StepAsync(Ct);

        Time.Jump(TimeSpan.FromHours(30));
        await RestartAsync();
        await Timers.StepAsync(Ct);
        await Timers.StepAsync(Ct);

        Assert.Single(await OfAsync("cron"));
        Time.Jump(TimeSpan.FromHours(1));
        await Timers.StepAsync(Ct);
        Assert.Equal(2, (await OfAsync("cron")).Count);
    }

    [Fact]
    public async Task A_moment_starts_once_and_never_again_and_one_in_the_past_not_at_all()
    {
        await DefineAsync("past", Starts("""{"id":"t","type":"Elsa.StartAt","dateTime":"2026-03-01T11:00:00Z"}"""));
        await DefineAsync("soon", Starts("""{"id":"t","type":"Elsa.StartAt","dateTime":"2026-03-01T12:30:00Z"}"""));
        await Timers.StepAsync(Ct);
        Time.Jump(TimeSpan.FromHours(1));
        await Timers.StepAsync(Ct);

        await RestartAsync();
        Time.Jump(TimeSpan.FromHours(1));
        await Timers.StepAsync(Ct);

        Assert.Empty(await OfAsync("past"));
        Assert.Single(await OfAsync("soon"));
    }

    [Fact]
    public async Task Triggers_follow_what_is_published()
    {
        await DefineAsync("starts", Starts("""{"id":"t","type":"Elsa.Event","eventName":"one"}"""));
        await DefineAsync("starts", Starts("""{"id":"t","type":"Elsa.Event","eventName":"two"}"""));

        Assert.Empty(await Instances.TriggerEventAsync(new TriggeredEvent { Name = "one" }, Ct));
        Assert.Single(await Instances.TriggerEventAsync(new TriggeredEvent { Name = "two" }, Ct));
    }

    [Fact]
    public async Task A_trigger_of_a_workflow_for_machines_starts_nothing()
    {
        await DefineAsync("machine", Sequence("""{"id":"t","type":"Elsa.Event","eventName":"go","customProperties":{"canStartWorkflow":true}}""", """{"type":"Quiesce.SelectProxy"}"""));

        Assert.Empty(await Instances.TriggerEventAsync(new TriggeredEvent { Name = "go" }, Ct));
    }

    [Fact]
    public async Task What_arrives_twice_under_one_key_acts_once()
    {
        await DefineAsync("starts", Starts("""{"id":"t","type":"Quiesce.Contracts.Bus.SessionEnded"}"""));
        var received = BusMessages.Received(new SessionEnded("s1", "nightly", "test", "Failed", null, false, 0, null, false, Time.GetUtcNow()), null);
        Arrival Arrive() => new() { Key = "message:1", Starts = [.. Triggers.Find(received.BookmarkHash).Select(trigger => trigger.Start(received.ToInput(), null, Time.GetUtcNow()))] };

        Assert.Single((await Store.ArriveAsync(Arrive())).Started);
        Assert.Empty((await Store.ArriveAsync(Arrive())).Started);
        Assert.Single(await OfAsync("starts"));
    }
}
