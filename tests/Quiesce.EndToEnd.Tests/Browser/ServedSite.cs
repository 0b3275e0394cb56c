using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Quiesce.EndToEnd.Tests.Cli;

namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>The real <c>quiesce serve</c> with a data folder of its own, and REST beside the browser to see what became of things.</summary>
internal sealed class ServedSite : IAsyncDisposable
{
    private readonly string[] _arguments;
    private QuiesceProcess _process;

    private ServedSite(TestFolder folder, QuiesceProcess process, string[] arguments) => (Folder, _process, _arguments) = (folder, process, arguments);

    public TestFolder Folder { get; }

    public HttpClient Rest { get; private set; } = new();

    public Uri Url { get; private set; } = null!;

    public string Key { get; private set; } = "";

    public string Workflows => Path.Combine(Folder.Data, "workflows");

    /// <summary>Starts a server, with definitions of the test's own beside the shipped ones.</summary>
    public static async Task<ServedSite> StartAsync(IReadOnlyDictionary<string, string>? definitions = null, params string[] arguments)
    {
        var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Data, "workflows"));
        foreach (var (file, text) in definitions ?? new Dictionary<string, string>())
            await File.WriteAllTextAsync(Path.Combine(folder.Data, "workflows", file), text);
        var site = new ServedSite(folder, QuiesceProcess.Start(folder, ["serve", "--data", folder.Data, "--urls", "http://127.0.0.1:0", .. arguments]), arguments);
        await site.ReadyAsync();
        return site;
    }

    /// <summary>The server goes away at once, as in a crash.</summary>
    public async Task KillAsync()
    {
        _process.Signal("KILL");
        await _process.EndAsync();
        await _process.DisposeAsync();
    }

    /// <summary>It comes back where it was.</summary>
    public async Task ComeBackAsync()
    {
        _process = QuiesceProcess.Start(Folder, ["serve", "--data", Folder.Data, "--urls", Url.ToString().TrimEnd('/'), .. _arguments]);
        await ReadyAsync();
    }

    public async Task<JsonNode> GetAsync(string path) => (await Rest.GetFromJsonAsync<JsonNode>(new Uri(path, UriKind.Relative)))!;

    public async Task<JsonNode> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await Rest.PostAsync(new Uri(path, UriKind.Relative), content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    /// <summary>Asks Studio's own API.</summary>
    public Task<JsonNode> LatestAsync(string definitionId) => GetAsync($"elsa/api/workflow-definitions/by-definition-id/{definitionId}?versionOptions=Latest");

    public async ValueTask DisposeAsync()
    {
        Rest.Dispose();
        await _process.DisposeAsync();
        Folder.Dispose();
    }

    private async Task ReadyAsync()
    {
        await _process.SaysAsync("Ctrl-C");
        Url = new Uri(_process.Out.Split([' ', '\n']).First(word => word.StartsWith("http", StringComparison.Ordinal)).TrimEnd(','));
        Key = (await File.ReadAllTextAsync(Path.Combine(Folder.Data, "local.key"))).Trim();
        Rest.Dispose();
        Rest = new HttpClient { BaseAddress = Url };
        Rest.DefaultRequestHeaders.Add("X-Api-Key", Key);
    }
}
