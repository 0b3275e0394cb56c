using System.Net;

namespace Quiesce.Tests.Server;

/// <summary>What a browser sends: cookies, and where the page is from that makes it send.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _site;

    public Browser(Uri site, CookieContainer? cookies = null)
    {
        Cookies = new CookieContainer();
        if (cookies is not null)
            Cookies.Add(cookies.GetAllCookies());
        _site = site;
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = site };
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html,*/*;q=0.8");
    }

    public CookieContainer Cookies { get; }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.Relative));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request);

    public Task<HttpResponseMessage> LogInAsync(string key, string to = "/") =>
        PostAsync("login", content: new FormUrlEncodedContent([KeyValuePair.Create("key", key), KeyValuePair.Create("returnUrl", to)]));

    /// <param name="own">From a page of the server itself.</param>
    public async Task<HttpResponseMessage> PostAsync(string path, string? origin = null, string? site = null, bool own = true, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content };
        if ((own ? _site.GetLeftPart(UriPartial.Authority) : origin) is { } from)
            request.Headers.Add("Origin", from);
        if ((own ? "same-origin" : site) is { } fetch)
            request.Headers.Add("Sec-Fetch-Site", fetch);
        return await _http.SendAsync(request);
    }

    public void Dispose() => _http.Dispose();
}
