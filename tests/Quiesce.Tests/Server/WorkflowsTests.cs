using System.Text.Json.Nodes;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Tests.Definitions;

namespace Quiesce.Tests.Server;

public sealed class WorkflowsTests
{
    [Fact]
    public async Task The_shipped_workflows_are_in_force_and_a_users_file_is_never_overwritten()
    {
        var folder = RunningServer.NewFolder();
        Directory.CreateDirectory(Path.Combine(folder, "workflows"));
        var own = Flow.Document(Flow.Sequence("s", Flow.Say("mine")), "machine-snapshot", "Mine");
        await File.WriteAllTextAsync(Path.Combine(folder, "workflows", "machine-snapshot.json"), own);

        await using var server = await RunningServer.StartAsync(folder);

        var workflows = await server.ListAsync("api/workflows", RestJson.Default.PageOfWorkflowSummary);
        Assert.Equal(["job-session", "machine-snapshot"], workflows.Select(workflow => workflow.Id));
        Assert.All(workflows, workflow => Assert.True(workflow.IsPublished && workflow.Problem is null, workflow.Problem));
        Assert.Equal("Mine", workflows[1].Name);
        Assert.Equal(own, await File.ReadAllTextAsync(Path.Combine(folder, "workflows", "machine-snapshot.json")));
    }

    [Fact]
    public async Task A_changed_file_is_a_new_version_and_a_session_under_way_keeps_its_own()
    {
        await using var server = await RunningServer.StartAsync();
        server.Guest.Hold(Verbs.PrepareGuest);
        var session = await server.StartJobAsync();
        await RunningServer.Until(() => server.Guest.Of(Verbs.PrepareGuest).Count == 1, "the guest to be asked");

        var file = Path.Combine(server.Folder, "workflows", "machine-snapshot.json");
        var changed = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        changed["root"] = Flow.Sequence("s", Flow.Say("nothing"));
        await File.WriteAllTextAsync(file, changed.ToJsonString());
        await RunningServer.Until(async () => (await ShownAsync(server, "machine-snapshot")).Version == 2, "version 2");
        var (id, operation) = (session, server.Guest.Of(Verbs.PrepareGuest)[0]);
        server.Guest.Release(Verbs.PrepareGuest);
        await AnswerAsync(server, operation);

        var report = await server.EndOfAsync(id);
        Assert.Equal((1, Result.Success), (report.Workflow.Version, report.Result));
        Assert.Single(server.Guest.Of(Verbs.TakeSnapshot));
    }

    [Fact]
    public async Task A_broken_file_is_listed_with_its_reason_and_the_last_good_version_stays_in_force()
    {
        await using var server = await RunningServer.StartAsync();
        var file = Path.Combine(server.Folder, "workflows", "machine-snapshot.json");
        var good = await File.ReadAllTextAsync(file);

        await File.WriteAllTextAsync(file, "{\n  \"definitionId\": \"machine-snapshot\",\n  \"root\": {{\n}");
        await RunningServer.Until(async () => (await ShownAsync(server, "machine-snapshot")).Problem is not null, "the problem");

        var shown = await ShownAsync(server, "machine-snapshot");
        Assert.Contains("machine-snapshot.json, line 3", shown.Problem, StringComparison.Ordinal);
        Assert.Equal((1, true), (shown.Version, shown.IsPublished));
        Assert.Equal(Result.Success, (await server.EndOfAsync(await server.StartJobAsync())).Result);

        await File.WriteAllTextAsync(file, good);
        await RunningServer.Until(async () => (await ShownAsync(server, "machine-snapshot")).Problem is null, "the problem to go");
        Assert.Equal(1, (await ShownAsync(server, "machine-snapshot")).Version);
    }

