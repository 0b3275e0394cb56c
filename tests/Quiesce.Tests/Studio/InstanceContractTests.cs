using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Engine;
using Quiesce.Storage;
using Quiesce.Tests.Definitions;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.Studio;

public sealed class InstanceContractTests
{
    private const string Summary = """
        { "id": "s", "definitionId": "s", "definitionVersionId": "s", "version": "i", "status": "Running|Finished", "subStatus": "Pending|Executing|Suspended|Finished|Cancelled|Faulted|Interrupted", "correlationId": "s?",
          "name": "s?", "incidentCount": "i", "createdAt": "t", "updatedAt": "t", "finishedAt": "t?" }
        """;

    private const string Execution = """
        { "id": "s", "workflowInstanceId": "s", "activityId": "s", "activityNodeId": "s", "activityType": "s", "activityTypeVersion": "i", "activityName": "s?", "status": "Pending|Running|Completed|Canceled|Faulted", "startedAt": "t",
          "completedAt": "t?", "hasBookmarks": "b", "aggregateFaultCount": "i" }
        """;

    private const string Record = """
        { "id": "s", "activityInstanceId": "s", "parentActivityInstanceId": "s?", "activityId": "s", "activityType": "s", "activityTypeVersion": "i", "activityName": "s?", "nodeId": "s", "timestamp": "t", "sequence": "i",
          "eventName": "s", "message": "s?", "source": "s?" }
        """;

    [Fact]
    public async Task Every_answer_about_an_instance_has_the_shape_that_studio_reads()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await RunAsync(server, "Run me", StudioClient.Line("say"));

        Shape.Check((await server.StudioPostAsync("workflow-instances", JsonNode.Parse(ListBody()))).Body, $$"""{ "items": [{{Summary}}], "totalCount": "i" }""", "list");
        Shape.Check(await server.ReadAsync($"workflow-instances/{id}"), $$"""
            { "id": "s", "definitionVersionId": "s", "status": "Finished", "workflowState": { "id": "s", "definitionId": "s", "definitionVersion": "i", "status": "Finished", "subStatus": "Finished", "bookmarks": "l", "incidents": "l",
              "completionCallbacks": "l", "activityExecutionContexts": "l", "input": "o", "output": "o", "properties": "o", "createdAt": "t", "updatedAt": "t", "finishedAt": "t" } }
            """, "instance");
        Shape.Check(await server.ReadAsync($"workflow-instances/{id}/execution-state"), """{ "status": "Finished", "workflowSubStatus": "Finished", "updatedAt": "t" }""", "execution state");
        Shape.Check(await server.ReadAsync($"workflow-instances/{id}/variables"), """{ "items": "l", "count": "i" }""", "variables");
        Shape.Check(await server.ReadAsync($"workflow-instances/{id}/journal?skip=0&take=100"), $$"""{ "items": [{{Record}}], "totalCount": "i" }""", "journal");

