using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Client;

/// <summary>The server's REST API, one method a route. Every failure is a <see cref="CliException"/> with the server's own words.</summary>
internal sealed partial class ServerClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly ServerAddress _address;

    public ServerClient(ServerAddress address, HttpMessageHandler? handler = null)
    {
        _address = address;
        // A restore or a machine test takes as long as it takes; whoever is tired of waiting presses Ctrl-C.
        _http = new HttpClient(handler ?? new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) }) { BaseAddress = address.Url, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Add("X-Api-Key", address.ApiKey);
    }

    /// <summary>The server on the data folder that was named, or whichever the environment names.</summary>
    public static ServerClient Connect(Terminal terminal, string? dataFolder) => new(ServerAddress.Find(terminal, dataFolder));

    public Task<string> ApplyJobAsync(ApplyJob job, CancellationToken cancellation) => TextAsync(HttpMethod.Post, "api/jobs", Body(job, RestJson.Default.ApplyJob), cancellation);

    public Task<IReadOnlyList<JobSummary>> JobsAsync(CancellationToken cancellation) => AllAsync("api/jobs", RestJson.Default.PageOfJobSummary, cancellation);

    public Task<string> JobAsync(string name, CancellationToken cancellation) => TextAsync(HttpMethod.Get, $"api/jobs/{Part(name)}", null, cancellation);

    public Task DeleteJobAsync(string name, CancellationToken cancellation) => TextAsync(HttpMethod.Delete, $"api/jobs/{Part(name)}", null, cancellation);

    /// <param name="idempotencyKey">A repeat with the same key starts nothing and answers with the session of the first.</param>
    /// <param name="startChained">Whether the jobs after it start when it has ended.</param>
    public Task<StartedSession> StartJobAsync(string name, string idempotencyKey, bool startChained, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"api/jobs/{Part(name)}/start{(startChained ? "?startChainedJobs=true" : "")}", null, RestJson.Default.StartedSession, cancellation, idempotencyKey);

    /// <param name="cancelChained">Whether the jobs after it are not started then.</param>
    public Task StopJobAsync(string name, bool now, bool cancelChained, CancellationToken cancellation) =>
        TextAsync(HttpMethod.Post, $"api/jobs/{Part(name)}/stop?now={(now ? "true" : "false")}{(cancelChained ? "&cancelChainedJobs=true" : "")}", null, cancellation);

    public Task EnableJobAsync(string name, bool isEnabled, CancellationToken cancellation) =>
        TextAsync(HttpMethod.Post, $"api/jobs/{Part(name)}/{(isEnabled ? "enable" : "disable")}", null, cancellation);

    public Task<SchedulePreview> ScheduleAsync(string name, int count, CancellationToken cancellation) =>
        GetAsync($"api/jobs/{Part(name)}/schedule/preview?count={count}", RestJson.Default.SchedulePreview, cancellation);

    /// <param name="machines">Null for all that failed.</param>
    public Task<StartedSession> RetrySessionAsync(string id, IReadOnlyList<string>? machines, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"api/sessions/{Part(id)}/retry", Body(new RetrySession(machines), RestJson.Default.RetrySession), RestJson.Default.StartedSession, cancellation);

    /// <param name="page">From 0.</param>
    public async Task<IReadOnlyList<SessionSummary>> SessionsAsync(string? job, int page, int pageSize, CancellationToken cancellation) =>
        (await GetAsync($"api/sessions?page={page}&pageSize={pageSize}{(job is null ? "" : $"&job={Part(job)}")}", RestJson.Default.PageOfSessionSummary, cancellation)).Items;

    public Task<SessionReport> SessionAsync(string id, CancellationToken cancellation) => GetAsync($"api/sessions/{Part(id)}", RestJson.Default.SessionReport, cancellation);

    public Task CancelSessionAsync(string id, CancellationToken cancellation) => TextAsync(HttpMethod.Post, $"api/sessions/{Part(id)}/cancel", null, cancellation);

    public Task<IReadOnlyList<MachineSummary>> MachinesAsync(CancellationToken cancellation) => AllAsync("api/machines", RestJson.Default.PageOfMachineSummary, cancellation);

    public Task AddMachineAsync(MachineEntry machine, CancellationToken cancellation) => TextAsync(HttpMethod.Post, "api/machines", Body(machine, RestJson.Default.MachineEntry), cancellation);

    public Task RemoveMachineAsync(string name, CancellationToken cancellation) => TextAsync(HttpMethod.Delete, $"api/machines/{Part(name)}", null, cancellation);

    public Task<MachineTest> TestMachineAsync(string name, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"api/machines/{Part(name)}/test", null, RestJson.Default.MachineTest, cancellation);

    public Task<IReadOnlyList<RestorePoint>> RestorePointsAsync(CancellationToken cancellation) => AllAsync("api/restore-points", RestJson.Default.PageOfRestorePoint, cancellation);

    public Task<Restored> RestoreAsync(string id, RestoreRequest request, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"api/restore-points/{Part(id)}/restore", Body(request, RestJson.Default.RestoreRequest), RestJson.Default.Restored, cancellation);

    public Task DeleteRestorePointAsync(string id, CancellationToken cancellation) => TextAsync(HttpMethod.Delete, $"api/restore-points/{Part(id)}", null, cancellation);

    public Task<IReadOnlyList<KeySummary>> KeysAsync(CancellationToken cancellation) => AllAsync("api/keys", RestJson.Default.PageOfKeySummary, cancellation);

    public Task<CreatedKey> CreateKeyAsync(NewKey key, CancellationToken cancellation) => SendAsync(HttpMethod.Post, "api/keys", Body(key, RestJson.Default.NewKey), RestJson.Default.CreatedKey, cancellation);

    /// <param name="key">Its id or name.</param>
    public Task DeleteKeyAsync(string key, CancellationToken cancellation) => TextAsync(HttpMethod.Delete, $"api/keys/{Part(key)}", null, cancellation);

    public Task<ServerSettings> SettingsAsync(CancellationToken cancellation) => GetAsync("api/settings", RestJson.Default.ServerSettings, cancellation);

    public Task<ServerSettings> ChangeSettingsAsync(ServerSettings settings, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Put, "api/settings", Body(settings, RestJson.Default.ServerSettings), RestJson.Default.ServerSettings, cancellation);

    public Task<ServerFacts> ServerAsync(CancellationToken cancellation) => GetAsync("api/server", RestJson.Default.ServerFacts, cancellation);

    /// <param name="page">From 0.</param>
    public async Task<IReadOnlyList<AuditEntry>> AuditAsync(string? by, string? subject, int page, int pageSize, CancellationToken cancellation) =>
        (await GetAsync($"api/audit?page={page}&pageSize={pageSize}{(by is null ? "" : $"&by={Part(by)}")}{(subject is null ? "" : $"&subject={Part(subject)}")}", RestJson.Default.PageOfAuditEntry, cancellation)).Items;

    public Task<IReadOnlyList<ProxySummary>> ProxiesAsync(CancellationToken cancellation) => AllAsync("api/proxies", RestJson.Default.PageOfProxySummary, cancellation);

    public Task<IReadOnlyList<LeftoverSummary>> LeftoversAsync(string? machine, CancellationToken cancellation) =>
        AllAsync($"api/leftovers{(machine is null ? "" : $"?machine={Part(machine)}")}", RestJson.Default.PageOfLeftoverSummary, cancellation);

    public Task<LeftoverRetried> RetryLeftoverAsync(string id, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"api/leftovers/{Part(id)}/retry", null, RestJson.Default.LeftoverRetried, cancellation);

    /// <param name="page">From 0.</param>
    public async Task<IReadOnlyList<WorkflowInstance>> InstancesAsync(string? definition, string? status, int page, int pageSize, CancellationToken cancellation) =>
        (await GetAsync($"api/instances?page={page}&pageSize={pageSize}{(definition is null ? "" : $"&definition={Part(definition)}")}{(status is null ? "" : $"&status={Part(status)}")}", RestJson.Default.PageOfWorkflowInstance, cancellation)).Items;

    public Task<string> InstanceAsync(string id, CancellationToken cancellation) => TextAsync(HttpMethod.Get, $"api/instances/{Part(id)}", null, cancellation);

    public Task<InstancesTouched> CancelInstanceAsync(string id, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"api/instances/{Part(id)}/cancel", null, RestJson.Default.InstancesTouched, cancellation);

    /// <param name="idempotencyKey">A repeat with the same key retries nothing a second time.</param>
    public Task<InstancesTouched> RetryInstanceAsync(string id, string idempotencyKey, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"api/instances/{Part(id)}/retry", null, RestJson.Default.InstancesTouched, cancellation, idempotencyKey);

    /// <summary>A link that logs a browser on the server's machine in, once.</summary>
    public Task<LoginLink> LoginLinkAsync(CancellationToken cancellation) => SendAsync(HttpMethod.Post, "api/login-links", null, RestJson.Default.LoginLink, cancellation);

    /// <summary>The session's report each time it changes, until it has ended or the server closes the stream.</summary>
    public async IAsyncEnumerable<SessionReport> WatchAsync(string id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/sessions/{Part(id)}/watch");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await CheckedAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        await foreach (var report in SessionEvents.ReadAsync(stream, cancellation))
            yield return report;
    }

    public void Dispose() => _http.Dispose();

    private static string Part(string value) => Uri.EscapeDataString(value);

    private static JsonContent Body<T>(T value, JsonTypeInfo<T> type) => JsonContent.Create(value, type);

    private static StringContent Document(string text) => new(text, Encoding.UTF8, "application/json");

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, type, cancellation);

    /// <summary>Every item of a list, page by page.</summary>
    private async Task<IReadOnlyList<T>> AllAsync<T>(string path, JsonTypeInfo<PageOf<T>> type, CancellationToken cancellation)
    {
        const int size = 500;
        List<T> items = [];
        for (var page = 0; ; page++)
        {
            var part = await GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}page={page}&pageSize={size}", type, cancellation);
            items.AddRange(part.Items);
            if (part.Items.Count == 0 || items.Count >= part.Total)
                return items;
        }
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancellation, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await CheckedAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        return await ServerProblem.ReadAsync(response, type, cancellation);
    }

    private async Task<string> TextAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var response = await CheckedAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    private async Task<HttpResponseMessage> CheckedAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, completion, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw ServerProblem.Unreachable(_address, e);
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await ServerProblem.ExplainAsync(_address, response, cancellation);
    }
}
