using System.Text.RegularExpressions;

namespace Quiesce.Tests.Cli;

public sealed partial class ServerCommandTests
{
    [Fact]
    public async Task A_made_key_is_the_only_thing_on_stdout()
    {
        await using var server = (await FakeServer.StartAsync()).Answer("POST /api/keys", """{"id":"k1","name":"nightly","role":"operator","key":"qk_secret"}""", 201);

        var run = await CliRun.OfAsync(server.Environment, "key", "create", "nightly");

        Assert.Equal((0, "qk_secret"), (run.ExitCode, run.Out.Trim()));
        Assert.Contains("cannot be shown again", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_are_not_named_stay()
    {
        await using var server = (await FakeServer.StartAsync()).Answer("GET /api/settings", """{"sessionWeeks":4,"auditDays":90}""").Answer("PUT /api/settings", """{"sessionWeeks":26,"auditDays":90}""");

        var run = await CliRun.OfAsync(server.Environment, "settings", "set", "--session-weeks", "26");

        Assert.Equal((0, "Sessions are kept for 26 week(s), the audit for 90 day(s)."), (run.ExitCode, run.Out.Trim()));
        Assert.Equal(2, (await CliRun.OfAsync(server.Environment, "settings", "set")).ExitCode);
    }

    [Fact]
    public async Task A_leftover_that_stays_fails_the_command_with_the_reason()
    {
        await using var server = (await FakeServer.StartAsync()).Answer("POST /api/leftovers/left-1/retry", """{"id":"left-1","done":false,"problem":"no answer"}""");

        var run = await CliRun.OfAsync(server.Environment, "leftover", "retry", "left-1");

        Assert.Equal((1, "left-1 is still there: no answer"), (run.ExitCode, run.Out.Trim()));
    }

    [Fact]
    public async Task A_list_that_spans_pages_is_printed_whole()
    {
        await using var server = (await FakeServer.StartAsync())
            .Answer("GET /api/keys?page=0&pageSize=500", """{"items":[{"id":"a","name":"one","role":"viewer","createdAt":"2026-03-01T12:00:00+00:00","createdBy":null,"lastUsed":null,"isYours":false}],"total":2,"page":0,"pageSize":500}""")
            .Answer("GET /api/keys?page=1&pageSize=500", """{"items":[{"id":"b","name":"two","role":"viewer","createdAt":"2026-03-01T12:00:00+00:00","createdBy":"one","lastUsed":null,"isYours":true}],"total":2,"page":1,"pageSize":500}""");

        var run = await CliRun.OfAsync(server.Environment, "key", "list");

        Assert.Contains("one", run.Out, StringComparison.Ordinal);
        Assert.Contains("two", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_that_are_about_a_server_speak_rest_and_nothing_else()
    {
        // These compose server and proxy in their own process, or read definition files without a server; that is what they are for. QuiesceCommandLine shows the exceptions that come out of that.
        string[] composing = ["DiffWorkflowCommand.cs", "ValidateWorkflowCommand.cs", "ServeCommand.cs", "RunCommand.cs", "RunJob.cs", "DemoCommand.cs", "DemoWriterCommand.cs", "RunWorkflowCommand.cs", "LocalRunJson.cs", "QuiesceCommandLine.cs"];
        var cli = Path.Combine(RepositoryFolder.Path, "src", "Quiesce.Cli");
        var others = Directory.EnumerateFiles(cli, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(cli, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "Hosting" or "Demo") && !composing.Contains(Path.GetFileName(file)));

        Assert.DoesNotContain(others, file => Inside().IsMatch(File.ReadAllText(file)));
    }

    [GeneratedRegex(@"^using Quiesce\.(Server|Jobs|Storage|Proxy|Engine)\b", RegexOptions.Multiline)]
    private static partial Regex Inside();
}
