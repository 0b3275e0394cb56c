using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;

namespace Quiesce.Tests.Server;

public sealed class MachinesAndRestorePointsTests
{
    [Fact]
    public async Task A_machine_is_added_tested_and_removed()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal(201, (await server.PostAsync("api/machines", """{ "name": "db9", "connect": "ssh://backup@10.0.0.9" }""")).Status);
        var test = await server.PostAsync("api/machines/db9/test");
        Assert.True((bool)test.Body!["reachable"]!);
        Assert.Equal("root", (string?)test.Body["account"]);

        var machine = Assert.Single(await server.ListAsync("api/machines", RestJson.Default.PageOfMachineSummary));
        Assert.Equal(("db9", "ssh://backup@10.0.0.9", "linux", "ok"), (machine.Name, machine.Connect, machine.Platform, machine.LastTest));
        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, "api/machines/db9")).Status);
        Assert.Empty(await server.ListAsync("api/machines", RestJson.Default.PageOfMachineSummary));
    }

    [Fact]
    public async Task An_unreachable_machine_is_a_good_answer_with_the_reason()
    {
        await using var server = await RunningServer.StartAsync();
        server.Guest.Fail(Verbs.TestMachine, FailureCodes.Connect, "db9 does not answer; is it switched on?");
        await server.PostAsync("api/machines", """{ "name": "db9", "connect": "ssh://backup@10.0.0.9" }""");

        var (status, test) = await server.PostAsync("api/machines/db9/test");

        Assert.Equal((200, false, "GP-CONNECT"), (status, (bool)test!["reachable"]!, (string?)test["code"]));
        Assert.Contains("switched on", (string?)test["problems"]![0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Machines_of_applied_jobs_are_listed_too_and_belong_to_their_job()
    {
        await using var server = await RunningServer.StartAsync();
        await server.EndOfAsync(await server.StartJobAsync());

        var machine = Assert.Single(await server.ListAsync("api/machines", RestJson.Default.PageOfMachineSummary));
        Assert.Equal(("here", 1), (machine.Name, machine.RestorePoints));
        var (status, problem) = await server.SendAsync(HttpMethod.Delete, "api/machines/here");
        Assert.Equal(409, status);
        Assert.Contains("belongs to the job 'small'", (string?)problem!["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_point_is_listed_restored_and_deleted()
    {
        await using var server = await RunningServer.StartAsync();
        var session = await server.StartJobAsync();
        await server.EndOfAsync(session);

        var point = Assert.Single(await server.ListAsync("api/restore-points", RestJson.Default.PageOfRestorePoint));
        Assert.Equal(("here", "small", session, "directory", "/data", "Complete"), (point.Machine, point.Job, point.Session, point.Provider, point.SourcePath, point.State));

        var restored = await server.PostAsync($"api/restore-points/{point.Id}/restore", """{ "to": "/mnt/new" }""");
        Assert.Equal((200, "/mnt/new"), (restored.Status, (string?)restored.Body!["target"]));
        Assert.Equal(["/mnt/new"], server.Guest.Restored);
        Assert.Equal(400, (await server.PostAsync($"api/restore-points/{point.Id}/restore", """{ "to": "new" }""")).Status);

        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, $"api/restore-points/{point.Id}")).Status);
        Assert.Equal(point.Location, Assert.Single(server.Guest.Of(Verbs.DeleteSnapshot)).Body.GetProperty("location").GetString());
        Assert.Empty(await server.ListAsync("api/restore-points", RestJson.Default.PageOfRestorePoint));
    }

    [Fact]
    public async Task A_restore_point_that_the_guest_could_not_delete_stays_listed()
    {
        await using var server = await RunningServer.StartAsync();
        await server.EndOfAsync(await server.StartJobAsync());
        var point = Assert.Single(await server.ListAsync("api/restore-points", RestJson.Default.PageOfRestorePoint));
        server.Guest.Fail(Verbs.DeleteSnapshot, FailureCodes.Connect, "here does not answer");

        var (status, problem) = await server.SendAsync(HttpMethod.Delete, $"api/restore-points/{point.Id}");

        Assert.Equal((502, "guest-failed"), (status, (string?)problem!["code"]));
        Assert.Contains("here does not answer", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal("Deleting", Assert.Single(await server.ListAsync("api/restore-points", RestJson.Default.PageOfRestorePoint)).State);
    }
}
