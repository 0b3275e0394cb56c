using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Quiesce.Contracts.Rest;
using Quiesce.EndToEnd.Tests.Cli;
using Quiesce.EndToEnd.Tests.Hosts;

namespace Quiesce.EndToEnd.Tests.Crash;

/// <summary>
/// An application with its scripts, a job that protects it, and a real server that can be killed, all in a folder of its own. The scripts do what those of a real application do:
/// pre puts a marker down and refuses where one is, post takes it away; each notes its start.
/// </summary>
internal sealed class CrashSite : IAsyncDisposable
{
    public const string Job = "nightly";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly HttpClient _client = new();
    private QuiesceProcess? _server;
    private Uri? _url;

    /// <param name="source">The application's folder, if not the usual one.</param>
    /// <param name="snapshot">The job's snapshot settings, if not those of the directory provider.</param>
    public CrashSite(string? source = null, int graceSeconds = 60, Func<TestFolder, string>? snapshot = null)
    {
        Directory.CreateDirectory(Runtimes);
        Source = source ?? Folder.Application;
        Points = snapshot is null ? Path.Combine(Path.GetDirectoryName(Source)!, ".quiesce-snapshots") : Folder.At("points");
        // Where the snapshot is a program of the test's own, it is that program that waits at the gate.
        var gate = snapshot is null ? Gate : "/dev/null";
        Folder.Script("pre.sh", $"echo $QUIESCE_SESSION_ID >> {Folder.At("pre-starts")}\n[ ! -e {Marker} ] || exit 9\n: > {Marker}\n[ ! -p {gate} ] || {{ : > {Folder.At("pre-runs")}; read word < {gate}; : > {Folder.At("pre-ended")}; }}");
        Folder.Script("post.sh", $"echo $QUIESCE_SESSION_ID >> {Folder.At("post-starts")}\nrm {Marker}");
        Document = $$"""
            { "name": "{{Job}}", "machines": [ { "name": "here", "connect": "local" } ], "source": { "path": "{{Source}}" }, "snapshot": {{snapshot?.Invoke(Folder) ?? """{ "provider": "directory" }"""}},
              "guestProcessing": { "graceSeconds": {{graceSeconds.ToString(CultureInfo.InvariantCulture)}}, "scripts": { "linux": { "pre": "pre.sh", "post": "post.sh" } } } }
            """;
    }

    public TestFolder Folder { get; } = new();

    public string Source { get; }

    /// <summary>Where restore points are.</summary>
    public string Points { get; }

    /// <summary>Where the guest's runtimes live, and nobody else's.</summary>
    public string Runtimes => Folder.At("run");

    /// <summary>There while the application is quiesced.</summary>
    public string Marker => Folder.At("quiesced");

    /// <summary>A fifo while something is to wait.</summary>
    public string Gate => Folder.At("gate");

    public string Database => Path.Combine(Folder.Data, "quiesce.db");

    private string Document { get; }

    private string ServerFile => Path.Combine(Folder.Data, "server.json");

    private string CheckpointLog => Folder.At("checkpoints");

    /// <summary>The checkpoints that every server here has passed.</summary>
    public IReadOnlyList<string> Checkpoints => File.Exists(CheckpointLog) ? File.ReadAllLines(CheckpointLog) : [];

    /// <summary>Whether the server has ended.</summary>
    public bool HasDied => _server!.HasExited;

    /// <summary>Starts a server that kills itself at a checkpoint, named by number (the first is 1) or by its name. It may be dead before it has said a word.</summary>
    public void Launch(string? killAt = null)
    {
        // Where the next one listens is known when it says so.
        if (File.Exists(ServerFile))
            File.Delete(ServerFile);
        _url = null;
        var environment = new Dictionary<string, string> { ["QUIESCE_CRASH_LOG"] = CheckpointLog, ["DOTNET_TieredPGO"] = "0" };
        if (killAt is not null)
            environment["QUIESCE_CRASH_AT"] = killAt;
        _server = QuiesceProcess.Start(Folder, environment, "serve", "--data", Folder.Data, "--urls", "http://127.0.0.1:0", "--runtime-folder", Runtimes, "--reconnect-wait", "0.2");
    }

    /// <summary>Starts a server and waits until it answers.</summary>
    public async Task ServeAsync(string? killAt = null)
    {
        Launch(killAt);
        await _server!.SaysAsync("Ctrl-C");
    }

    public async Task ApplyAsync()
    {
        var scripts = new[] { "pre.sh", "post.sh" }.ToDictionary(name => name, name => Convert.ToBase64String(File.ReadAllBytes(Folder.At(name))));
        using var answer = await SendAsync(HttpMethod.Post, "/api/jobs", JsonContent.Create(new ApplyJob(Document, "job.json", scripts, null), RestJson.Default.ApplyJob));
    }

