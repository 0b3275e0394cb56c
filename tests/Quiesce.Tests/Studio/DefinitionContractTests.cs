using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Quiesce.Tests.Definitions;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.Studio;

public sealed class DefinitionContractTests
{
    private const string Summary = """
        { "id": "s", "definitionId": "s", "version": "i", "name": "s", "description": "s?", "isLatest": "b", "isPublished": "b", "isReadonly": "b", "createdAt": "t", "materializerName": "s", "isMaterializerAvailable": "b",
          "links": [{ "href": "s", "rel": "s", "method": "s" }] }
        """;

    private const string Full = """
        { "id": "s", "definitionId": "s", "version": "i", "name": "s", "createdAt": "t", "toolVersion": "s?", "isLatest": "b", "isPublished": "b", "isReadonly": "b", "variables": "l", "inputs": "l", "outputs": "l", "outcomes": "l",
          "customProperties": "o", "options": "o", "links": [{ "rel": "s" }], "root": { "id": "s", "nodeId": "s", "type": "s", "version": "i", "customProperties": "o", "metadata": "o",
          "activities": [{ "id": "s", "nodeId": "s", "type": "s", "version": "i", "customProperties": "o", "metadata": "o" }] } }
        """;

    public static TheoryData<string, string> Reads => new()
    {
        { "workflow-definitions?versionOptions=Latest&Page=0&PageSize=10&SearchTerm=&IsSystem=False&OrderDirection=Ascending", $$"""{ "items": [{{Summary}}], "totalCount": "i", "links": [{ "rel": "s" }] }""" },
        { "workflow-definitions?versionOptions=LatestOrPublished", $$"""{ "items": [{{Summary}}], "totalCount": "i" }""" },
        { "workflow-definitions?versionOptions=Published&DefinitionIds=machine-snapshot", $$"""{ "items": [{{Summary}}], "totalCount": "i" }""" },
        { "workflow-definitions?versionOptions=AllVersions&Page=0&PageSize=10&DefinitionIds=machine-snapshot&OrderBy=Version&OrderDirection=Descending", $$"""{ "items": [{{Summary}}] }""" },
        { "workflow-definitions/by-definition-id/machine-snapshot?versionOptions=Latest", Full },
        { "workflow-definitions/machine-snapshot/versions", $$"""{ "items": [{{Summary}}], "count": "i" }""" },
        { "workflow-definitions/query/count", """{ "count": "i" }""" },
        { "workflow-definitions/validation/is-name-unique?name=Nobody", """{ "isUnique": "b" }""" },
        { "workflow-definitions/machine-snapshot/consumers", """{ "consumingWorkflowDefinitionIds": "l" }""" },
    };

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task An_answer_about_definitions_has_the_shape_that_studio_reads(string path, string shape)
    {
        await using var server = await RunningServer.StartAsync();

        Shape.Check(await server.ReadAsync(path), shape, path);
    }

