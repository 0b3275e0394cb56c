using System.Collections.Concurrent;
using Quiesce.Contracts.Rest;

namespace Quiesce.Tests.Jobs;

/// <summary>What a person chooses in the designer: machines, workflow, script mode, provider. The job stays the measure of what is reported.</summary>
public sealed class DrawnChoicesTests : SessionFixture
{
    [Fact]
    public async Task Machines_chosen_first_are_begun_first_and_each_once()
    {
        Session("""{ "id": "first", "type": "Quiesce.ProtectMachines", "version": 1, "maxConcurrent": 1, "machines": { "typeName": "List<String>", "expression": { "type": "Object", "value": "[\"m2\",\"elsewhere\"]" } } }""",
            """{ "id": "rest", "type": "Quiesce.ProtectMachines", "version": 1, "maxConcurrent": 1 }""", """{ "id": "again", "type": "Quiesce.ProtectMachines", "version": 1 }""");
        await ApplyAsync(machines: 3);

        var report = await RunAsync();

        Assert.Equal(Result.Success, report.Result);
        Assert.Equal(["m2", "m0", "m1"], Guests.Carried.Where(one => one.Step == "TakeSnapshot").Select(one => one.Machine));
    }

    [Fact]
    public async Task Machines_that_no_activity_began_make_the_session_fail()
    {
        Session("""{ "id": "some", "type": "Quiesce.ProtectMachines", "version": 1, "machines": { "typeName": "List<String>", "expression": { "type": "Object", "value": "[\"m1\"]" } } }""");
        await ApplyAsync(machines: 3);

        var report = await RunAsync();

        Assert.Equal((Result.Failed, "2 of 3 machines were not started"), (report.Result, report.Message));
        Assert.Equal([Result.Failed, Result.Success, Result.Failed], report.Tasks.Select(task => task.Result));
    }

    [Fact]
    public async Task The_workflow_for_each_machine_may_be_another_than_the_jobs()
    {
        Machine("drawn", """{ "id": "prepare", "type": "Quiesce.PrepareGuest", "version": 1 }""", """{ "id": "take", "type": "Quiesce.TakeSnapshot", "version": 1 }""");
        Session(Chosen("drawn"));
        await ApplyAsync(machines: 2);

        var report = await RunAsync();

        // Without a script the point is a crash-consistent one, which the report says.
        Assert.Equal(Result.Warning, report.Result);
        foreach (var machine in (string[])["m0", "m1"])
            Assert.Equal(["PrepareGuest", "TakeSnapshot", "ReleaseGuest"], Guests.Steps(machine));
    }

