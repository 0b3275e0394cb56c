using System.Text.Json.Nodes;
using Quiesce.EndToEnd.Tests.Cli;

namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>Jobs whose machines are this one: a real directory, real scripts, applied and started from outside the console.</summary>
internal static class ConsoleJobs
{
    /// <summary>A job whose pre script waits until <see cref="LetGo"/>: what runs can be looked at for as long as a test wants.</summary>
    public static async Task ApplyHeldJobAsync(this ServedSite site, string name, int machines = 1)
    {
        var folder = site.Folder;
        folder.Script("pre.sh", $"echo preparing; while [ ! -e {folder.At("go")} ]; do sleep 0.05; done; echo ready");
        folder.Script("post.sh", "echo resumed");
        await ApplyAsync(folder, name, Enumerable.Range(1, machines).Select(number => $"web{number:00}"), "pre.sh", "post.sh");
    }

    /// <summary>The pre scripts that wait go on.</summary>
    public static void LetGo(this ServedSite site) => File.WriteAllText(site.Folder.At("go"), "");

    /// <summary>A job whose pre script fails.</summary>
    public static async Task ApplyFailingJobAsync(this ServedSite site, string name)
    {
        site.Folder.Script("fails.sh", "echo cannot quiesce >&2; exit 3");
        site.Folder.Script("after.sh", "true");
        await ApplyAsync(site.Folder, name, ["db01"], "fails.sh", "after.sh");
    }

    /// <summary>Starts a job from outside the console; the session's id.</summary>
    public static async Task<string> StartJobAsync(this ServedSite site, string name)
    {
        using var response = await site.Rest.PostAsync(new Uri($"api/jobs/{name}/start", UriKind.Relative), null);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return (string)JsonNode.Parse(text)!["sessionId"]!;
    }

    /// <summary>Runs a job to its end, however it ends; the session's id.</summary>
    public static async Task<string> RunJobAsync(this ServedSite site, string name)
    {
        await using var done = await QuiesceProcess.RunAsync(site.Folder, "job", "start", name, "--wait", "--json", "--data", site.Folder.Data);
        return done.OutJson.GetProperty("id").GetString()!;
    }

    private static async Task ApplyAsync(TestFolder folder, string name, IEnumerable<string> machines, string pre, string post)
    {
        await File.WriteAllTextAsync(folder.At($"{name}.json"), $$"""
            { "name": "{{name}}", "machines": [ {{string.Join(", ", machines.Select(machine => $$"""{ "name": "{{machine}}", "connect": "local" }"""))}} ], "source": { "path": "{{folder.Application}}" },
              "guestProcessing": { "scripts": { "linux": { "pre": "{{pre}}", "post": "{{post}}" } } } }
            """);
        await using var done = await QuiesceProcess.RunAsync(folder, "job", "apply", folder.At($"{name}.json"), "--data", folder.Data);
        Assert.True(done.ExitCode == 0, done.ToString());
    }
}
