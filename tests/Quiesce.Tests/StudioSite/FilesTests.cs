using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.StudioSite;

public sealed class FilesTests : IAsyncLifetime
{
    private readonly StudioPackage _package = StudioPackage.At();
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(change: options => options with { StudioFolder = _package.Folder });

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _package.Dispose();
    }

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip, br;q=0", "gzip")]
    [InlineData("BR", "br")]
    [InlineData("deflate", null)]
    [InlineData(null, null)]
    public async Task A_file_comes_in_the_best_form_that_the_browser_takes(string? accepts, string? encoding)
    {
        using var response = await GetAsync(StudioPackage.Script, accepts);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("text/javascript", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("Accept-Encoding", response.Headers.Vary.Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(new FileInfo(Path.Combine(_package.Folder, StudioPackage.Script + encoding switch { "br" => ".br", "gzip" => ".gz", _ => "" })).Length, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task A_file_whose_name_changes_with_it_is_fetched_once_and_any_other_is_asked_after()
    {
        using var lasting = await GetAsync(StudioPackage.Fingerprinted, "br");
        using var first = await GetAsync(StudioPackage.Script, "br");
        using var again = await GetAsync(StudioPackage.Script, "br", first.Headers.ETag);
        using var otherForm = await GetAsync(StudioPackage.Script, "gzip", first.Headers.ETag);

        Assert.Equal("public, max-age=31536000, immutable", lasting.Headers.GetValues("Cache-Control").Single());
        Assert.Equal("application/wasm", lasting.Content.Headers.ContentType!.ToString());
        Assert.True(first.Headers.CacheControl!.NoCache);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(HttpStatusCode.OK, otherForm.StatusCode);
    }

    [Fact]
    public async Task A_head_request_says_what_a_get_would_and_sends_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri($"studio/{StudioPackage.Script}", UriKind.Relative));

        using var response = await _server.Client.SendAsync(request);

        Assert.Equal(1500, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("studio/../../etc/passwd")]
    [InlineData("studio/_framework/../../../etc/passwd")]
    [InlineData("studio/..%2f..%2fetc%2fpasswd")]
    [InlineData("studio/_framework/dotnet.js.br")]
    [InlineData("studio/_content/X/x.js.map")]
    [InlineData("studio/package.json")]
    [InlineData("studio/index.html")]
    [InlineData("studio/_framework")]
    [InlineData("studio/shell/0000000000/../host.js")]
    public async Task Nothing_but_the_listed_files_is_served(string path)
    {
        // As it stands: an HTTP client would tidy the path up.
        using var client = new TcpClient();
        await client.ConnectAsync(_server.Host.Url!.Host, _server.Host.Url.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /{path} HTTP/1.1\r\nHost: {_server.Host.Url.Authority}\r\nX-Api-Key: {_server.Client.DefaultRequestHeaders.GetValues("X-Api-Key").Single()}\r\nConnection: close\r\n\r\n"));

        var answer = await new StreamReader(client.GetStream()).ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Studios_files_need_no_key_and_its_pages_do()
    {
        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _server.Host.Url };
        stranger.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        using var file = await stranger.GetAsync(new Uri($"studio/{StudioPackage.Script}", UriKind.Relative));
        using var page = await stranger.GetAsync(new Uri("studio/workflows/definitions/x/edit", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        Assert.Equal("/login?returnUrl=%2Fstudio%2Fworkflows%2Fdefinitions%2Fx%2Fedit", page.Headers.Location!.OriginalString);
    }

    private async Task<HttpResponseMessage> GetAsync(string file, string? accepts, EntityTagHeaderValue? has = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"studio/{file}", UriKind.Relative));
        if (accepts is not null)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        if (has is not null)
            request.Headers.IfNoneMatch.Add(has);
        return await _server.Client.SendAsync(request);
    }
}
