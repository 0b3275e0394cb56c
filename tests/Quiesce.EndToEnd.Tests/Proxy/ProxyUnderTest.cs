using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.EndToEnd.Tests.Hosts;
using Quiesce.Proxy;

namespace Quiesce.EndToEnd.Tests.Proxy;

/// <summary>The proxy's own code with real agents, and the requests that a session would send.</summary>
internal sealed class ProxyUnderTest(ProxyOptions options) : IAsyncDisposable
{
    private GuestOperations operations = new(options, TimeProvider.System, NullLogger<GuestOperations>.Instance);

    public ConcurrentQueue<OperationProgress> Progress { get; } = new();

    public static async Task<ProxyUnderTest> ForAsync(SshGuest guest, Func<ProxyOptions, ProxyOptions>? change = null)
    {
        var options = new ProxyOptions
        {
            AgentDownloads = await PublishedAgent.DownloadsAsync(),
            KnownHostsFile = guest.KnownHosts,
            RuntimeFolder = guest.RuntimeFolder,
            ReconnectDelay = TimeSpan.FromMilliseconds(500),
        };
        return new ProxyUnderTest(change?.Invoke(options) ?? options);
    }

    public static Guest Guest(SshGuest guest, string deployment = "e2e-1") => new("db1", guest.Connect, guest.Identity, "linux", deployment);

    public static Guest Here(string deployment = "e2e-1") => new("here", "local", null, "linux", deployment);

    public Task<OperationReply> AskAsync(OperationRequest request) =>
        operations.HandleAsync(request, Progress.Enqueue, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));

    public async Task<T> AskAsync<TRequest, T>(Guest guest, string verb, TRequest body, JsonTypeInfo<TRequest> ask, JsonTypeInfo<T> answer, string? id = null, int attempt = 1)
    {
        var reply = await AskAsync(Request(guest, verb, body, ask, id, attempt));
        Assert.True(reply.Failure is null, $"{verb} failed: {reply.Failure}");
        return reply.Body!.Value.Deserialize(answer)!;
    }

    public static OperationRequest Request<T>(Guest guest, string verb, T body, JsonTypeInfo<T> type, string? id = null, int attempt = 1) =>
        new(1, id ?? $"{guest.DeploymentId}/{verb}", "instance", "session", guest, verb, JsonSerializer.SerializeToElement(body, type), attempt);

    public Task<PrepareGuestReply> PrepareAsync(Guest guest, int graceSeconds = 60) =>
        AskAsync(guest, Verbs.PrepareGuest, new PrepareGuestRequest(graceSeconds, 600), ContractsJson.Default.PrepareGuestRequest, ContractsJson.Default.PrepareGuestReply);

    public Task<ReleaseGuestReply> ReleaseAsync(Guest guest) =>
        AskAsync(guest, Verbs.ReleaseGuest, new ReleaseGuestRequest(), ContractsJson.Default.ReleaseGuestRequest, ContractsJson.Default.ReleaseGuestReply);

    public static OperationRequest Script(Guest guest, string text, string id = "script-1", int attempt = 1, string phase = "pre", EntrustedScript? entrusted = null) =>
        Request(guest, Verbs.RunScript, new RunScriptRequest(phase, File(text), 60, 0, false, new Dictionary<string, string>(), entrusted), ContractsJson.Default.RunScriptRequest, id, attempt);

    public static ScriptFile File(string text)
    {
        var bytes = Encoding.UTF8.GetBytes("#!/bin/sh\n" + text + "\n");
        return new ScriptFile("script.sh", Convert.ToBase64String(bytes), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    public static RunScriptReply ScriptOf(OperationReply reply)
    {
        Assert.True(reply.Body is not null, $"The script failed: {reply.Failure}");
        return reply.Body.Value.Deserialize(ContractsJson.Default.RunScriptReply)!;
    }

    /// <summary>As if the process had died: nothing is remembered and no goodbye was said.</summary>
    public async Task RestartAsync()
    {
        await operations.DisposeAsync();
        operations = new GuestOperations(options, TimeProvider.System, NullLogger<GuestOperations>.Instance);
    }

    /// <summary>Waits until something is so, within bounds.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Waited a minute for {what}.");
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => operations.DisposeAsync();
}
