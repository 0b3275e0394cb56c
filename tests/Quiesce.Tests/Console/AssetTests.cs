using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.Console;

public sealed partial class AssetTests
{
    [Fact]
    public async Task Everything_that_a_page_loads_is_served_without_a_key_compressed_and_kept_for_ever()
    {
        await using var server = await RunningServer.StartAsync();
        var page = await server.Client.GetStringAsync(new Uri("sessions", UriKind.Relative));
        using var stranger = new HttpClient { BaseAddress = server.Host.Url };

        var addresses = AssetAddress().Matches(page).Select(match => WebUtility.HtmlDecode(match.Value)).Distinct().ToList();

        Assert.Contains(addresses, address => address.EndsWith("_framework/blazor.web.js", StringComparison.Ordinal));
        Assert.Contains(addresses, address => address.EndsWith("console.css", StringComparison.Ordinal));
        foreach (var address in addresses)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Add("Accept-Encoding", "br, gzip");
            using var response = await stranger.SendAsync(request);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address}: {response.StatusCode}");
            Assert.Contains("immutable", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal("br", Assert.Single(response.Content.Headers.ContentEncoding));
            await using var unpacked = new BrotliStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            await unpacked.CopyToAsync(bytes);
            Assert.Equal((await stranger.GetByteArrayAsync(new Uri(address, UriKind.Relative))).Length, bytes.Length);
        }
    }

    [Fact]
    public async Task A_page_of_another_build_gets_what_there_is_now_and_does_not_keep_it()
    {
        await using var server = await RunningServer.StartAsync();

        using var response = await server.Client.GetAsync(new Uri("assets/0123456789ab/console.js", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoCache);
    }

    [Theory]
    [InlineData("assets/x/nothing.js")]
    [InlineData("assets/x/blazor-script-carrier")]
    [InlineData("assets/x/../../local.key")]
    [InlineData("assets/x/%2e%2e/local.key")]
    public async Task Nothing_else_is_an_asset(string address)
    {
        await using var server = await RunningServer.StartAsync();

        using var response = await server.Client.GetAsync(new Uri(address, UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_page_allows_nothing_but_this_servers_own_files()
    {
        await using var server = await RunningServer.StartAsync();

        using var response = await server.Client.GetAsync(new Uri("sessions", UriKind.Relative));

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("theme=dark", "dark")]
    [InlineData("theme=light", "light")]
    [InlineData("theme=%22onload%3D", "system")]
    [InlineData("other=1", "system")]
    public async Task The_first_paint_has_the_theme_of_the_cookie(string cookie, string theme)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "sessions");
        request.Headers.Add("Cookie", cookie);

        using var response = await server.Client.SendAsync(request);

        Assert.Contains($"<html lang=\"en\" data-theme=\"{theme}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [GeneratedRegex("/assets/[^\"]+")]
    private static partial Regex AssetAddress();
}