    [Fact]
    public async Task A_new_file_that_leaves_a_freeze_is_listed_with_the_path_and_is_not_in_force()
    {
        await using var server = await RunningServer.StartAsync();

        await File.WriteAllTextAsync(Path.Combine(server.Folder, "workflows", "mine.json"), Flow.Document(Flow.Sequence("s", Flow.Freeze(), Flow.Say("bye")), "mine"));
        await RunningServer.Until(async () => (await server.ListAsync("api/workflows", RestJson.Default.PageOfWorkflowSummary)).Any(workflow => workflow.Id == "mine"), "the file to be listed");

        var shown = await ShownAsync(server, "mine");
        Assert.False(shown.IsPublished);
        Assert.Equal("mine.json", shown.File);
        Assert.Contains("'freeze' → 'bye'", shown.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_imported_workflow_is_a_new_version_in_its_file_and_comes_out_again()
    {
        await using var server = await RunningServer.StartAsync();
        var document = Flow.Document(Flow.Sequence("s", Flow.Say("one")), "mine");

        var first = await server.PostAsync("api/workflows/import", document);
        Assert.Equal((200, 1), (first.Status, (int)first.Body!["version"]!));
        Assert.Equal(document, await File.ReadAllTextAsync(Path.Combine(server.Folder, "workflows", "mine.json")));
        Assert.Equal(1, (int)(await server.PostAsync("api/workflows/import", document)).Body!["version"]!);

        var second = await server.PostAsync("api/workflows/import", Flow.Document(Flow.Sequence("s", Flow.Say("two")), "mine"));
        Assert.Equal(2, (int)second.Body!["version"]!);
        var exported = (await server.SendAsync(HttpMethod.Get, "api/workflows/mine/export")).Body!;
        Assert.Equal(("mine", 2, "two"), ((string?)exported["definitionId"], (int)exported["version"]!, (string?)exported["root"]!["activities"]![0]!["id"]));
    }

    [Fact]
    public async Task A_workflow_is_validated_without_being_kept()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal(200, (await server.PostAsync("api/workflows/validate", Flow.Document(Flow.Sequence("s", Flow.Freeze(), Flow.Thaw()), "mine"))).Status);
        var (status, problem) = await server.PostAsync("api/workflows/validate?file=mine.json", Flow.Document(Flow.Sequence("s", Flow.Freeze()), "mine"));

        Assert.Equal((400, "invalid"), (status, (string?)problem!["code"]));
        Assert.Contains("mine.json, line 1, activity 'freeze'", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Single(problem["complaints"]!.AsArray());
        Assert.DoesNotContain(await server.ListAsync("api/workflows", RestJson.Default.PageOfWorkflowSummary), workflow => workflow.Id == "mine");
    }

    [Theory]
    [InlineData("../../escape")]
    [InlineData("a/b")]
    [InlineData("con:nul")]
    public async Task A_definition_id_that_is_no_file_name_stays_in_the_folder(string definitionId)
    {
        await using var server = await RunningServer.StartAsync();

        var (status, body) = await server.PostAsync("api/workflows/import", Flow.Document(Flow.Sequence("s"), definitionId));

        Assert.Equal(200, status);
        Assert.True(File.Exists(Path.Combine(server.Folder, "workflows", (string)body!["file"]!)));
        Assert.Equal(3, Directory.EnumerateFiles(Path.Combine(server.Folder, "workflows")).Count());
    }

    [Theory]
    [InlineData("deep", 400)]
    [InlineData("large", 413)]
    [InlineData("long id", 400)]
    [InlineData("odd id", 400)]
    [InlineData("twice", 400)]
    public async Task A_hostile_definition_is_refused(string kind, int expected)
    {
        await using var server = await RunningServer.StartAsync();
        var text = kind switch
        {
            "deep" => new string('[', 1_000_000),
            "large" => Flow.Document(Flow.Say(new string('x', 10 << 20))),
            "long id" => Flow.Document(Flow.Say("a"), new string('x', 1 << 20)),
            "odd id" => Flow.Document(Flow.Say("a"), "a\u0007b"),
            _ => Flow.Document(Flow.Flowchart("f", [Flow.Say("a"), Flow.Say("a")])),
        };

        var (status, problem) = await server.PostAsync("api/workflows/import", text);

        Assert.Equal((expected, expected == 413 ? "too-large" : "invalid"), (status, (string?)problem?["code"]));
    }

    private static async Task<WorkflowSummary> ShownAsync(RunningServer server, string id) =>
        (await server.ListAsync("api/workflows", RestJson.Default.PageOfWorkflowSummary)).Single(workflow => workflow.Id == id);

    private static async Task AnswerAsync(RunningServer server, OperationRequest request)
    {
        var bus = (MassTransit.IBus)server.Host.Services.GetService(typeof(MassTransit.IBus))!;
        await bus.Publish(server.Guest.Answer(request)!);
    }
}
