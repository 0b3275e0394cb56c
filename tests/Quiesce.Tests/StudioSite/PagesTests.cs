using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.StudioSite;

public sealed partial class PagesTests
{
    [Theory]
    [InlineData("definitions", "elsa-workflow-definition-list", "")]
    [InlineData("definitions/machine-snapshot/edit", "elsa-workflow-definition-editor", "machine-snapshot")]
    [InlineData("instances", "elsa-workflow-instance-list", "")]
    [InlineData("instances/abc/view", "elsa-workflow-instance-viewer", "abc")]
    public async Task There_is_a_page_for_each_screen_and_everything_it_names_is_there(string path, string element, string shown)
    {
        using var package = StudioPackage.At();
        await using var server = await RunningServer.StartAsync(change: options => options with { StudioFolder = package.Folder });

        using var response = await server.Client.GetAsync(new Uri($"studio/workflows/{path}", UriKind.Relative));
        var html = await response.Content.ReadAsStringAsync();

        Assert.Contains($"data-element=\"{element}\"", html, StringComparison.Ordinal);
        Assert.Contains($"data-shown=\"{shown}\"", html, StringComparison.Ordinal);
        Assert.Contains("<base href=\"/studio/\">", html, StringComparison.Ordinal);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'self' 'unsafe-inline'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Referrer-Policy").Single());
        foreach (Match one in Shell().Matches(html))
        {
            using var file = await server.Client.GetAsync(new Uri($"studio/{one.Value}", UriKind.Relative));
            Assert.True(file.IsSuccessStatusCode, one.Value);
            Assert.Contains("immutable", file.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
            foreach (Match import in Import().Matches(await file.Content.ReadAsStringAsync()))
                Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(new Uri($"studio/{one.Value[..one.Value.LastIndexOf('/')]}/{import.Groups[1].Value}", UriKind.Relative))).StatusCode);
        }
    }

    [Fact]
    public async Task An_id_cannot_write_into_the_page()
    {
        using var package = StudioPackage.At();
        await using var server = await RunningServer.StartAsync(change: options => options with { StudioFolder = package.Folder });

        var html = await server.Client.GetStringAsync(new Uri($"studio/workflows/definitions/{Uri.EscapeDataString("\"><script>alert(1)</script>")}/edit", UriKind.Relative));

        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("studio", "/studio/workflows/definitions")]
    [InlineData("studio/", "/studio/workflows/definitions")]
    [InlineData("workflows/definitions/a%20b/edit", "/studio/workflows/definitions/a%20b/edit")]
    [InlineData("workflows/instances/i1/view", "/studio/workflows/instances/i1/view")]
    [InlineData("diagnostics/structured-logs?workflowInstanceId=i1", "/studio/workflows/instances/i1/view")]
    [InlineData("diagnostics/structured-logs", "/studio/workflows/instances")]
    public async Task Addresses_that_studio_gets_wrong_lead_where_they_were_meant_to(string path, string expected)
    {
        await using var server = await RunningServer.StartAsync(change: options => options with { StudioFolder = "/nowhere" });
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Host.Url };
        client.DefaultRequestHeaders.Add("X-Api-Key", server.Client.DefaultRequestHeaders.GetValues("X-Api-Key"));

        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(expected, response.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Without_the_files_the_page_says_how_to_add_them_and_adding_them_needs_no_restart()
    {
        var folder = Directory.CreateTempSubdirectory("quiesce-studio-test-").FullName;
        await using var server = await RunningServer.StartAsync(change: options => options with { StudioFolder = folder });

        var before = await server.Client.GetStringAsync(new Uri("studio/workflows/definitions", UriKind.Relative));
        using var package = StudioPackage.At(Path.Combine(folder, "node_modules", StudioPackage.Name));
        var after = await server.Client.GetStringAsync(new Uri("studio/workflows/definitions", UriKind.Relative));

        Assert.Contains($"npm install --ignore-scripts --prefix \"{folder}\" @elsa-workflows/elsa-studio-wasm@3.8.2", before, StringComparison.Ordinal);
        Assert.Contains("elsa-workflow-definition-list", after, StringComparison.Ordinal);
        using var health = await server.Client.GetAsync(new Uri("api/health", UriKind.Relative));
        Assert.True(health.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Files_of_another_version_are_not_shown_and_the_page_names_both()
    {
        using var package = StudioPackage.At(version: "3.9.0");
        await using var server = await RunningServer.StartAsync(change: options => options with { StudioFolder = package.Folder });

        var html = await server.Client.GetStringAsync(new Uri("studio/workflows/definitions", UriKind.Relative));

        Assert.Contains("holds version 3.9.0", html, StringComparison.Ordinal);
        Assert.Contains("works with 3.8.2 only", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-element", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_pinned_version_is_the_one_the_server_is_made_for_and_the_lock_file_names_no_registry()
    {
        var site = Path.Combine(RepositoryFolder.Path, "src", "Quiesce.Server", "Studio", "Site");
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(site, "package.json")));

        Assert.Equal(StudioPackage.Version, manifest.RootElement.GetProperty("dependencies").GetProperty(StudioPackage.Name).GetString());
        var locked = File.ReadAllText(Path.Combine(site, "package-lock.json"));
        Assert.Contains("\"integrity\": \"sha512-", locked, StringComparison.Ordinal);
        Assert.DoesNotContain("://", locked, StringComparison.Ordinal);
    }

    [GeneratedRegex("shell/[0-9a-f]{10}/[a-z.]+")]
    private static partial Regex Shell();

    [GeneratedRegex(@"(?:from|import) '\./([a-z]+\.js)'")]
    private static partial Regex Import();
}
