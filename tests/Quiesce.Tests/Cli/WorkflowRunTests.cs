namespace Quiesce.Tests.Cli;

public sealed class WorkflowRunTests
{
    [Fact]
    public async Task A_definition_runs_to_its_end_whatever_it_waits_for()
    {
        using var folder = new TemporaryFolder();
        var file = await WriteAsync(folder, "wait", Line("a", "before"), """{ "id": "d", "type": "Elsa.Delay", "timeSpan": { "typeName": "TimeSpan", "expression": { "type": "Literal", "value": "01:00:00" } } }""", Line("b", "after"));

        var run = await CliRun.OfAsync("workflow", "run", file, "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(["status", "subStatus", "lines", "outputs", "incidents", "bookmarks", "journal"], run.OutJson.EnumerateObject().Select(m => m.Name));
        Assert.Equal(("Finished", "Finished"), (run.OutJson.GetProperty("status").GetString(), run.OutJson.GetProperty("subStatus").GetString()));
        Assert.Equal(["before", "after"], run.OutJson.GetProperty("lines").EnumerateArray().Select(l => l.GetString()));
        Assert.Contains(run.OutJson.GetProperty("journal").EnumerateArray(), e => e.GetProperty("activityId").GetString() == "b" && e.GetProperty("event").GetString() == "Completed");
    }

    [Fact]
    public async Task A_fault_gives_1_and_names_its_activity()
    {
        using var folder = new TemporaryFolder();
        var file = await WriteAsync(folder, "bad", Line("a", "before"), """{ "id": "f", "type": "Nobody.Knows" }""");

        var run = await CliRun.OfAsync("workflow", "run", file);
        var json = await CliRun.OfAsync("workflow", "run", file, "--json");

        Assert.Equal((1, 1), (run.ExitCode, json.ExitCode));
        Assert.StartsWith("before\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("activity 'f'", run.Error, StringComparison.Ordinal);
        Assert.Equal("f", json.OutJson.GetProperty("incidents")[0].GetProperty("activityId").GetString());
    }

    [Fact]
    public async Task A_document_that_cannot_be_loaded_gives_1_with_file_and_line_on_stderr()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("broken.json"), "{\n \"root\": [");

        var run = await CliRun.OfAsync("workflow", "run", folder.File("broken.json"), "--json");

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains("broken.json, line 2", run.ErrorJson.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Child_workflows_of_the_folder_are_found_and_a_broken_file_beside_them_is_told_and_left_out()
    {
        using var folder = new TemporaryFolder();
        await WriteAsync(folder, "child", Line("c", "from the child"));
        await File.WriteAllTextAsync(folder.File("broken.json"), "{");
        var parent = await WriteAsync(
            folder,
            "parent",
            """{ "id": "x", "type": "Elsa.ExecuteWorkflow", "workflowDefinitionId": { "typeName": "String", "expression": { "type": "Literal", "value": "child" } }, "waitForCompletion": { "typeName": "Boolean", "expression": { "type": "Literal", "value": true } } }""");

        var run = await CliRun.OfAsync("workflow", "run", parent, "--with", folder.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("from the child\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("broken.json", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{")]
    public async Task Input_that_is_no_object_is_a_usage_error(string input)
    {
        using var folder = new TemporaryFolder();
        var file = await WriteAsync(folder, "hello", Line("a", "hello"));

        Assert.Equal(2, (await CliRun.OfAsync("workflow", "run", file, "--input", input)).ExitCode);
    }

    private static string Line(string id, string text) =>
        $$"""{ "id": "{{id}}", "type": "Elsa.WriteLine", "version": 1, "text": { "typeName": "String", "expression": { "type": "Literal", "value": "{{text}}" } } }""";

    private static async Task<string> WriteAsync(TemporaryFolder folder, string id, params string[] activities)
    {
        var file = folder.File(id + ".json");
        await File.WriteAllTextAsync(file, $$"""
            { "definitionId": "{{id}}", "name": "{{id}}", "version": 1, "isLatest": true, "isPublished": true,
              "root": { "id": "root", "type": "Elsa.Sequence", "version": 1, "activities": [ {{string.Join(", ", activities)}} ] } }
            """);
        return file;
    }
}
