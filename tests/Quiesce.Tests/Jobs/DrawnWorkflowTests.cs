using Quiesce.Contracts.Rest;

namespace Quiesce.Tests.Jobs;

/// <summary>Workflows that a person drew: what they forgot is done all the same (design §7).</summary>
public sealed class DrawnWorkflowTests : SessionFixture
{
    [Fact]
    public async Task A_machine_workflow_without_any_cleaning_up_still_cleans_up_in_reverse_order()
    {
        Define(Flow("careless", ("prepare", "Quiesce.PrepareGuest"), ("pre", "Quiesce.RunScript"), ("take", "Quiesce.TakeSnapshot")));
        await ApplyAsync(change: job => job with { Workflow = "careless" });

        var report = await RunAsync();

        Assert.Equal(["PrepareGuest", "RunScript:pre", "TakeSnapshot", "RunScript:post", "ReleaseGuest"], Guests.Steps("m0"));
        Assert.Equal((Result.Success, Consistency.Application), (report.Result, report.Tasks[0].Consistency));
        Assert.Empty(report.Tasks[0].Obligations);
    }

    [Fact]
    public async Task A_machine_workflow_that_faults_in_the_critical_part_resumes_the_application_and_keeps_no_point()
    {
        Define(Flow("broken", ("prepare", "Quiesce.PrepareGuest"), ("pre", "Quiesce.RunScript"), ("take", "Quiesce.TakeSnapshot"), ("fault", "Elsa.Fault")));
        await ApplyAsync(change: job => job with { Workflow = "broken" });

        var report = await RunAsync();

        Assert.Equal(["PrepareGuest", "RunScript:pre", "TakeSnapshot", "DeleteSnapshot", "RunScript:post", "ReleaseGuest"], Guests.Steps("m0"));
        Assert.Equal((Result.Failed, (string?)null), (report.Result, report.Tasks[0].RestorePoint));
        Assert.Contains("the workflow faulted", report.Tasks[0].Reason, StringComparison.Ordinal);
        Assert.Empty(await Store.RestorePointsAsync(null, null, null, Ct));
    }

    [Fact]
    public async Task Releasing_too_early_waits_until_the_application_was_resumed()
    {
        Define(Flow("hasty", ("prepare", "Quiesce.PrepareGuest"), ("pre", "Quiesce.RunScript"), ("release", "Quiesce.ReleaseGuest")));
        await ApplyAsync(change: job => job with { Workflow = "hasty" });

        await RunAsync();

        Assert.Equal(["PrepareGuest", "RunScript:pre", "RunScript:post", "ReleaseGuest"], Guests.Steps("m0"));
    }

    [Fact]
    public async Task A_session_that_ends_before_its_machines_has_them_cancelled_and_undone_first()
    {
        // The machines are started in one branch while the other ends the session.
        Define("""
            { "id": "job-session-hasty", "definitionId": "job-session", "name": "Hasty", "version": 2, "isLatest": true, "isPublished": true,
              "root": { "id": "flow", "type": "Elsa.Flowchart", "version": 1, "activities": [
                  { "id": "start", "type": "Elsa.Start", "version": 1 }, { "id": "machines", "type": "Quiesce.ProtectMachines", "version": 1 }, { "id": "fault", "type": "Elsa.Fault", "version": 1 } ],
                "connections": [
                  { "source": { "activity": "start", "port": "Done" }, "target": { "activity": "machines", "port": "In" } },
                  { "source": { "activity": "start", "port": "Done" }, "target": { "activity": "fault", "port": "In" } } ] } }
            """);
        await ApplyAsync(machines: 2);

        var report = await RunAsync();

        Assert.Equal(Result.Failed, report.Result);
        Assert.Contains("faulted", report.Message, StringComparison.Ordinal);
        foreach (var instance in await Store.InstancesAsync(new Quiesce.Storage.InstanceFilter(SessionId: report.Id), 0, 10, Ct)) Assert.NotNull(instance.FinishedAt);
        foreach (var machine in new[] { "m0", "m1" })
            Assert.Equal(Guests.Steps(machine).Contains("PrepareGuest"), Guests.Steps(machine).Contains("ReleaseGuest"));
    }

    private static string Flow(string id, params (string Id, string Type)[] steps)
    {
        var activities = string.Join(", ", steps.Select(step => $$"""{ "id": "{{step.Id}}", "type": "{{step.Type}}", "version": 1 }"""));
        return $$"""{ "id": "{{id}}-1", "definitionId": "{{id}}", "name": "{{id}}", "version": 1, "isLatest": true, "isPublished": true, "root": { "id": "flow", "type": "Elsa.Sequence", "version": 1, "activities": [ {{activities}} ] } }""";
    }
}
