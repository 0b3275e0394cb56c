using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Jobs;
using Quiesce.Tests.Definitions;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.Studio;

public sealed class DescriptorTests
{
    private const string Descriptor = """
        { "typeName": "s", "name": "s", "version": "i", "category": "s", "namespace": "s", "displayName": "s", "description": "s", "kind": "Action|Trigger|Job|Task", "isBrowsable": "b", "isContainer": "b", "isStart": "b",
          "isTerminal": "b", "ports": "l", "inputs": "l", "outputs": "l", "customProperties": "o", "constructionProperties": "o" }
        """;

    public static TheoryData<string, string> Lists => new()
    {
        { "descriptors/activities?Refresh=True", $$"""{ "items": [{{Descriptor}}], "count": "i" }""" },
        { "descriptors/expression-descriptors", """{ "items": [{ "type": "s", "displayName": "s", "isSerializable": "b", "isBrowsable": "b", "properties": "o" }], "count": "i" }""" },
        { "descriptors/variables", """{ "items": [{ "typeName": "s", "displayName": "s", "category": "s", "description": "s" }] }""" },
        { "descriptors/storage-drivers", """{ "items": [{ "typeName": "s", "displayName": "s", "priority": "n", "deprecated": "b" }] }""" },
        { "descriptors/workflow-activation-strategies", """{ "items": [{ "typeName": "s", "displayName": "s", "description": "s" }] }""" },
        { "descriptors/incident-strategies", """{ "items": [{ "typeName": "s", "displayName": "s", "description": "s" }] }""" },
        { "descriptors/log-persistence-strategies", """{ "items": [{ "typeName": "s", "displayName": "s", "description": "s" }] }""" },
        { "descriptors/commit-strategies/workflows", """{ "items": [{ "name": "s", "displayName": "s", "description": "s" }] }""" },
        { "descriptors/commit-strategies/activities", """{ "items": [{ "name": "s", "displayName": "s", "description": "s" }] }""" },
        { "descriptors/output-converters?sourceType=String&destinationType=Int32", """{ "items": "l" }""" },
        { "features/installed", """{ "items": [{ "name": "s", "namespace": "s", "fullName": "s", "displayName": "s", "description": "s" }], "count": "i" }""" },
        { "features/installed/Elsa.RealTimeWorkflowUpdates", """{ "fullName": "Elsa.RealTimeWorkflowUpdates" }""" },
        { "resilience/strategies?category=HTTP", """{ "items": [{ "id": "s", "displayName": "s", "maxRetryAttempts": "i" }], "count": "i" }""" },
        { "resilience/retries/x?skip=0&take=10", """{ "items": "l", "totalCount": "i" }""" },
        { "package/version", """{ "packageVersion": "s" }""" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_descriptor_list_has_the_shape_that_studio_reads(string path, string shape)
    {
        await using var server = await RunningServer.StartAsync();

        Shape.Check(await server.ReadAsync(path), shape, path);
    }

    [Fact]
    public async Task Every_activity_of_the_engine_has_one_descriptor_and_every_input_an_editor_that_studio_has()
    {
        await using var server = await RunningServer.StartAsync();
        var items = (await server.ReadAsync("descriptors/activities")).AsObject()["items"]!.AsArray();
        var known = items.Select(item => ((string)item!["typeName"]!, (int)item["version"]!)).ToList();

        Assert.Equal(known.Count, known.Distinct().Count());
        foreach (var type in (string[])["Elsa.Flowchart", "Elsa.Sequence", "Elsa.StateMachine", "Elsa.Workflow", "Elsa.WriteLine", "Elsa.NotFoundActivity", "Quiesce.TakeSnapshot", "Quiesce.RunScript", "Quiesce.ProtectMachines"])
            Assert.Contains((type, 1), known);
        foreach (var input in items.SelectMany(item => item!["inputs"]!.AsArray()))
        {
            Shape.Check(input, """{ "name": "s", "typeName": "s", "displayName": "s", "order": "n", "isBrowsable": "b", "isWrapped": "b", "uiHint": "s", "defaultSyntax": "s", "uiSpecifications": "o" }""", (string)input!["name"]!);
            Assert.DoesNotContain((string)input["uiHint"]!, (string[])["single-line", "multi-line", "multi-text", "check-list"]);
            if ((string)input["uiHint"]! == "dropdown")
                Assert.NotNull(input["uiSpecifications"]!["dropdown"]!["selectList"]!["items"]);
        }
    }

    [Fact]
    public async Task Structural_activities_are_known_and_not_offered_in_the_palette()
    {
        await using var server = await RunningServer.StartAsync();
        var items = (await server.ReadAsync("descriptors/activities"))["items"]!.AsArray();

        foreach (var type in (string[])["Elsa.Flowchart", "Elsa.Sequence", "Elsa.StateMachine", "Elsa.Workflow"])
            Assert.False((bool)items.Single(item => (string)item!["typeName"]! == type)!["isBrowsable"]!);
    }

    [Fact]
    public async Task Our_own_activities_show_category_description_ports_and_choices()
    {
        await using var server = await RunningServer.StartAsync();
        var items = (await server.ReadAsync("descriptors/activities"))["items"]!.AsArray();

        var snapshot = items.Single(item => (string)item!["typeName"]! == "Quiesce.TakeSnapshot")!;
        Assert.Equal(("Quiesce", "Take snapshot"), ((string)snapshot["category"]!, (string)snapshot["displayName"]!));
        Assert.Equal(["Done", "Failed"], snapshot["ports"]!.AsArray().Select(port => (string)port!["name"]!));
        Assert.All(items.Where(item => ((string)item!["typeName"]!).StartsWith("Quiesce.", StringComparison.Ordinal)), item =>
        {
            Assert.NotEmpty((string)item!["description"]!);
            Assert.Contains(item["ports"]!.AsArray(), port => (string)port!["type"]! == "Flow");
        });
        var script = items.Single(item => (string)item!["typeName"]! == "Quiesce.RunScript")!["inputs"]!.AsArray();
        var phase = script.Single(input => (string)input!["name"]! == "Phase")!;
        Assert.Equal(["Pre", "Post"], phase["uiSpecifications"]!["dropdown"]!["selectList"]!["items"]!.AsArray().Select(item => (string)item!["value"]!));
    }

    [Fact]
    public async Task The_machines_of_this_server_are_offered_and_a_new_one_changes_the_etag()
    {
        await using var server = await RunningServer.StartAsync();
        var before = await server.StudioGetAsync("descriptors/activities");
        Assert.Equal(200, (await server.ApplyAsync(Documents.JobText.Plain)).Status);

        var after = await server.StudioGetAsync("descriptors/activities");

        Assert.NotEqual(before.Header("ETag"), after.Header("ETag"));
        var names = (await server.Host.Services.GetRequiredService<Machines>().ListAsync(CancellationToken.None)).Select(machine => machine.Name).ToList();
        var inputs = after.Body!["items"]!.AsArray().Single(item => (string)item!["typeName"]! == "Quiesce.ProtectMachines")!["inputs"]!.AsArray();
        Assert.NotEmpty(names);
        Assert.Equal(names, inputs.Single(input => (string)input!["name"]! == "Machines")!["uiSpecifications"]!["checklist"]!["checkList"]!["items"]!.AsArray().Select(item => (string)item!["value"]!));
        Assert.Equal("workflow-definition-picker", (string)inputs.Single(input => (string)input!["name"]! == "Workflow")!["uiHint"]!);
        Assert.Equal(names.Count, (await server.StudioPostAsync("descriptors/activities/Quiesce.ProtectMachines/options/Machines")).Body!["items"]!["checklist"]!["checkList"]!["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Descriptors_that_did_not_change_cost_a_304_and_compress()
    {
        await using var server = await RunningServer.StartAsync();
        var first = await server.StudioGetAsync("descriptors/activities?Refresh=True");
        var tag = first.Header("ETag")!;

        var second = await server.StudioSendAsync(HttpMethod.Get, "descriptors/activities?Refresh=True", null, request => request.Headers.TryAddWithoutValidation("If-None-Match", tag));
        Assert.Equal(304, second.Status);
        Assert.Equal("no-cache", second.Header("Cache-Control"));

        var small = await server.StudioSendAsync(HttpMethod.Get, "descriptors/activities?Refresh=True", null, request => request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br"));
        Assert.Equal("br", small.Header("Content-Encoding"));
        await using var plain = new BrotliStream(await small.Response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.Equal((int)first.Body!["count"]!, (int)(await JsonNode.ParseAsync(plain))!["count"]!);
    }

    [Fact]
    public async Task A_workflow_usable_as_activity_is_in_the_palette_after_it_is_published_and_changes_the_etag()
    {
        await using var server = await RunningServer.StartAsync();
        var before = (await server.StudioGetAsync("descriptors/activities")).Header("ETag");
        var made = await server.CreateAsync("Sub process", StudioClient.Line("say"));
        var saved = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(made, model =>
        {
            model["options"] = new JsonObject { ["usableAsActivity"] = true };
            model["outcomes"] = new JsonArray("Good", "Bad");
        }, publish: true));
        Assert.True(saved.Status == 200, $"{saved.Body}");

        var after = await server.StudioGetAsync("descriptors/activities");

        Assert.NotEqual(before, after.Header("ETag"));
        var activity = after.Body!["items"]!.AsArray().Single(item => (string)item!["typeName"]! == "SubProcess")!;
        Assert.True((bool)activity["isBrowsable"]!);
        Assert.Equal((string)saved.Body!["workflowDefinition"]!["id"]!, (string)activity["customProperties"]!["WorkflowDefinitionVersionId"]!);
        Assert.Equal(["Root", "Good", "Bad"], activity["ports"]!.AsArray().Select(port => (string)port!["name"]!));
    }

    [Fact]
    public async Task Options_of_an_input_are_given_as_they_are_now()
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await server.StudioPostAsync("descriptors/activities/Quiesce.RunScript/options/Phase", new JsonObject { ["context"] = new JsonObject() });
        Assert.Equal(2, answer.Body!["items"]!["dropdown"]!["selectList"]!["items"]!.AsArray().Count);
        Assert.Empty((await server.StudioPostAsync("descriptors/activities/No.Such/options/Thing")).Body!["items"]!.AsObject());
    }

    [Fact]
    public async Task A_script_editor_learns_the_names_of_the_definition()
    {
        await using var server = await RunningServer.StartAsync();
        await server.StudioPostAsync("workflow-definitions/import", JsonNode.Parse(Flow.Document(Flow.Sequence("s", Flow.Activity("run", "Elsa.RunJavaScript", new JsonObject { ["name"] = "Run1" })), "typed", "Typed").Replace(
            "\"name\":\"Typed\"", """
            "name":"Typed","inputs":[{"name":"Machine","type":"String"}],"variables":[{"id":"v","name":"Count","typeName":"Int32"},{"id":"w","name":"odd_name","typeName":"String"}]
            """, StringComparison.Ordinal)));

        var answer = await server.StudioPostAsync("scripting/javascript/type-definitions/typed", new JsonObject { ["workflowDefinitionId"] = "typed", ["activityTypeName"] = "Elsa.RunJavaScript", ["propertyName"] = "Script" });
        var text = await answer.Response.Content.ReadAsStringAsync();

        Assert.Equal("text/plain", answer.Response.Content.Headers.ContentType?.MediaType);
        foreach (var line in (string[])["declare function getMachine(): string;", "declare function setCount(value: number): void;", "declare function getResultFromRun1(): any;", "declare function setOutcome(name: string): void;", "getVariable(name: string)"])
            Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.DoesNotContain("odd_name", text, StringComparison.Ordinal);
        Assert.Equal(200, (await server.StudioPostAsync("scripting/javascript/type-definitions/not-saved-yet")).Status);
    }

    [Theory]
    [InlineData("features/installed/Elsa.Alterations.ShellFeatures.Alterations")]
    [InlineData("secrets/descriptors")]
    [InlineData("no/such/thing")]
    public async Task Reading_a_part_that_is_not_there_is_a_404_with_a_reason(string path)
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await server.StudioGetAsync(path);

        Assert.Equal(404, answer.Status);
        Assert.NotEmpty(answer.Body!["errors"]!.AsObject());
    }

    [Fact]
    public async Task Doing_what_this_server_does_not_have_is_a_refusal_that_studio_shows()
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await server.StudioPostAsync("alterations/submit");

        Assert.Equal(400, answer.Status);
        Assert.Contains("does not have that part", answer.Refusal, StringComparison.Ordinal);
    }
}