    [Fact]
    public async Task A_workflow_that_is_not_there_fails_the_session_with_its_name()
    {
        Session(Chosen("nobody"));
        await ApplyAsync();

        var report = await RunAsync();

        Assert.Equal(Result.Failed, report.Result);
        Assert.Contains("the workflow 'nobody'", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_the_workflow_disables_is_not_run_and_the_report_says_so()
    {
        Machine("quiet", """{ "id": "prepare", "type": "Quiesce.PrepareGuest", "version": 1 }""", Script("pre", "DisableExec"), """{ "id": "take", "type": "Quiesce.TakeSnapshot", "version": 1 }""");
        await ApplyAsync(change: job => job with { Workflow = "quiet" });

        var report = await RunAsync();

        Assert.Equal(["PrepareGuest", "TakeSnapshot", "ReleaseGuest"], Guests.Steps("m0"));
        Assert.Contains(report.Tasks[0].Log, line => line.Text.Contains("'pre' has the script mode DisableExec", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_workflow_that_goes_on_after_a_failed_script_is_still_judged_by_the_job()
    {
        Guests.Answers["RunScript:pre"] = _ => (null, SimulatedGuests.Script("pre", 3));
        Machine("brave", """{ "id": "prepare", "type": "Quiesce.PrepareGuest", "version": 1 }""", Script("pre", "IgnoreExecFailures"), """{ "id": "take", "type": "Quiesce.TakeSnapshot", "version": 1 }""");
        await ApplyAsync(change: job => job with { Workflow = "brave" });

        var report = await RunAsync();

        Assert.Contains("TakeSnapshot", Guests.Steps("m0"));
        Assert.Equal(Result.Failed, report.Result);
    }

    [Fact]
    public async Task The_provider_that_a_workflow_chose_is_asked_and_stays_with_the_restore_point()
    {
        var asked = Asked();
        Machine("other", """{ "id": "prepare", "type": "Quiesce.PrepareGuest", "version": 1 }""", Take("btrfs", "Auto"));
        await ApplyAsync(change: job => job with { Workflow = "other" });

        var report = await RunAsync();

        Assert.Equal(Result.Warning, report.Result);
        Assert.Equal(["btrfs"], asked);
        Assert.Contains("btrfs", Assert.Single(await Store.RestorePointsAsync(null, null, null, Ct)).Provider, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_chosen_provider_took_is_deleted_by_it_when_the_workflow_faults()
    {
        var asked = Asked();
        Machine("other", """{ "id": "prepare", "type": "Quiesce.PrepareGuest", "version": 1 }""", Take("btrfs", "Auto"), """{ "id": "fault", "type": "Elsa.Fault", "version": 1 }""");
        await ApplyAsync(change: job => job with { Workflow = "other" });

        await RunAsync();

        Assert.Equal(["btrfs", "btrfs"], asked);
        Assert.Empty(await Store.RestorePointsAsync(null, null, null, Ct));
    }

    [Theory]
    [InlineData("btrfs", "Always", "would hang")]
    [InlineData("command", "Auto", "names no command")]
    [InlineData("tape", "Auto", "Choose one of")]
    public async Task A_provider_that_cannot_work_fails_the_task_before_anything_is_frozen(string provider, string freeze, string reason)
    {
        Machine("other", """{ "id": "prepare", "type": "Quiesce.PrepareGuest", "version": 1 }""", Take(provider, freeze));
        await ApplyAsync(change: job => job with { Workflow = "other" });

        var report = await RunAsync();

        Assert.Contains(reason, report.Tasks[0].Reason, StringComparison.Ordinal);
        Assert.Equal(["PrepareGuest", "ReleaseGuest"], Guests.Steps("m0"));
    }

    /// <summary>The providers that snapshot operations name, in order.</summary>
    private ConcurrentQueue<string> Asked()
    {
        var asked = new ConcurrentQueue<string>();
        foreach (var verb in (string[])["TakeSnapshot", "DeleteSnapshot"])
            Guests.Answers[verb] = request =>
            {
                asked.Enqueue(request.Body.GetProperty("provider").GetProperty("name").GetString()!);
                return (null, SimulatedGuests.Default(request, null));
            };
        return asked;
    }

    private void Session(params string[] activities) => Define($$"""
        { "id": "drawn-session", "definitionId": "job-session", "name": "Drawn", "version": 2, "isLatest": true, "isPublished": true,
          "root": { "id": "flow", "type": "Elsa.Sequence", "version": 1, "activities": [ {{string.Join(", ", activities)}}, { "id": "report", "type": "Quiesce.ReportSession", "version": 1 } ] } }
        """);

    private void Machine(string id, params string[] activities) => Define($$"""
        { "id": "{{id}}-1", "definitionId": "{{id}}", "name": "{{id}}", "version": 1, "isLatest": true, "isPublished": true, "root": { "id": "flow", "type": "Elsa.Sequence", "version": 1, "activities": [ {{string.Join(", ", activities)}} ] } }
        """);

    private static string Chosen(string workflow) =>
        $$$"""{ "id": "all", "type": "Quiesce.ProtectMachines", "version": 1, "workflow": { "typeName": "String", "expression": { "type": "Literal", "value": "{{{workflow}}}" } } }""";

    private static string Script(string id, string mode) => $$"""{ "id": "{{id}}", "type": "Quiesce.RunScript", "version": 1, "mode": "{{mode}}" }""";

    private static string Take(string provider, string freeze) => $$"""{ "id": "take", "type": "Quiesce.TakeSnapshot", "version": 1, "provider": "{{provider}}", "freeze": "{{freeze}}" }""";
}