    /// <summary>Starts the job. The same key names the same session, whatever has died in between.</summary>
    public async Task<string> StartAsync(string key)
    {
        using var answer = await SendAsync(HttpMethod.Post, $"/api/jobs/{Job}/start", null, key);
        return (await answer.Content.ReadFromJsonAsync(RestJson.Default.StartedSession))!.SessionId;
    }

    /// <summary>Cancels the session of a key, unless it has ended.</summary>
    public async Task CancelAsync(string key)
    {
        try
        {
            using var answer = await SendAsync(HttpMethod.Post, $"/api/sessions/{await StartAsync(key)}/cancel");
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.Conflict)
        {
            // It has ended.
        }
    }

    /// <summary>Asks a server that may be dead before it answers.</summary>
    public async Task TryAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (Exception e) when (e is HttpRequestException { StatusCode: null } or IOException)
        {
            // Killed with the answer on its lips.
        }
    }

    public async Task<SessionReport> EndAsync(string session)
    {
        SessionReport? report = null;
        await UntilAsync(async () => (report = await ReportAsync(session)) is { EndedAt: not null }, () => $"session {session} to end: {Text(report)}\n{_server}");
        return report!;
    }

    public async Task<SessionReport?> ReportAsync(string session)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/api/sessions/{session}");
        return await answer.Content.ReadFromJsonAsync(RestJson.Default.SessionReport);
    }

    public async Task<IReadOnlyList<RestorePoint>> PointsAsync()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/api/restore-points");
        return (await answer.Content.ReadFromJsonAsync(RestJson.Default.PageOfRestorePoint))!.Items;
    }

    /// <summary>Waits until the server has killed itself. False where its session ended first, so that it never came to its checkpoint.</summary>
    public async Task<bool> DiesAsync(string key)
    {
        var session = "";
        await UntilAsync(async () => _server!.HasExited || await EndedAsync(), () => $"the server to die\n{_server}");
        try
        {
            // What follows the end is a handful of checkpoints: it dies at once or not at all.
            await _server!.EndAsync().WaitAsync(TimeSpan.FromSeconds(3));
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }

        async Task<bool> EndedAsync()
        {
            try
            {
                if (session.Length == 0)
                    session = await StartAsync(key);
                return await ReportAsync(session) is { EndedAt: not null };
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // Not up yet, or dead.
                return false;
            }
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _server!.Signal("KILL");
        await _server.EndAsync();
    }

    /// <summary>How often a script was started for a session.</summary>
    public int Starts(string phase, string session) => File.Exists(Folder.At($"{phase}-starts")) ? File.ReadAllLines(Folder.At($"{phase}-starts")).Count(line => line == session) : 0;

    /// <summary>Processes that have anything to do with this site, but for its server.</summary>
    public IReadOnlyList<string> Processes() => SiteProcesses.Of(Runtimes);

    /// <summary>From now on the script that looks at the gate waits there until it is told to go on.</summary>
    public Task BlockAsync() => ToolProcess.RunAsync("mkfifo", Gate);

    /// <summary>Lets what waits at the gate go on.</summary>
    public Task GoOnAsync() => File.WriteAllTextAsync(Gate, "on\n").WaitAsync(Patience);

    /// <summary>From now on nothing waits.</summary>
    public void LetPass() => File.Delete(Gate);

    /// <summary>Waits until a file of the site is there.</summary>
    public Task UntilAsync(string file) => UntilAsync(() => File.Exists(Folder.At(file)), file);

    /// <summary>Waits until something is so, within bounds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> what)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, $"Waited {Patience.TotalSeconds:0} s for {what()}");
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), () => what);

    public static string Text(SessionReport? report) => JsonSerializer.Serialize(report, RestJson.Default.SessionReport!);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _client.Dispose();
        SiteProcesses.Kill(Runtimes);
        Folder.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url(), path)) { Content = content };
        request.Headers.Add("X-Api-Key", (await File.ReadAllTextAsync(Path.Combine(Folder.Data, "local.key"))).Trim());
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        var answer = await _client.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"{method} {path}: {await answer.Content.ReadAsStringAsync()}", null, answer.StatusCode);
        return answer;
    }

    private Uri Url()
    {
        if (_url is not null)
            return _url;
        using var document = JsonDocument.Parse(File.ReadAllText(ServerFile));
        return _url = new Uri(document.RootElement.GetProperty("url").GetString()!);
    }
}
