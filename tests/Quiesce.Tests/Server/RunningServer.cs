using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Contracts.Rest;
using Quiesce.Server;
using Quiesce.Tests.Documents;

namespace Quiesce.Tests.Server;

/// <summary>The real server on a free loopback port with a folder of its own, and guests that pretend.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private RunningServer(ServerHost host, string folder, SimulatedGuest guest) => (Host, Folder, Guest) = (host, folder, guest);

    public ServerHost Host { get; }
    public string Folder { get; }
    public SimulatedGuest Guest { get; }
    /// <summary>With the local key.</summary>
    public HttpClient Client { get; } = new() { Timeout = Patience };

    public static string NewFolder() => Directory.CreateTempSubdirectory("quiesce-server-test-").FullName;

    public static ServerOptions Options(string folder) => new()
    {
        DataFolder = folder, Urls = "http://127.0.0.1:0", ShippedWorkflows = Path.Combine(RepositoryFolder.Path, "workflows"), WorkflowPoll = TimeSpan.FromMilliseconds(300),
        SendTimeout = TimeSpan.FromSeconds(2), SendAgain = TimeSpan.FromMilliseconds(100), AskAgain = TimeSpan.FromSeconds(20), LogFile = true,
    };

    public static async Task<RunningServer> StartAsync(string? folder = null, Func<ServerOptions, ServerOptions>? change = null, SimulatedGuest? guest = null)
    {
        folder ??= NewFolder();
        guest ??= new SimulatedGuest();
        var options = Options(folder);
        var host = await ServerHost.CreateAsync(change?.Invoke(options) ?? options, services => services.AddSingleton(guest), bus => bus.AddConsumer<SimulatedGuestConsumer>());
        await host.StartAsync();
        var server = new RunningServer(host, folder, guest);
        if (host.Url is not null)
        {
            server.Client.BaseAddress = host.Url;
            server.Client.DefaultRequestHeaders.Add("X-Api-Key", (await File.ReadAllTextAsync(Path.Combine(folder, "local.key"))).Trim());
        }

        return server;
    }

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.True(response.IsSuccessStatusCode, $"{path}: {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync(type))!;
    }

    /// <summary>The items of a list's page.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string path, JsonTypeInfo<PageOf<T>> type) => (await GetAsync(path, type)).Items;

    public Task<(int Status, JsonNode? Body)> PostAsync(string path, string? body = null, string? idempotencyKey = null) => SendAsync(HttpMethod.Post, path, body, idempotencyKey);

    /// <summary>A client with a key of its own of this role.</summary>
    public async Task<HttpClient> ClientOfAsync(string role, string? name = null)
    {
        var made = await PostAsync("api/keys", JsonSerializer.Serialize(new NewKey(name ?? $"a {role}", role), RestJson.Default.NewKey));
        Assert.Equal(201, made.Status);
        var client = new HttpClient { BaseAddress = Host.Url, Timeout = Patience };
        client.DefaultRequestHeaders.Add("X-Api-Key", (string)made.Body!["key"]!);
        return client;
    }

    public async Task<(int Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? body = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public Task<(int Status, JsonNode? Body)> ApplyAsync(string document) =>
        PostAsync("api/jobs", JsonSerializer.Serialize(JobText.Apply(document), RestJson.Default.ApplyJob));

    /// <summary>Applies the smallest job under a name and starts it; the session's id.</summary>
    public async Task<string> StartJobAsync(string name = "small", string? document = null)
    {
        var applied = await ApplyAsync(document ?? JobText.Plain.Replace("small", name, StringComparison.Ordinal));
        Assert.Equal(200, applied.Status);
        var started = await PostAsync($"api/jobs/{name}/start");
        Assert.Equal(202, started.Status);
        return (string)started.Body!["sessionId"]!;
    }

    public async Task<SessionReport> EndOfAsync(string sessionId)
    {
        SessionReport? report = null;
        await Until(async () => (report = await GetAsync($"api/sessions/{sessionId}", RestJson.Default.SessionReport)).EndedAt is not null, $"session {sessionId} to end");
        return report!;
    }

    /// <summary>Waits for a condition, and says what did not come.</summary>
    public static async Task Until(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
            try
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"waited {Patience} in vain for {what}");
            }
    }

    public static Task Until(Func<bool> condition, string what) => Until(() => Task.FromResult(condition()), what);

    /// <summary>Stops the server and leaves its folder, for the next one.</summary>
    public async Task StopAsync()
    {
        await Host.DisposeAsync();
        Client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