        var node = (string)(await server.OpenAsync("run-me"))["root"]!["activities"]![0]!["nodeId"]!;
        Shape.Check((await server.StudioPostAsync("activity-executions/report", new JsonObject { ["workflowInstanceId"] = id, ["activityNodeIds"] = new JsonArray(node) })).Body,
            """{ "stats": [{ "activityId": "say", "activityNodeId": "s", "startedCount": "i", "completedCount": "i", "uncompletedCount": "i", "isBlocked": "b", "isFaulted": "b", "metadata": "o" }] }""", "report");
        var list = await server.ReadAsync($"activity-executions/list?WorkflowInstanceId={id}&ActivityNodeId={node}");
        Shape.Check(list, $$"""{ "items": [{{Execution}}], "count": "i" }""", "executions");
        var execution = (string)list["items"]![0]!["id"]!;
        var summaries = await server.ReadAsync($"activity-execution-summaries/list?WorkflowInstanceId={id}&ActivityNodeId={node}");
        Shape.Check(summaries, $$"""{ "items": [{{Execution}}], "count": "i" }""", "summaries");
        Assert.All((string[])["activityState", "payload", "outputs", "properties", "exception"], heavy => Assert.False(summaries["items"]![0]!.AsObject().ContainsKey(heavy)));
        var one = await server.ReadAsync($"activity-executions/by-id?id={execution}");
        Shape.Check(one, Execution, "execution");
        Assert.Equal("hello", (string)one["activityState"]!["Text"]!);
        Shape.Check(await server.ReadAsync($"activity-executions/{execution}/call-stack?includeCrossWorkflowChain=True"), $$"""{ "activityExecutionId": "s", "items": [{{Execution}}], "totalCount": "i" }""", "call stack");
    }

    [Fact]
    public async Task The_journal_is_filtered_as_the_viewer_asks()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await RunAsync(server, "Two", StudioClient.Line("one"), StudioClient.Line("two"));
        var node = (string)(await server.OpenAsync("two"))["root"]!["activities"]!.AsArray().Single(activity => (string)activity!["id"]! == "one")!["nodeId"]!;

        var all = await JournalAsync(server, id, """{"filter":{"activityIds":null,"activityNodeIds":null,"excludedActivityTypes":["Elsa.Workflow","Elsa.Flowchart"],"eventNames":null}}""");
        Assert.DoesNotContain(all, record => (string)record!["activityType"]! is "Elsa.Workflow" or "Elsa.Flowchart");
        Assert.Equal(all.Select(record => (long)record!["sequence"]!).Order(), all.Select(record => (long)record!["sequence"]!));

        Assert.All(await JournalAsync(server, id, $$$"""{"filter":{"activityNodeIds":["{{{node}}}"]}}"""), record => Assert.Equal(node, (string)record!["nodeId"]!));
        Assert.Empty(await JournalAsync(server, id, """{"filter":{"eventNames":["Faulted"]}}"""));
        Assert.Single(await JournalAsync(server, id, "{}", take: 1));
    }

    [Fact]
    public async Task A_faulted_instance_shows_its_incident_and_the_fault_in_the_journal()
    {
        await using var server = await RunningServer.StartAsync();
        var fault = Flow.Activity("boom", "Elsa.Fault", new JsonObject { ["version"] = 1, ["message"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = "it broke" } } });
        var id = await RunAsync(server, "Broken", fault);

        var instance = await server.ReadAsync($"workflow-instances/{id}");
        Assert.Equal(("Finished", "Faulted", 1), ((string)instance["status"]!, (string)instance["subStatus"]!, (int)instance["incidentCount"]!));
        Shape.Check(instance["workflowState"]!["incidents"], """[{ "activityId": "boom", "activityNodeId": "s", "activityType": "s", "message": "s", "timestamp": "t", "exception": { "type": "s", "message": "s" } }]""", "incidents");
        Assert.NotEmpty(await JournalAsync(server, id, """{"filter":{"eventNames":["Faulted"]}}"""));
        Assert.Contains((await server.StudioPostAsync("workflow-instances", JsonNode.Parse(ListBody(more: "\"hasIncidents\":true")))).Body!["items"]!.AsArray(), item => (string)item!["id"]! == id);
    }

    [Fact]
    public async Task Instances_are_found_by_every_filter_of_the_list()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await RunAsync(server, "Findable", StudioClient.Line("say"));
        var instance = await server.ReadAsync($"workflow-instances/{id}");
        string[] hits =
        [
            "\"definitionId\":\"findable\"", "\"definitionIds\":[\"findable\",\"other\"]", "\"searchTerm\":\"findab\"", "\"version\":1", "\"hasIncidents\":false", "\"isSystem\":false", "\"status\":\"Finished\"",
            "\"statuses\":[\"Finished\",\"Running\"]", "\"subStatus\":\"Finished\"", "\"subStatuses\":[\"Finished\"]", "\"orderBy\":\"LastExecuted\"", "\"orderBy\":\"Finished\"", "\"orderBy\":\"Name\",\"orderDirection\":\"Ascending\"",
            $"\"timestampFilters\":[{{\"column\":\"CreatedAt\",\"operator\":\"GreaterThan\",\"timestamp\":\"2020-01-01T00:00:00Z\"}}]",
            $"\"timestampFilters\":[{{\"column\":\"FinishedAt\",\"operator\":\"Is\",\"timestamp\":\"{instance["finishedAt"]}\"}}]",
        ];
        string[] misses =
        [
            "\"definitionId\":\"other\"", "\"searchTerm\":\"nothing like it\"", "\"version\":2", "\"hasIncidents\":true", "\"status\":\"Running\"", "\"subStatus\":\"Suspended\"", "\"correlationId\":\"none\"",
            $"\"timestampFilters\":[{{\"column\":\"CreatedAt\",\"operator\":\"LessThan\",\"timestamp\":\"2020-01-01T00:00:00Z\"}}]",
        ];
        foreach (var filter in hits)
            Assert.True((await ItemsAsync(server, filter)).Contains(id), $"not found by {filter}");
        foreach (var filter in misses)
            Assert.False((await ItemsAsync(server, filter)).Contains(id), $"found by {filter}");
        Assert.Equal(400, (await server.StudioPostAsync("workflow-instances", JsonNode.Parse("""{"orderBy":"Colour"}"""))).Status);
        Assert.Equal(400, (await server.StudioPostAsync("workflow-instances", JsonNode.Parse("""{"timestampFilters":[{"column":"CreatedAt","operator":"Is","timestamp":"soon"}]}"""))).Status);
    }

    [Fact]
    public async Task The_version_of_an_instance_stays_readable_after_it_was_deleted()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await RunAsync(server, "Short lived", StudioClient.Line("say"));
        var version = (string)(await server.ReadAsync($"workflow-instances/{id}"))["definitionVersionId"]!;

        await server.StudioDeleteAsync("workflow-definitions/short-lived");

        Assert.Equal(version, (string)(await server.ReadAsync($"workflow-definitions?versionOptions=&Ids={version}"))["items"]!.AsArray().Single()!["id"]!);
        Assert.NotEmpty((await server.ReadAsync($"workflow-definitions/by-id/{version}"))["root"]!["activities"]!.AsArray());
    }

    [Fact]
    public async Task Instances_are_cancelled_and_deleted_one_by_one_and_in_bulk()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreateAsync("Waits", StudioClient.Wait("wait"));
        await server.PublishAsync("waits");
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Add(await server.RunAsync("waits"));
        var versionId = (string)(await server.OpenAsync("waits"))["id"]!;

        Assert.Equal(200, (await server.StudioPostAsync($"cancel/workflow-instances/{ids[0]}")).Status);
        Assert.Equal(200, (await server.StudioPostAsync("cancel/workflow-instances/nobody")).Status);
        await CancelledAsync(ids[0]);
        Assert.Equal(2, (int)(await server.StudioPostAsync("bulk-actions/cancel/workflow-instances", new JsonObject { ["ids"] = new JsonArray(ids[1], ids[2], ids[0]) })).Body!["cancelled"]!);
        await CancelledAsync(ids[1], ids[2]);
        Assert.Equal(2, (int)(await server.StudioPostAsync("bulk-actions/cancel/workflow-instances", new JsonObject { ["ids"] = null, ["definitionVersionId"] = versionId, ["definitionId"] = null, ["versionOptions"] = null })).Body!["cancelled"]!);
        Assert.Equal(400, (await server.StudioPostAsync("bulk-actions/cancel/workflow-instances")).Status);
        await CancelledAsync(ids[3], ids[4]);

        Assert.Equal(204, (await server.StudioDeleteAsync($"workflow-instances/{ids[0]}")).Status);
        Assert.Equal(404, (await server.StudioGetAsync($"workflow-instances/{ids[0]}")).Status);
        Assert.Equal(4, (int)(await server.StudioPostAsync("bulk-actions/delete/workflow-instances/by-id", new JsonObject { ["ids"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) })).Body!["deleted"]!);
        Assert.Empty(await ItemsAsync(server, "\"definitionId\":\"waits\""));

        async Task CancelledAsync(params string[] some)
        {
            foreach (var id in some)
                await RunningServer.Until(async () => (string)(await server.ReadAsync($"workflow-instances/{id}"))["subStatus"]! == "Cancelled", $"{id} to be cancelled");
        }
    }

    [Fact]
    public async Task An_instance_exports_as_a_file_and_none_is_imported()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await RunAsync(server, "Exported", StudioClient.Line("say"));

        var file = await server.StudioGetAsync($"workflow-instances/{id}/export");
        Assert.Equal(id, (string)file.Body!["workflowInstance"]!["id"]!);
        Assert.NotEmpty(file.Body["workflowExecutionLogRecords"]!.AsArray());
        Assert.NotNull(file.Response.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal(200, (await server.StudioPostAsync("bulk-actions/export/workflow-instances", new JsonObject { ["ids"] = new JsonArray(id) })).Status);

        var refused = await DefinitionContractTests.UploadAsync(server, "bulk-actions/import/workflow-instances", ("one.json", "{}"u8.ToArray()));
        Assert.Equal(400, refused.Status);
        Assert.Contains("Import its definition", refused.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_instances_page_in_less_than_50_ms_each()
    {
        await using var server = await RunningServer.StartAsync();
        var store = server.Host.Services.GetRequiredService<Store>();
        var version = (string)(await server.OpenAsync("job-session"))["id"]!;
        var start = DateTimeOffset.Parse("2026-11-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var chunk in Enumerable.Range(0, 10_000).Chunk(1000))
            await store.AddInstancesAsync([.. chunk.Select(i => new NewInstance(Row(i, version, start.AddSeconds(i)), null))]);
        await PageAsync(server, 0);

        var took = new List<double>();
        foreach (var page in (int[])[0, 1, 50, 400, 799])
        {
            var watch = Stopwatch.StartNew();
            var body = await PageAsync(server, page);
            took.Add(watch.Elapsed.TotalMilliseconds);
            Assert.Equal((10_000, 10), ((int)body["totalCount"]!, body["items"]!.AsArray().Count));
        }

        Assert.True(took.Order().ElementAt(took.Count / 2) < 50, $"pages took {string.Join(", ", took.Select(ms => $"{ms:0.0}"))} ms");

        static async Task<JsonNode> PageAsync(RunningServer server, int page) => (await server.StudioPostAsync("workflow-instances", JsonNode.Parse(ListBody(page, more: "\"status\":\"Finished\"")))).Body!;
    }

    private static InstanceRow Row(int i, string version, DateTimeOffset at) => new(
        $"many-{i}", "job-session", 1, version, null, null, null, "Finished", "Finished", "Ended",
        new InstanceState { Id = $"many-{i}", DefinitionId = "job-session", DefinitionVersionId = version, Status = WorkflowStatus.Finished, SubStatus = WorkflowSubStatus.Finished }.ToUtf8(),
        1, null, 0, at, at, at, $"Many {i}", 0);

    private static string ListBody(int page = 0, string more = "\"status\":null") =>
        $$"""{"page":{{page}},"pageSize":10,"definitionIds":[],"isSystem":false,"statuses":[],"subStatuses":[],"orderDirection":"Descending","timestampFilters":[],{{more}}}""";

    private static async Task<List<string>> ItemsAsync(RunningServer server, string filter)
    {
        var answer = await server.StudioPostAsync("workflow-instances", JsonNode.Parse($$"""{"page":0,"pageSize":100,{{filter}}}"""));
        Assert.True(answer.Status == 200, $"{filter}: {answer.Body}");
        return [.. answer.Body!["items"]!.AsArray().Select(item => (string)item!["id"]!)];
    }

    private static async Task<JsonArray> JournalAsync(RunningServer server, string id, string body, int take = 110) =>
        (await server.StudioPostAsync($"workflow-instances/{id}/journal?skip=0&take={take}", JsonNode.Parse(body))).Body!["items"]!.AsArray();

    private static async Task<string> RunAsync(RunningServer server, string name, params JsonObject[] activities)
    {
        var made = await server.CreateAsync(name, activities);
        await server.PublishAsync((string)made["definitionId"]!);
        var id = await server.RunAsync((string)made["definitionId"]!);
        await RunningServer.Until(async () => (string)(await server.ReadAsync($"workflow-instances/{id}/execution-state"))["status"]! == "Finished", $"instance {id} to end");
        return id;
    }
}
