using System.Text.Json.Nodes;
using Quiesce.Tests.Definitions;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.Studio;

public sealed class RunTests
{
    [Fact]
    public async Task A_run_answers_the_instance_and_its_state()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreateAsync("Simple", StudioClient.Line("say"));

        var answer = await server.StudioPostAsync("workflow-definitions/simple/execute", new JsonObject { ["versionOptions"] = "Latest", ["correlationId"] = "c-1", ["name"] = "First", ["input"] = new JsonObject { ["A"] = 1 } });

        Assert.Equal(200, answer.Status);
        Assert.Null(answer.Header("x-elsa-workflow-cannot-start"));
        Assert.Equal("Finished", (string)answer.Body!["workflowState"]!["status"]!);
        var instance = await server.ReadAsync($"workflow-instances/{answer.Header("x-elsa-workflow-instance-id")}");
        Assert.Equal(("c-1", "First"), ((string)instance["correlationId"]!, (string)instance["name"]!));
    }

    [Theory]
    [InlineData("nobody", "Latest")]
    [InlineData("simple", "Published")]
    [InlineData("simple", "Sometimes")]
    [InlineData("machine-snapshot", "Latest")]
    [InlineData("job-session", "Latest")]
    public async Task A_refused_run_says_so_in_the_header_that_studio_looks_at_and_why_in_the_body(string definitionId, string version)
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreateAsync("Simple", StudioClient.Line("say"));

        var answer = await server.StudioPostAsync($"workflow-definitions/{definitionId}/execute", new JsonObject { ["versionOptions"] = version });

        Assert.True(answer.Status is 200 or 400, $"{answer.Status}");
        Assert.Equal("true", answer.Header("x-elsa-workflow-cannot-start"));
        Assert.Null(answer.Header("x-elsa-workflow-instance-id"));
        Assert.NotEmpty(answer.Body!["errors"]!.AsObject());
    }

    [Fact]
    public async Task A_singleton_that_runs_cannot_start_again()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.CreateAsync("Single", StudioClient.Wait("wait"));
        await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(made, model => model["options"] = new JsonObject
        {
            ["activationStrategyType"] = "Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, Elsa.Workflows.Runtime",
        }, publish: true));
        await server.RunAsync("single");

        var second = await server.StudioPostAsync("workflow-definitions/single/execute", new JsonObject { ["versionOptions"] = "Latest" });

        Assert.Equal("true", second.Header("x-elsa-workflow-cannot-start"));
    }

    [Fact]
    public async Task Dispatched_instances_are_durable_when_the_answer_comes()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreateAsync("Simple", StudioClient.Line("say"));
        await server.PublishAsync("simple");

        var one = (string)(await server.StudioPostAsync("workflow-definitions/simple/dispatch", new JsonObject { ["versionOptions"] = "Published" })).Body!["workflowInstanceId"]!;
        var many = (await server.StudioPostAsync("workflow-definitions/simple/bulk-dispatch", new JsonObject { ["count"] = 3 })).Body!["workflowInstanceIds"]!.AsArray().Select(id => (string)id!).ToList();

        Assert.Equal(4, many.Append(one).Distinct().Count());
        foreach (var id in many.Append(one))
            await RunningServer.Until(async () => (string)(await server.ReadAsync($"workflow-instances/{id}/execution-state"))["status"]! == "Finished", $"instance {id} to end");
        Assert.Equal(400, (await server.StudioPostAsync("workflow-definitions/simple/bulk-dispatch", new JsonObject { ["count"] = 100_000 })).Status);
        Assert.Equal(400, (await server.StudioPostAsync("workflow-definitions/nobody/dispatch")).Status);
    }

    [Fact]
    public async Task One_activity_is_tested_alone()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.CreateAsync("Tested", StudioClient.Line("say", "try me"));

        var answer = await server.StudioPostAsync("tests/activities", new JsonObject
        {
            ["workflowDefinitionHandle"] = new JsonObject { ["definitionVersionId"] = (string)made["id"]! },
            ["activityHandle"] = new JsonObject { ["activityNodeId"] = (string)made["root"]!["activities"]![0]!["nodeId"]! },
        });

        Shape.Check(answer.Body, """{ "activityState": "o", "payload": "o", "outputs": "o", "exception": "o?", "status": "Completed" }""", "test");
        Assert.Equal("try me", (string)answer.Body!["activityState"]!["Text"]!);
        Assert.Equal(400, (await server.StudioPostAsync("tests/activities")).Status);
    }

    [Fact]
    public async Task A_nested_node_is_found_with_the_activities_to_open_on_the_way()
    {
        await using var server = await RunningServer.StartAsync();
        var body = Flow.Flowchart("inner", [StudioClient.Line("deep")]);
        var made = await server.CreateAsync("Nested", StudioClient.Line("a"), Flow.Activity("each", "Elsa.ForEach", new JsonObject { ["version"] = 1, ["body"] = body }));
        var id = (string)made["id"]!;
        var root = (string)made["root"]!["nodeId"]!;

        var found = await server.ReadAsync($"workflow-definitions/subgraph/segments/{id}?childNodeId={root}:each:inner:deep");
        Shape.Check(found, """
            { "childNode": { "activity": { "id": "s", "nodeId": "s", "type": "s", "version": "i" }, "nodeId": "s", "port": "s", "parents": "l", "children": "l" }, "container": { "activity": "o" },
              "pathSegments": [{ "activityNodeId": "s", "activityId": "each", "activityType": "Elsa.ForEach", "portName": "Body" }] }
            """, "segments");
        Assert.Equal(("deep", "each"), ((string)found["childNode"]!["activity"]!["id"]!, (string)found["container"]!["activity"]!["id"]!));

        Assert.Equal("inner", (string)(await server.ReadAsync($"workflow-definitions/subgraph/{id}?parentNodeId={root}:each:inner"))["activity"]!["id"]!);
        Assert.Equal("flow1", (string)(await server.ReadAsync($"workflow-definitions/subgraph/{id}"))["activity"]!["id"]!);
        Assert.Equal(400, (await server.StudioGetAsync($"workflow-definitions/subgraph/segments/{id}?childNodeId=Workflow1:nothing")).Status);
    }

    [Fact]
    public async Task Inside_a_workflow_used_as_an_activity_nodes_are_found_under_the_ids_of_the_journal()
    {
        await using var server = await RunningServer.StartAsync();
        var sub = await server.CreateAsync("Sub", StudioClient.Line("deep"));
        var published = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(sub, model => model["options"] = new JsonObject { ["usableAsActivity"] = true }, publish: true));
        var outer = await server.CreateAsync("Outer", Flow.Activity("child", "Sub", new JsonObject
        {
            ["version"] = 1, ["workflowDefinitionId"] = "sub", ["workflowDefinitionVersionId"] = (string)published.Body!["workflowDefinition"]!["id"]!,
        }));
        await server.PublishAsync("outer");
        var instance = await server.RunAsync("outer");
        var journal = await server.ReadAsync($"workflow-instances/{instance}/journal?skip=0&take=100");
        var deep = (string)journal["items"]!.AsArray().First(record => (string)record!["activityId"]! == "deep")!["nodeId"]!;

        var found = await server.ReadAsync($"workflow-definitions/subgraph/segments/{outer["id"]}?childNodeId={deep}");
        Assert.Equal(("child", "Root"), ((string)found["pathSegments"]!.AsArray().Single()!["activityId"]!, (string)found["pathSegments"]![0]!["portName"]!));

        var opened = (await server.ReadAsync($"workflow-definitions/subgraph/{outer["id"]}?parentNodeId={outer["root"]!["activities"]![0]!["nodeId"]}"))["activity"]!;
        Assert.Equal(deep, (string)opened["root"]!["root"]!["activities"]![0]!["nodeId"]!);
    }

    [Fact]
    public async Task Events_and_results_of_tasks_reach_those_who_wait()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreateAsync("Waits", StudioClient.Wait("wait", "parcel"));
        await server.PublishAsync("waits");
        var id = await server.RunAsync("waits");

        Assert.Equal(200, (await server.StudioPostAsync("events/parcel/trigger", new JsonObject { ["workflowInstanceId"] = id, ["input"] = new JsonObject { ["weight"] = 3 } })).Status);
        await RunningServer.Until(async () => (string)(await server.ReadAsync($"workflow-instances/{id}/execution-state"))["status"]! == "Finished", "the event to arrive");

        var nobody = await server.StudioPostAsync("tasks/unknown/complete", new JsonObject { ["result"] = 1 });
        Assert.Equal(400, nobody.Status);
        Assert.Contains("'unknown'", nobody.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_faulted_is_executed_once_more()
    {
        await using var server = await RunningServer.StartAsync();
        var fault = Flow.Activity("boom", "Elsa.Fault", new JsonObject { ["version"] = 1, ["message"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = "again" } } });
        await server.CreateAsync("Broken", fault);
        await server.PublishAsync("broken");
        var id = await server.RunAsync("broken");

        Assert.Equal(200, (await server.StudioPostAsync("alterations/workflows/retry", new JsonObject { ["workflowInstanceIds"] = new JsonArray(id) })).Status);
        await RunningServer.Until(
            async () => (await server.ReadAsync($"workflow-instances/{id}/journal?skip=0&take=100"))["items"]!.AsArray().Count(record => (string)record!["activityId"]! == "boom" && (string)record["eventName"]! == "Faulted") == 2, "the second fault");
        Assert.Equal(400, (await server.StudioPostAsync("alterations/workflows/retry")).Status);
    }
}
