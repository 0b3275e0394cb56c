using System.IO.Compression;
using Quiesce.Tests.Definitions;

namespace Quiesce.Tests.Cli;

public sealed class WorkflowCommandTests
{
    private const string Version = """{"id":"mine","version":3,"versionId":"v3","revision":1,"name":"Mine","isLatest":true,"isPublished":true,"createdAt":"2026-03-01T12:00:00+00:00","savedAt":"2026-03-01T12:00:00+00:00","savedBy":"ann","updatedConsumers":["outer"],"warnings":["the file is read-only"]}""";

    [Fact]
    public async Task Two_files_are_compared_without_a_server()
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (folder.File("a.json"), folder.File("b.json"));
        await File.WriteAllTextAsync(a, Flow.Document(Flow.Sequence("s", Flow.Say("one"))));
        await File.WriteAllTextAsync(b, Flow.Document(Flow.Sequence("s", Flow.Say("one"), Flow.Say("two"))));

        var (same, different, json) = (await CliRun.OfAsync("workflow", "diff", a, a), await CliRun.OfAsync("workflow", "diff", a, b), await CliRun.OfAsync("workflow", "diff", a, b, "--json"));

        Assert.Equal((0, "No difference."), (same.ExitCode, same.Out.Trim()));
        Assert.Equal(1, different.ExitCode);
        Assert.Contains("+ activity 'two' added (Elsa.WriteLine)", different.Out, StringComparison.Ordinal);
        Assert.Equal((1, "added"), (json.ExitCode, json.OutJson.EnumerateArray().Single(line => line.GetProperty("path").GetString() == "activities/two").GetProperty("kind").GetString()));
    }

    [Theory]
    [InlineData("missing.json")]
    [InlineData("broken.json")]
    public async Task Trouble_with_a_comparison_is_not_a_difference(string name)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("broken.json"), "{");
        await File.WriteAllTextAsync(folder.File("good.json"), Flow.Document(Flow.Say("a")));

        Assert.Equal(2, (await CliRun.OfAsync("workflow", "diff", folder.File("good.json"), folder.File(name))).ExitCode);
    }

    [Fact]
    public async Task A_stored_version_is_compared_by_the_server()
    {
        await using var server = (await FakeServer.StartAsync()).Answer("POST /api/workflows/compare", """[{"kind":"changed","path":"name","text":"name changed from A to B"}]""");

        var run = await CliRun.OfAsync(server.Environment, "workflow", "diff", "mine@1", "mine@latest");

        Assert.Equal((1, "~ name changed from A to B"), (run.ExitCode, run.Out.Trim()));
        Assert.Equal("""POST /api/workflows/compare {"a":"mine@1","b":"mine@latest"}""", server.Requests.Single());
    }

    [Fact]
    public async Task Files_are_validated_without_a_server_and_every_complaint_has_its_line()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("bad.json"), """
            {
              "definitionId": "bad",
              "root": { "type": "Elsa.Sequence", "id": "s", "activities": [
                { "type": "Quiesce.FreezeGuest", "id": "freeze" },
                { "type": "Acme.Odd", "id": "odd" },
                { "type": "Elsa.WriteLine", "id": "sharp", "text": { "typeName": "String", "expression": { "type": "CSharp", "value": "1" } } }
              ] }
            }
            """);
        await File.WriteAllTextAsync(folder.File("good.json"), Flow.Document(Flow.Say("a"), "good"));

        var (bad, good) = (await CliRun.OfAsync("workflow", "validate", folder.Path, "--json"), await CliRun.OfAsync("workflow", "validate", folder.File("good.json")));

        Assert.Equal((1, 0), (bad.ExitCode, good.ExitCode));
        Assert.Equal(["bad.json:5", "bad.json:5", "bad.json:6"], bad.ErrorJson.GetProperty("complaints").EnumerateArray().Select(one => $"{one.GetProperty("file")}:{one.GetProperty("line")}").Order());
        Assert.Contains("good.json can be used", good.Out, StringComparison.Ordinal);
        Assert.Equal(2, (await CliRun.OfAsync("workflow", "validate", folder.File("missing.json"))).ExitCode);
    }

    [Fact]
    public async Task A_workflow_that_another_file_uses_as_activity_is_found_beside_it()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("inner.json"), Flow.Document(Flow.Say("a"), "inner", "Inner").Replace("\"name\"", "\"options\":{\"usableAsActivity\":true},\"name\"", StringComparison.Ordinal));
        await File.WriteAllTextAsync(folder.File("outer.json"), Flow.Document(Flow.Sequence("s", Flow.Activity("use", "Inner")), "outer"));

        Assert.Equal(1, (await CliRun.OfAsync("workflow", "validate", folder.File("outer.json"))).ExitCode);
        Assert.Equal(0, (await CliRun.OfAsync("workflow", "validate", folder.Path)).ExitCode);
        Assert.Equal(0, (await CliRun.OfAsync("workflow", "validate", folder.File("outer.json"), "--with", folder.Path)).ExitCode);
    }

    [Fact]
    public async Task A_folder_is_imported_file_by_file_and_a_refused_one_fails_the_command_at_the_end()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("a.json"), "{}");
        await File.WriteAllTextAsync(folder.File("b.json"), Flow.Document(Flow.Say("a"), "b"));
        await using var server = (await FakeServer.StartAsync())
            .Answer("POST /api/workflows/import?file=a.json&draft=true", """{"code":"invalid","detail":"a.json: It has no definitionId."}""", 400)
            .Answer("POST /api/workflows/import?file=b.json&draft=true", """{"id":"b","version":1,"versionId":"v","isPublished":false,"createdAt":"2026-03-01T12:00:00+00:00","latestVersion":1,"revision":1,"warnings":[]}""");

        var run = await CliRun.OfAsync(server.Environment, "workflow", "import", folder.Path, "--draft");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Not imported: a.json", run.Error, StringComparison.Ordinal);
        Assert.Contains("Imported b as draft", run.Out, StringComparison.Ordinal);
        Assert.Equal(2, (await CliRun.OfAsync(server.Environment, "workflow", "import", folder.Path, "--draft", "--publish")).ExitCode);
    }

    [Fact]
    public async Task Everything_is_exported_into_a_folder_and_nothing_outside_it()
    {
        using var folder = new TemporaryFolder();
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var name in (string[])["a.json", "../escape.json"])
                using (var entry = zip.CreateEntry(name).Open())
                    entry.Write("{}"u8);
        await using var server = (await FakeServer.StartAsync()).Answer("GET /api/workflows/archive", context => context.Response.Body.WriteAsync(buffer.ToArray()).AsTask());

        Assert.Equal(0, (await CliRun.OfAsync(server.Environment, "workflow", "export", "--all", "--out", folder.File("inner/out"))).ExitCode);

        Assert.Equal(["a.json", "escape.json"], Directory.EnumerateFiles(folder.File("inner/out")).Select(file => Path.GetFileName(file)).Order());
        Assert.Equal(2, (await CliRun.OfAsync(server.Environment, "workflow", "export", "--all")).ExitCode);
        Assert.Equal(2, (await CliRun.OfAsync(server.Environment, "workflow", "export")).ExitCode);
    }

    [Fact]
    public async Task A_version_is_published_rolled_back_listed_and_deleted()
    {
        await using var server = (await FakeServer.StartAsync())
            .Answer("POST /api/workflows/mine/publish", Version).Answer("POST /api/workflows/mine/revert/2?publish=true", Version).Answer("POST /api/workflows/mine/retract", Version)
            .Answer("GET /api/workflows/mine/versions", $"[{Version}]").Answer("DELETE /api/workflows/mine/versions/2", "", 204).Answer("POST /api/workflows/mine/file", """{"id":"mine","file":"mine.json"}""")
            .Answer("GET /api/workflows/mine/export?version=2", "{}");

        var publish = await CliRun.OfAsync(server.Environment, "workflow", "publish", "mine");
        Assert.Contains("Version 3 of mine is in force.", publish.Out, StringComparison.Ordinal);
        Assert.Contains("Pointed at it: outer", publish.Out, StringComparison.Ordinal);
        Assert.Contains("Warning: the file is read-only", publish.Error, StringComparison.Ordinal);
        Assert.Equal("v3", (await CliRun.OfAsync(server.Environment, "workflow", "rollback", "mine", "2", "--publish", "--json")).OutJson.GetProperty("versionId").GetString());
        Assert.Contains("in force", (await CliRun.OfAsync(server.Environment, "workflow", "versions", "mine")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await CliRun.OfAsync(server.Environment, "workflow", "retract", "mine")).ExitCode);
        Assert.Equal(0, (await CliRun.OfAsync(server.Environment, "workflow", "delete", "mine", "--version", "2")).ExitCode);
        Assert.Contains("mine.json", (await CliRun.OfAsync(server.Environment, "workflow", "file", "mine")).Out, StringComparison.Ordinal);
        Assert.Equal("{}", (await CliRun.OfAsync(server.Environment, "workflow", "export", "mine@2")).Out.Trim());
    }
}
