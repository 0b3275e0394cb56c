using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Quiesce.Tests.Definitions;

namespace Quiesce.Tests.Server;

public sealed class WorkflowVersionsApiTests
{
    private static readonly string Small = Flow.Document(Flow.Flowchart("flow", [Flow.Say("a"), Flow.Say("b")], "a:Done>b"), "mine", "Mine", published: null);

    [Fact]
    public async Task A_workflow_is_made_edited_published_rolled_back_and_deleted()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.SendAsync(HttpMethod.Put, "api/workflows/mine", Small);
        Assert.Equal((200, 1, false), (made.Status, (int)made.Body!["version"]!, (bool)made.Body["isPublished"]!));
        Assert.Equal((200, true), ((await server.PostAsync("api/workflows/mine/publish")) is var published ? (published.Status, (bool)published.Body!["isPublished"]!) : default));
        var second = await server.SendAsync(HttpMethod.Put, "api/workflows/mine?publish=true", Small.Replace("\"Mine\"", "\"Other\"", StringComparison.Ordinal));
        Assert.Equal((2, true), ((int)second.Body!["version"]!, (bool)second.Body["isPublished"]!));

        var back = await server.PostAsync("api/workflows/mine/revert/1?publish=true");
        Assert.Equal((3, true, "Mine"), ((int)back.Body!["version"]!, (bool)back.Body["isPublished"]!, (string?)back.Body["name"]));
        var versions = (await server.SendAsync(HttpMethod.Get, "api/workflows/mine/versions")).Body!.AsArray();
        Assert.Equal([3, 2, 1], versions.Select(version => (int)version!["version"]!));
        Assert.All(versions, version => Assert.NotNull((string?)version!["savedBy"]));

        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, "api/workflows/mine/versions/3")).Status);
        Assert.Equal(2, (int)(await server.SendAsync(HttpMethod.Get, "api/workflows/mine")).Body!["version"]!);
        Assert.Equal((409, "conflict"), (await server.PostAsync("api/workflows/mine/retract")) is var none ? (none.Status, (string?)none.Body!["code"]) : default);
        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, "api/workflows/mine")).Status);
        Assert.Equal((404, "not-found"), (await server.SendAsync(HttpMethod.Get, "api/workflows/mine")) is var gone ? (gone.Status, (string?)gone.Body!["code"]) : default);
    }

    [Fact]
    public async Task A_save_over_an_older_etag_fails_its_precondition_and_says_who_was_faster()
    {
        await using var server = await RunningServer.StartAsync();
        await server.SendAsync(HttpMethod.Put, "api/workflows/mine", Small);
        var (tag, document) = await ReadAsync(server);
        var mine = JsonNode.Parse(document)!.AsObject();
        mine["name"] = "By me";
        var theirs = JsonNode.Parse(document)!.AsObject();
        theirs["name"] = "By them";

        var first = await PutAsync(server, theirs.ToJsonString(), tag);
        var second = await PutAsync(server, mine.ToJsonString(), tag);

        Assert.Equal((200, 412), (first.Status, second.Status));
        Assert.NotEqual(tag, first.Tag);
        Assert.Equal("precondition-failed", (string?)second.Body["code"]);
        Assert.Contains("name changed from Mine to By them", (string?)second.Body["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain("quiesceRevision", document, StringComparison.Ordinal);
        // The same again is no conflict, and the newest tag is right.
        Assert.Equal(200, (await PutAsync(server, theirs.ToJsonString(), tag)).Status);
        Assert.Equal(200, (await PutAsync(server, mine.ToJsonString(), first.Tag!)).Status);
        Assert.Equal(400, (await PutAsync(server, document, "\"nonsense\"")).Status);
        Assert.Equal(400, (await server.SendAsync(HttpMethod.Put, "api/workflows/other", Small)).Status);
    }

    [Fact]
    public async Task Stored_and_sent_definitions_are_compared()
    {
        await using var server = await RunningServer.StartAsync();
        await server.SendAsync(HttpMethod.Put, "api/workflows/mine?publish=true", Small);
        await server.SendAsync(HttpMethod.Put, "api/workflows/mine", Small.Replace("\"Mine\"", "\"Other\"", StringComparison.Ordinal));

        var stored = await server.PostAsync("api/workflows/compare", """{"a":"mine@1","b":"mine@latest"}""");
        Assert.Equal("name changed from Mine to Other", (string?)Assert.Single(stored.Body!.AsArray())!["text"]);
        Assert.Empty((await server.PostAsync("api/workflows/compare", $$"""{"a":"mine","b":{{Small}}}""")).Body!.AsArray());
        Assert.Equal(404, (await server.PostAsync("api/workflows/compare", """{"a":"mine@9","b":"mine"}""")).Status);
        Assert.Equal(400, (await server.PostAsync("api/workflows/compare", """{"a":"mine@newest","b":"mine"}""")).Status);
        Assert.Equal(400, (await server.PostAsync("api/workflows/compare", """{"a":"mine"}""")).Status);
    }

    [Fact]
    public async Task A_zip_of_definitions_comes_out_and_goes_in_and_a_bad_file_keeps_no_other_out()
    {
        await using var server = await RunningServer.StartAsync();
        await server.SendAsync(HttpMethod.Put, "api/workflows/mine?publish=true", Small);
        var archive = await server.Client.GetByteArrayAsync(new Uri("api/workflows/archive", UriKind.Relative));
        using (var zip = new ZipArchive(new MemoryStream(archive)))
            Assert.Equal(["job-session.json", "machine-snapshot.json", "mine.json"], zip.Entries.Select(entry => entry.Name).Order());

        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in ((string, string)[])[("bad.json", "{"), ("../new.json", Small.Replace("\"mine\"", "\"new\"", StringComparison.Ordinal)), ("readme.txt", "no")])
                using (var entry = zip.CreateEntry(name).Open())
                    entry.Write(Encoding.UTF8.GetBytes(text));
        var imported = await ZipAsync(server, buffer.ToArray());

        Assert.Equal([0, 1], imported.Body!.AsArray().Select(one => (int)one!["version"]!));
        Assert.Contains("bad.json, line 1", (string?)imported.Body[0]!["problem"], StringComparison.Ordinal);
        Assert.Equal((400, "invalid"), (await ZipAsync(server, "no zip"u8.ToArray())) is var refused ? (refused.Status, (string?)refused.Body!["code"]) : default);
    }

    [Fact]
    public async Task A_draft_that_is_imported_is_neither_in_force_nor_in_a_file_until_it_is_asked_for()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal((200, false), (await server.PostAsync("api/workflows/import?draft=true", Small)) is var made ? (made.Status, (bool)made.Body!["isPublished"]!) : default);
        Assert.False(File.Exists(Path.Combine(server.Folder, "workflows", "mine.json")));
        Assert.Equal(409, (await server.PostAsync("api/workflows/mine/file")).Status);
        await server.PostAsync("api/workflows/mine/publish");
        Assert.False(File.Exists(Path.Combine(server.Folder, "workflows", "mine.json")));

        Assert.Equal("mine.json", (string?)(await server.PostAsync("api/workflows/mine/file")).Body!["file"]);
        Assert.True(File.Exists(Path.Combine(server.Folder, "workflows", "mine.json")));
    }

    [Fact]
    public async Task A_refusal_to_publish_names_every_complaint_with_its_activity()
    {
        await using var server = await RunningServer.StartAsync();
        await server.SendAsync(HttpMethod.Put, "api/workflows/mine", Flow.Document(Flow.Sequence("s", Flow.Activity("odd", "Acme.Odd"), Flow.Freeze()), "mine"));

        var (status, problem) = await server.PostAsync("api/workflows/mine/publish");

        Assert.Equal((400, "invalid"), (status, (string?)problem!["code"]));
        Assert.Equal(["activity 'freeze'", "activity 'odd'"], problem["complaints"]!.AsArray().Select(one => (string)one!["path"]!).Order());
    }

    private static async Task<(string Tag, string Document)> ReadAsync(RunningServer server)
    {
        using var response = await server.Client.GetAsync(new Uri("api/workflows/mine", UriKind.Relative));
        return (response.Headers.ETag!.Tag, await response.Content.ReadAsStringAsync());
    }

    private static async Task<(int Status, string? Tag, JsonNode Body)> PutAsync(RunningServer server, string document, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri("api/workflows/mine", UriKind.Relative)) { Content = new StringContent(document, Encoding.UTF8, "application/json") };
        request.Headers.IfMatch.Add(new EntityTagHeaderValue(tag));
        using var response = await server.Client.SendAsync(request);
        return ((int)response.StatusCode, response.Headers.ETag?.Tag, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private static async Task<(int Status, JsonNode? Body)> ZipAsync(RunningServer server, byte[] archive)
    {
        using var body = new ByteArrayContent(archive);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        using var response = await server.Client.PostAsync(new Uri("api/workflows/archive", UriKind.Relative), body);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()));
    }
}