    [Fact]
    public async Task Every_shipped_workflow_opens_with_a_descriptor_for_each_of_its_activities()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var id in (string[])["machine-snapshot", "job-session"])
        {
            var opened = await server.OpenAsync(id);
            var byVersion = await server.ReadAsync($"workflow-definitions/by-id/{opened["id"]}");
            Assert.True(JsonNode.DeepEquals(opened, byVersion));
            Assert.Single((await server.ReadAsync($"workflow-definitions/many-by-id?ids={opened["id"]}&ids=nothing"))["items"]!.AsArray());
            Assert.Contains(opened["links"]!.AsArray(), link => (string)link!["rel"]! == "publish");
            var known = await KnownAsync(server);
            Assert.All(opened["root"]!["activities"]!.AsArray(), activity => Assert.Contains(((string)activity!["type"]!, (int)activity["version"]!), known));
            Assert.All(opened["root"]!["activities"]!.AsArray(), activity => Assert.Equal($"{opened["root"]!["nodeId"]}:{activity!["id"]}", (string)activity["nodeId"]!));
        }
    }

    [Fact]
    public async Task The_list_pages_searches_and_orders()
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < 12; i++)
            await server.CreateAsync($"Paged {i:00}", StudioClient.Line("say"));

        var second = await server.ReadAsync("workflow-definitions?versionOptions=Latest&Page=1&PageSize=5&SearchTerm=paged&OrderBy=Name&OrderDirection=Descending");

        Assert.Equal(12, (int)second["totalCount"]!);
        Assert.Equal(["Paged 06", "Paged 05", "Paged 04", "Paged 03", "Paged 02"], second["items"]!.AsArray().Select(item => (string)item!["name"]!));
        Assert.Empty((await server.ReadAsync("workflow-definitions?versionOptions=Latest&Page=900&PageSize=10"))["items"]!.AsArray());
        Assert.Empty((await server.ReadAsync("workflow-definitions?versionOptions=Latest&Page=2147483647&PageSize=1000"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_definition_is_created_saved_published_retracted_rolled_back_and_deleted()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.CreateAsync("Nightly copy", StudioClient.Line("one"));
        Shape.Check(made, Full, "created");
        Assert.Equal(("nightly-copy", 1, false), ((string)made["definitionId"]!, (int)made["version"]!, (bool)made["isPublished"]!));

        var published = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(made, publish: true));
        Shape.Check(published.Body, $$"""{ "workflowDefinition": {{Full}}, "alreadyPublished": "b", "consumingWorkflowCount": "i" }""", "published");
        Assert.True((bool)published.Body!["workflowDefinition"]!["isPublished"]!);

        var draft = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(published.Body["workflowDefinition"]!, model => model["root"]!["activities"]!.AsArray().Add((JsonNode)StudioClient.Line("two"))));
        var (id, version) = ((string)draft.Body!["workflowDefinition"]!["id"]!, (int)draft.Body["workflowDefinition"]!["version"]!);
        Assert.Equal((2, false), (version, (bool)draft.Body["workflowDefinition"]!["isPublished"]!));
        Assert.NotEqual((string)made["id"]!, id);

        Assert.False((bool)(await server.StudioPostAsync("workflow-definitions/nightly-copy/publish")).Body!["alreadyPublished"]!);
        Assert.True((bool)(await server.StudioPostAsync("workflow-definitions/nightly-copy/publish")).Body!["alreadyPublished"]!);
        Assert.False((bool)(await server.StudioPostAsync("workflow-definitions/nightly-copy/retract")).Body!["isPublished"]!);
        Assert.Equal(200, (await server.StudioPostAsync("workflow-definitions/nightly-copy/retract")).Status);

        var reverted = await server.StudioSendAsync(HttpMethod.Post, "workflow-definitions/nightly-copy/revert/1", null);
        Shape.Check(reverted.Body, Summary, "reverted");
        Assert.Single((await server.OpenAsync("nightly-copy"))["root"]!["activities"]!.AsArray());

        Assert.Equal(204, (await server.StudioDeleteAsync($"workflow-definition-versions/{id}")).Status);
        Assert.Equal(204, (await server.StudioDeleteAsync("workflow-definitions/nightly-copy")).Status);
        Assert.Equal(404, (await server.StudioDeleteAsync("workflow-definitions/nightly-copy")).Status);
        Assert.Equal(400, (await server.StudioGetAsync("workflow-definitions/by-definition-id/nightly-copy")).Status);
    }

    [Fact]
    public async Task Bulk_actions_do_what_they_can_and_say_what_they_could_not()
    {
        await using var server = await RunningServer.StartAsync();
        var good = (string)(await server.CreateAsync("Good", StudioClient.Line("say")))["definitionId"]!;
        var bad = (string)(await server.CreateAsync("Bad", Flow.Freeze()))["definitionId"]!;

        var published = await server.StudioPostAsync("bulk-actions/publish/workflow-definitions/by-definition-ids", new JsonObject { ["definitionIds"] = new JsonArray(good, bad, "nobody", "job-session") });
        Shape.Check(published.Body, """{ "published": "l", "alreadyPublished": "l", "notFound": "l", "updatedConsumers": "l" }""", "published");
        Assert.Equal(([good], ["job-session"], ["nobody"], [bad]), (Ids(published, "published"), Ids(published, "alreadyPublished"), Ids(published, "notFound"), Ids(published, "failed")), Pairs);
        Assert.Equal("partly", published.Header("x-quiesce-refused"));

        var retracted = await server.StudioPostAsync("bulk-actions/retract/workflow-definitions/by-definition-ids", new JsonObject { ["definitionIds"] = new JsonArray(good, bad, "nobody") });
        Assert.Equal(([good], [bad], ["nobody"], []), (Ids(retracted, "retracted"), Ids(retracted, "alreadyRetracted"), Ids(retracted, "notFound"), Ids(retracted, "failed")), Pairs);

        var request = new JsonObject { ["definitionIds"] = new JsonArray(good, bad, "nobody") };
        Assert.Equal(2, (int)(await server.StudioPostAsync("bulk-actions/delete/workflow-definitions/by-definition-id", request)).Body!["deleted"]!);
        Assert.Equal(0, (int)(await server.StudioPostAsync("bulk-actions/delete/workflow-definitions/by-definition-id", request)).Body!["deleted"]!);
    }

    [Fact]
    public async Task A_draft_that_would_be_refused_has_no_publish_button_in_the_list_and_one_in_the_designer()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreateAsync("Leaves it frozen", Flow.Freeze());

        var row = (await server.ReadAsync("workflow-definitions?versionOptions=Latest&SearchTerm=frozen"))["items"]!.AsArray().Single()!;
        Assert.DoesNotContain(row["links"]!.AsArray(), link => (string)link!["rel"]! == "publish");

        var opened = await server.OpenAsync("leaves-it-frozen");
        Assert.Contains(opened["links"]!.AsArray(), link => (string)link!["rel"]! == "publish");
        var refused = await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(opened, publish: true));
        Assert.Equal(400, refused.Status);
        Assert.Contains("freeze", refused.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exports_are_files_with_a_name_and_import_again()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.CreateAsync("Über: night/ly", StudioClient.Line("say"));
        var id = (string)made["definitionId"]!;

        var one = await server.StudioGetAsync($"workflow-definitions/{id}/export?versionOptions=Latest&includeConsumingWorkflows=False");
        Assert.StartsWith($"workflow-definition-", one.Response.Content.Headers.ContentDisposition!.FileName!.Trim('"'), StringComparison.Ordinal);
        Assert.Matches("^[a-z0-9.\"-]+$", one.Response.Content.Headers.ContentDisposition.FileName);
        Assert.StartsWith("https://elsaworkflows.io/schemas/workflow-definition", (string?)one.Body!["$schema"], StringComparison.Ordinal);

        var many = await server.StudioPostAsync("bulk-actions/export/workflow-definitions", new JsonObject { ["ids"] = new JsonArray((string)made["id"]!, (string)(await server.OpenAsync("job-session"))["id"]!), ["includeConsumingWorkflows"] = false });
        Assert.Equal("workflow-definitions.zip", many.Response.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var zip = await many.Response.Content.ReadAsByteArrayAsync();
        using (var archive = new ZipArchive(new MemoryStream(zip)))
            Assert.Equal(2, archive.Entries.Count);

        await server.StudioDeleteAsync($"workflow-definitions/{id}");
        var imported = await UploadAsync(server, "workflow-definitions/import-files", ("all.zip", zip), ("one.json", Encoding.UTF8.GetBytes(Flow.Document(Flow.Sequence("s", Flow.Say("a")), "single", "Single"))));
        Assert.Equal((200, 3), (imported.Status, (int)imported.Body!["count"]!));
        Assert.Equal("Über: night/ly", (string)(await server.OpenAsync(id))["name"]!);
        Assert.False((bool)(await server.OpenAsync("single"))["isPublished"]!);
    }

    [Fact]
    public async Task A_bare_model_imports_as_a_draft()
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await server.StudioPostAsync("workflow-definitions/import", JsonNode.Parse(Flow.Document(Flow.Sequence("s", Flow.Say("a")), "brought", "Brought", published: true)));

        Shape.Check(answer.Body, Full, "imported");
        Assert.Equal(("brought", false), ((string)answer.Body!["definitionId"]!, (bool)answer.Body["isPublished"]!));
    }

    [Fact]
    public async Task Names_are_unique_whatever_their_case()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreateAsync("Only one");

        Assert.False((bool)(await server.ReadAsync("workflow-definitions/validation/is-name-unique?name=only%20ONE"))["isUnique"]!);
        Assert.True((bool)(await server.ReadAsync("workflow-definitions/validation/is-name-unique?name=Only%20one&definitionId=only-one"))["isUnique"]!);
        Assert.True((bool)(await server.ReadAsync("workflow-definitions/validation/is-name-unique?name=Only"))["isUnique"]!);
    }

    [Fact]
    public async Task A_tool_version_that_is_none_is_not_shown_and_survives_a_save()
    {
        await using var server = await RunningServer.StartAsync();
        await server.StudioPostAsync("workflow-definitions/import", JsonNode.Parse(Flow.Document(Flow.Flowchart("f", [StudioClient.Line("a")]), "odd", "Odd").Replace(
            "\"name\":\"Odd\"", "\"name\":\"Odd\",\"toolVersion\":\"my-tool\",\"options\":{\"ownOption\":7},\"tenantId\":\"t1\"", StringComparison.Ordinal)));
        var opened = await server.OpenAsync("odd");
        Assert.Null(opened["toolVersion"]);

        await server.StudioPostAsync("workflow-definitions", StudioClient.SaveBody(opened, model => model["options"] = new JsonObject { ["usableAsActivity"] = false }));

        var exported = (await server.StudioGetAsync("workflow-definitions/odd/export")).Body!;
        Assert.Equal(("my-tool", "t1", 7), ((string?)exported["toolVersion"], (string?)exported["tenantId"], (int)exported["options"]!["ownOption"]!));
    }

    [Theory]
    [InlineData("workflow-definitions", "[]")]
    [InlineData("workflow-definitions", "{")]
    [InlineData("workflow-definitions", "{}")]
    [InlineData("workflow-definitions", """{"model":{"definitionId":"x","name":"X","root":{"type":"Elsa.Flowchart","activities":[{"id":"a","type":"Elsa.WriteLine"},{"id":"a","type":"Elsa.WriteLine"}]}}}""")]
    [InlineData("workflow-definitions", """{"model":{"definitionId":"x","name":"X","root":{"type":"Elsa.Flowchart","activities":7}}}""")]
    [InlineData("workflow-definitions", """{"model":{"definitionId":"x","id":"gone","name":"X"}}""")]
    [InlineData("workflow-definitions/import", """{"definitionId":"x","root":7}""")]
    [InlineData("workflow-definitions/import", """{"definitionId":"x\u0007y","root":{"type":"Elsa.Sequence"}}""")]
    [InlineData("workflow-definitions/nobody/publish", "{}")]
    [InlineData("workflow-definitions/nobody/retract", "{}")]
    [InlineData("workflow-definitions/nobody/revert/1", "")]
    [InlineData("workflow-definitions/import-files", "{}")]
    [InlineData("bulk-actions/export/workflow-definitions", """{"ids":["nobody"]}""")]
    public async Task What_cannot_be_done_is_refused_in_the_one_way_that_studio_shows(string path, string body)
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await server.StudioSendAsync(HttpMethod.Post, path, body);

        Assert.Equal(400, answer.Status);
        Assert.NotEmpty(answer.Refusal);
        Assert.NotNull(answer.Header("x-quiesce-refused"));
    }

    [Theory]
    [InlineData("workflow-definitions?versionOptions=Sometimes")]
    [InlineData("workflow-definitions/by-id/nobody")]
    [InlineData("workflow-definitions/subgraph/nobody")]
    [InlineData("workflow-definitions/nobody/export")]
    public async Task What_is_not_there_to_read_is_refused_with_a_reason(string path)
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await server.StudioGetAsync(path);

        Assert.Equal(400, answer.Status);
        Assert.NotEmpty(answer.Refusal);
    }

    [Fact]
    public async Task A_deep_document_is_refused_and_a_large_one_is_kept()
    {
        await using var server = await RunningServer.StartAsync();
        var deep = await server.StudioSendAsync(HttpMethod.Post, "workflow-definitions/import", $$"""{"definitionId":"deep","root":{{string.Concat(Enumerable.Repeat("""{"type":"Elsa.If","then":""", 600))}}null{{new string('}', 600)}}}""");
        Assert.Equal(400, deep.Status);

        var many = await server.StudioPostAsync("workflow-definitions", StudioClient.CreateBody("Many", Flow.Flowchart("flow1", [.. Enumerable.Range(0, 2000).Select(i => StudioClient.Line($"a{i}"))])));
        Assert.Equal((200, 2000), (many.Status, many.Body!["workflowDefinition"]!["root"]!["activities"]!.AsArray().Count));
    }

    private static readonly EqualityComparer<(string[], string[], string[], string[])> Pairs = EqualityComparer<(string[], string[], string[], string[])>.Create(
        (a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2) && a.Item3.SequenceEqual(b.Item3) && a.Item4.SequenceEqual(b.Item4));

    private static string[] Ids(StudioAnswer answer, string member) => [.. answer.Body![member]!.AsArray().Select(id => (string)id!)];

    internal static async Task<HashSet<(string, int)>> KnownAsync(RunningServer server) =>
        [.. (await server.ReadAsync("descriptors/activities?Refresh=True"))["items"]!.AsArray().Select(item => ((string)item!["typeName"]!, (int)item["version"]!))];

    internal static async Task<StudioAnswer> UploadAsync(RunningServer server, string path, params (string Name, byte[] Content)[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, content) in files)
        {
            var part = new ByteArrayContent(content);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            form.Add(part, "files", name);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("elsa/api/" + path, UriKind.Relative)) { Content = form };
        var response = await server.Client.SendAsync(request);
        return new StudioAnswer((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()), response);
    }
}
