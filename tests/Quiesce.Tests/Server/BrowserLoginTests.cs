using System.Net;
using System.Text.Json.Nodes;

namespace Quiesce.Tests.Server;

public sealed class BrowserLoginTests
{
    [Fact]
    public async Task A_page_leads_to_the_log_in_and_the_log_in_back_to_the_page()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server.Host.Url!);

        var asked = await browser.GetAsync("sessions?job=nightly");
        Assert.Equal((HttpStatusCode.Redirect, "/login?returnUrl=%2Fsessions%3Fjob%3Dnightly"), (asked.StatusCode, asked.Headers.Location!.OriginalString));
        Assert.Contains("value=\"/sessions?job=nightly\"", await (await browser.GetAsync("login?returnUrl=%2Fsessions%3Fjob%3Dnightly")).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var entered = await browser.LogInAsync(server.Host.AdministratorKey!, "/sessions?job=nightly");
        Assert.Equal((HttpStatusCode.SeeOther, "/sessions?job=nightly"), (entered.StatusCode, entered.Headers.Location!.OriginalString));
        var cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(server.Host.AdministratorKey!, cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("api/jobs")).StatusCode);
    }

    [Theory]
    [InlineData("//elsewhere.example/x")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("https://elsewhere.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/a\nb")]
    [InlineData("/login?returnUrl=/login")]
    [InlineData("")]
    public async Task Nobody_is_led_to_another_site(string to)
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server.Host.Url!);

        Assert.Equal("/", (await browser.LogInAsync(server.Host.AdministratorKey!, to)).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_log_in_survives_a_restart_and_ends_with_a_log_out_also_for_copies_of_its_cookie()
    {
        var first = await RunningServer.StartAsync();
        using var browser = new Browser(first.Host.Url!);
        await browser.LogInAsync(first.Host.AdministratorKey!);
        await first.StopAsync();

        await using var second = await RunningServer.StartAsync(first.Folder);
        using var later = new Browser(second.Host.Url!, browser.Cookies);
        using var copy = new Browser(second.Host.Url!, browser.Cookies);
        Assert.Equal(HttpStatusCode.OK, (await later.GetAsync("api/jobs")).StatusCode);

        Assert.Equal(HttpStatusCode.SeeOther, (await later.PostAsync("logout")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await later.GetAsync("api/jobs")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await copy.GetAsync("api/jobs")).StatusCode);
    }

    [Theory]
    [InlineData("https://elsewhere.example", null)]
    [InlineData("null", null)]
    [InlineData(null, "cross-site")]
    [InlineData(null, "same-site")]
    [InlineData(null, null)]
    public async Task What_another_site_makes_the_browser_send_is_refused(string? origin, string? site)
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server.Host.Url!);
        await browser.LogInAsync(server.Host.AdministratorKey!);

        var refused = await browser.PostAsync("api/jobs/none/start", origin, site, own: false);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("forbidden", (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["code"]);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync("api/jobs/none/start")).StatusCode);
    }

    [Fact]
    public async Task A_log_in_link_works_once_and_only_for_a_while()
    {
        var time = new ManualTime();
        await using var server = await RunningServer.StartAsync(change: options => options with { Time = time });
        using var browser = new Browser(server.Host.Url!);
        var link = server.Host.LoginLink()!;

        var entered = await browser.GetAsync(link.PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, entered.StatusCode);
        Assert.Contains("url=/\"", await entered.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("api/jobs")).StatusCode);

        using var another = new Browser(server.Host.Url!);
        Assert.Equal(HttpStatusCode.Unauthorized, (await another.GetAsync(link.PathAndQuery)).StatusCode);
        var late = server.Host.LoginLink()!;
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(HttpStatusCode.Unauthorized, (await another.GetAsync(late.PathAndQuery)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await another.GetAsync("api/jobs")).StatusCode);
    }

    [Fact]
    public async Task A_browser_that_only_looks_ahead_does_not_use_a_link_up()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server.Host.Url!);
        var link = server.Host.LoginLink()!.PathAndQuery;

        using var ahead = new HttpRequestMessage(HttpMethod.Get, new Uri(link, UriKind.Relative));
        ahead.Headers.Add("Sec-Purpose", "prefetch;prerender");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await browser.SendAsync(ahead)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(link)).StatusCode);
    }

    [Fact]
    public async Task A_log_in_slides_with_use_and_ends_without()
    {
        var time = new ManualTime();
        await using var server = await RunningServer.StartAsync(change: options => options with { Time = time });
        using var browser = new Browser(server.Host.Url!);
        await browser.LogInAsync(server.Host.AdministratorKey!);
        for (var day = 0; day < 3; day++)
        {
            time.Advance(TimeSpan.FromHours(20));
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("api/jobs")).StatusCode);
        }

        time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("api/jobs")).StatusCode);
    }

    [Fact]
    public async Task Wrong_keys_are_slowed_down_and_the_right_one_is_let_in_all_the_same()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server.Host.Url!);
        for (var count = 0; count < 10; count++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await browser.LogInAsync("qk_guess")).StatusCode);

        var slowed = await browser.LogInAsync("qk_guess");
        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.StatusCode);
        using var wrong = new HttpRequestMessage(HttpMethod.Get, new Uri("api/jobs", UriKind.Relative));
        wrong.Headers.Add("X-Api-Key", "qk_guess");
        var told = await browser.SendAsync(wrong);
        Assert.Equal((HttpStatusCode.TooManyRequests, true), (told.StatusCode, told.Headers.RetryAfter is not null));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.LogInAsync(server.Host.AdministratorKey!)).StatusCode);
    }

    [Fact]
    public async Task The_log_in_page_shows_what_was_typed_nowhere_and_lets_nothing_in_from_elsewhere()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server.Host.Url!);

        var refused = await browser.LogInAsync("\"><script>alert(1)</script>", "/x\"><script>");
        var page = await refused.Content.ReadAsStringAsync();

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", string.Join("", refused.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("no-store", refused.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("_blazor/negotiate?negotiateVersion=1", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("_blazor/negotiate?negotiateVersion=1", "same-origin", HttpStatusCode.OK)]
    [InlineData("elsa/hubs/workflow-instance/negotiate?negotiateVersion=1", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("elsa/hubs/workflow-instance/negotiate?negotiateVersion=1", "same-origin", HttpStatusCode.OK)]
    public async Task A_live_connection_is_opened_by_pages_of_this_site_only_and_by_viewers_too(string path, string site, HttpStatusCode expected)
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.PostAsync("api/keys", """{ "name": "onlooker", "role": "viewer" }""");
        using var browser = new Browser(server.Host.Url!);
        await browser.LogInAsync((string)made.Body!["key"]!);

        Assert.Equal(expected, (await browser.PostAsync(path, site: site, own: false)).StatusCode);
    }

    [Fact]
    public async Task A_websocket_of_another_site_is_refused_and_one_of_ours_is_let_in()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server.Host.Url!);
        await browser.LogInAsync(server.Host.AdministratorKey!);

        Assert.Equal(HttpStatusCode.Forbidden, await UpgradeAsync("https://elsewhere.example"));
        Assert.NotEqual(HttpStatusCode.Forbidden, await UpgradeAsync(server.Host.Url!.GetLeftPart(UriPartial.Authority)));

        async Task<HttpStatusCode> UpgradeAsync(string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("_blazor?id=none", UriKind.Relative));
            request.Headers.Add("Origin", origin);
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Add("Upgrade", "websocket");
            request.Headers.Add("Sec-WebSocket-Version", "13");
            request.Headers.Add("Sec-WebSocket-Key", Convert.ToBase64String(new byte[16]));
            return (await browser.SendAsync(request)).StatusCode;
        }
    }

    [Fact]
    public async Task A_link_of_another_site_finds_whoever_is_logged_in()
    {
        await using var server = await RunningServer.StartAsync();
        using var stranger = new Browser(server.Host.Url!);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("login?returnUrl=%2Fsessions%2Fs1", UriKind.Relative));
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        // Its strict cookie stayed away: our own page leads to the same place once more, and then it comes along.
        var page = await (await stranger.SendAsync(request)).Content.ReadAsStringAsync();

        Assert.Contains("http-equiv=\"refresh\" content=\"0;url=/login?returnUrl=%2Fsessions%2Fs1\"", page, StringComparison.Ordinal);
    }
}
