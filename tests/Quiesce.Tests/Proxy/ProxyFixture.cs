using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Proxy;

namespace Quiesce.Tests.Proxy;

/// <summary>A proxy with a folder of its own in place of /tmp, short waits, and programs written by the test in place of ssh and the agent.</summary>
internal sealed class ProxyFixture : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("qp-");
    private readonly List<FakeAgent> agents = [];
    private GuestOperations? operations;

    public ProxyFixture() => Options = new ProxyOptions
    {
        AgentPath = Path.Combine(folder.FullName, "agent"),
        AgentDownloads = Path.Combine(folder.FullName, "downloads"),
        RuntimeFolder = Directory.CreateDirectory(Path.Combine(folder.FullName, "r")).FullName,
        SshProgram = Path.Combine(folder.FullName, "ssh"),
        ReconnectDelay = TimeSpan.FromMilliseconds(20),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        StartTimeout = TimeSpan.FromSeconds(5),
        OrphanWait = TimeSpan.FromMilliseconds(300),
        ReplyAllowance = TimeSpan.FromSeconds(20),
        MaxConcurrentTasks = 8,
    };

    public ProxyOptions Options { get; set; }

    public string Folder => folder.FullName;

    public ConcurrentQueue<OperationProgress> Progress { get; } = new();

    public GuestOperations Operations => operations ??= new GuestOperations(Options, TimeProvider.System, NullLogger<GuestOperations>.Instance);

    public FakeAgent Agent(string deployment = "d1")
    {
        var agent = new FakeAgent(Options.RuntimeFolder, deployment);
        agents.Add(agent);
        return agent;
    }

    /// <summary>A new process, as far as the proxy can tell: nothing is remembered, links were cut without a goodbye.</summary>
    public async Task RestartAsync()
    {
        if (operations is { } old)
            await old.DisposeAsync();
        operations = null;
    }

    public static Guest Guest(string connect = "local", string deployment = "d1", string? identity = null) => new("db1", connect, identity, "linux", deployment);

    public static OperationRequest Request<T>(string verb, T body, JsonTypeInfo<T> type, string id = "op-1", int attempt = 1, Guest? guest = null) =>
        new(1, id, "instance-1", "session-1", guest ?? Guest(), verb, JsonSerializer.SerializeToElement(body, type), attempt);

    public static OperationRequest Script(string phase = "pre", string id = "op-1", int attempt = 1, int timeoutSeconds = 60) =>
        Request(Verbs.RunScript, new RunScriptRequest(phase, new ScriptFile("x.sh", "", ""), timeoutSeconds, 0, false, new Dictionary<string, string>(), null), ContractsJson.Default.RunScriptRequest, id, attempt);

    public static OperationRequest Prepare(int attempt = 1, Guest? guest = null, string id = "prepare-1") =>
        Request(Verbs.PrepareGuest, new PrepareGuestRequest(60, 3600), ContractsJson.Default.PrepareGuestRequest, id, attempt, guest);

    public static OperationRequest Release(int attempt = 1, string id = "release-1") =>
        Request(Verbs.ReleaseGuest, new ReleaseGuestRequest(), ContractsJson.Default.ReleaseGuestRequest, id, attempt);

    public static RunScriptReply ScriptReply(string phase = "pre", bool byOrphanRule = false) =>
        new(phase, true, 0, false, 5, "out", "", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "guest", "root", byOrphanRule);

    public static JsonElement Json<T>(T body, JsonTypeInfo<T> type) => JsonSerializer.SerializeToElement(body, type);

    public async Task<OperationReply> HandleAsync(OperationRequest request) =>
        await Operations.HandleAsync(request, Progress.Enqueue, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

    public string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public void WriteRecord(OrphanRecord record) =>
        File.WriteAllText(Path.Combine(Options.RuntimeFolder, $"quiesce-orphan-{record.DeploymentId}.json"), JsonSerializer.Serialize(record, ContractsJson.Default.OrphanRecord));

    /// <summary>Waits until something is so, within bounds.</summary>
    public static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
            await tick.WaitForNextTickAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await RestartAsync();
        foreach (var agent in agents)
            await agent.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
