using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Quiesce.Tests.Cli;

/// <summary>A server with canned answers that remembers what it was asked.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    public const string Key = "k-123";
    private readonly WebApplication _app;
    private readonly TemporaryFolder _data = new();
    private readonly Dictionary<string, Func<HttpContext, Task>> _answers = [];

    private FakeServer(WebApplication app) => _app = app;

    /// <summary>Each request as <c>METHOD path?query</c>, with its body after a blank.</summary>
    public List<string> Requests { get; } = [];

    public string DataFolder => _data.Path;

    public string Url => _app.Urls.Single();

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["QUIESCE_URL"] = Url, ["QUIESCE_API_KEY"] = Key };

    public static async Task<FakeServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new FakeServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        await File.WriteAllTextAsync(server._data.File("server.json"), $$"""{"url":"{{server.Url}}","pid":1}""");
        await File.WriteAllTextAsync(server._data.File("local.key"), Key);
        return server;
    }

    public FakeServer Answer(string request, string json, int status = 200) => Answer(request, async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
        await context.Response.WriteAsync(json);
    });

    public FakeServer Answer(string request, Func<HttpContext, Task> answer)
    {
        _answers[request] = answer;
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _data.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Requests.Add(body.Length == 0 ? request : $"{request} {body}");
        if (context.Request.Headers["X-Api-Key"] != Key)
            context.Response.StatusCode = 401;
        else if (_answers.TryGetValue(request, out var answer))
            await answer(context);
        else
            context.Response.StatusCode = 404;
    }
}
