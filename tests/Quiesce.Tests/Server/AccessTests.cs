using System.Net;
using System.Net.Http.Headers;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Quiesce.Jobs;
using Quiesce.Server;
using Quiesce.Storage;

namespace Quiesce.Tests.Server;

public sealed class AccessTests
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task Health_and_schema_need_no_key_and_nothing_else_is_open()
    {
        await using var server = await RunningServer.StartAsync();
        using var stranger = new HttpClient { BaseAddress = server.Host.Url };

        Assert.Equal("ok", (string?)JsonNode.Parse(await stranger.GetStringAsync(new Uri("api/health", UriKind.Relative)))!["status"]);
        Assert.Contains("https://json-schema.org/draft/2020-12/schema", await stranger.GetStringAsync(new Uri("schemas/job.schema.json", UriKind.Relative)), StringComparison.Ordinal);
        foreach (var path in new[] { "api/jobs", "api/sessions", "api/sessions/x/watch", "api/machines", "api/restore-points", "api/workflows", "api/nothing", "", "api/health/x" })
        {
            using var response = await stranger.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal("unauthorized", (string?)problem["code"]);
            Assert.Contains("X-Api-Key", (string?)problem["detail"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_wrong_key_is_refused_and_both_right_ones_are_let_in()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, client => client.DefaultRequestHeaders.Add("X-Api-Key", "qk_wrong")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, client => client.DefaultRequestHeaders.Add("X-Api-Key", server.Host.AdministratorKey)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, client => client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Host.AdministratorKey)));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(new Uri("api/jobs", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task The_administrator_key_is_made_once_and_stays_valid()
    {
        var first = await RunningServer.StartAsync();
        var key = first.Host.AdministratorKey;
        Assert.NotNull(key);
        await first.StopAsync();

        await using var second = await RunningServer.StartAsync(first.Folder);
        Assert.Null(second.Host.AdministratorKey);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, client => client.DefaultRequestHeaders.Add("X-Api-Key", key)));
    }

    [Fact]
    public async Task No_key_is_stored_or_logged_in_the_clear()
    {
        var server = await RunningServer.StartAsync();
        var (administrator, local) = (server.Host.AdministratorKey!, (await File.ReadAllTextAsync(Path.Combine(server.Folder, "local.key"))).Trim());
        await StatusAsync(server, client => client.DefaultRequestHeaders.Add("X-Api-Key", administrator));
        await server.EndOfAsync(await server.StartJobAsync());
        await server.StopAsync();

        foreach (var file in Directory.EnumerateFiles(server.Folder, "*", SearchOption.AllDirectories))
        {
            var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.DoesNotContain(administrator, text, StringComparison.Ordinal);
            if (Path.GetFileName(file) != "local.key")
                Assert.DoesNotContain(local, text, StringComparison.Ordinal);
        }

        Directory.Delete(server.Folder, recursive: true);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_data_folder_and_what_is_secret_in_it_is_closed_to_others()
    {
        var folder = RunningServer.NewFolder();
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        await using var server = await RunningServer.StartAsync(folder);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        foreach (var name in new[] { "local.key", "server.json", "quiesce.log" })
            Assert.Equal(OwnerFile, File.GetUnixFileMode(Path.Combine(folder, name)));
    }

    [Fact]
    public async Task Clients_on_the_machine_find_the_address_while_it_serves()
    {
        var server = await RunningServer.StartAsync();
        var file = Path.Combine(server.Folder, "server.json");
        var told = JsonNode.Parse(await File.ReadAllTextAsync(file))!;

        Assert.Equal(server.Host.Url, new Uri((string)told["url"]!));
        Assert.Equal(Environment.ProcessId, (int)told["pid"]!);
        Assert.True((DateTimeOffset)told["started"]! <= DateTimeOffset.UtcNow);
        await server.StopAsync();
        Assert.False(File.Exists(file));
        Directory.Delete(server.Folder, recursive: true);
    }

    [Fact]
    public async Task A_lost_local_key_is_made_anew()
    {
        var first = await RunningServer.StartAsync();
        await first.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(first.Folder, "local.key"), "qk_damaged");

        await using var second = await RunningServer.StartAsync(first.Folder);
        Assert.Equal(HttpStatusCode.OK, (await second.Client.GetAsync(new Uri("api/jobs", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_second_server_on_the_folder_is_refused_with_the_first_ones_process()
    {
        await using var server = await RunningServer.StartAsync();

        var refused = await Assert.ThrowsAsync<StorageException>(() => ServerHost.CreateAsync(RunningServer.Options(server.Folder)));
        Assert.Equal(StorageProblem.Locked, refused.Problem);
        Assert.Contains($"{server.Folder} is in use by process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "can be reached from other machines")]
    [InlineData("http://*:0", "can be reached from other machines")]
    [InlineData("http://10.0.0.1:5080", "can be reached from other machines")]
    [InlineData("http://127.0.0.1:0;http://example.org:80", "can be reached from other machines")]
    [InlineData("https://127.0.0.1:5443", "does not hold certificates")]
    [InlineData("127.0.0.1:5080", "is no address to listen on")]
    [InlineData("ftp://127.0.0.1", "is no address to listen on")]
    [InlineData("http://127.0.0.1:5080/base", "host and port only")]
    [InlineData("", "No address to listen on")]
    public async Task An_address_that_makes_no_sense_or_is_not_safe_is_refused_before_anything_is_touched(string urls, string words)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"quiesce-none-{Guid.NewGuid():n}");

        var refused = await Assert.ThrowsAsync<RefusedException>(() => ServerHost.CreateAsync(RunningServer.Options(folder) with { Urls = urls }));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Plain_http_for_others_is_served_when_it_is_allowed_expressly()
    {
        await using var server = await RunningServer.StartAsync(change: options => options with { Urls = "http://0.0.0.0:0", AllowPlainHttp = true });

        Assert.Equal("127.0.0.1", server.Host.Url!.Host);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(new Uri("api/jobs", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("relative/folder")]
    [InlineData("")]
    [InlineData("/tmp")]
    public async Task A_folder_that_cannot_be_closed_to_others_is_refused(string folder) =>
        await Assert.ThrowsAsync<RefusedException>(() => ServerHost.CreateAsync(RunningServer.Options(folder)));

    [Fact]
    public async Task Settings_out_of_bounds_are_named()
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => ServerHost.CreateAsync(RunningServer.Options("/nowhere/at/all") with { SendTimeout = TimeSpan.Zero }));

        Assert.Contains("SendTimeout", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_http_sessions_run_and_no_key_is_made()
    {
        await using var server = await RunningServer.StartAsync(change: options => options with { Urls = null });

        Assert.Null(server.Host.Url);
        Assert.Null(server.Host.AdministratorKey);
        Assert.False(File.Exists(Path.Combine(server.Folder, "local.key")));
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningServer server, Action<HttpClient> identify)
    {
        using var client = new HttpClient { BaseAddress = server.Host.Url };
        identify(client);
        using var response = await client.GetAsync(new Uri("api/jobs", UriKind.Relative));
        return response.StatusCode;
    }
}
