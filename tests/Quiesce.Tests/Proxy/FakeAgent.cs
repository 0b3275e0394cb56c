using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.Tests.Proxy;

/// <summary>A runtime as the proxy sees it: a socket in its private folder that says hello and does what the test tells it to.</summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<string, ChannelMessage> journal = new();
    private readonly ConcurrentBag<Socket> links = [];
    private readonly string deployment;

    public FakeAgent(string runtimeFolder, string deployment)
    {
        this.deployment = deployment;
        Folder = Path.Combine(runtimeFolder, "quiesce-" + deployment);
        Directory.CreateDirectory(Folder);
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(Folder, "s")));
        listener.Listen();
        _ = AcceptAsync();
    }

    public string Folder { get; }

    /// <summary>What is really carried out, once per id, unless <see cref="OnRequest"/> takes over.</summary>
    public Func<ChannelMessage, ChannelMessage> CarryOut { get; set; } = request => new ChannelMessage { Type = "reply", Id = request.Id, Verb = request.Verb, Body = JsonSerializer.SerializeToElement(new Dictionary<string, string>()) };

    /// <summary>Runs before anything else on each request; false ends its handling.</summary>
    public Func<FakeLink, ChannelMessage, Task<bool>> OnRequest { get; set; } = (_, _) => Task.FromResult(true);

    /// <summary>False to accept and say nothing.</summary>
    public bool SaysHello { get; set; } = true;

    public bool AnswersPings { get; set; } = true;

    public ConcurrentQueue<string> Done { get; } = new();

    public ConcurrentQueue<string> Asked { get; } = new();

    public int Attachments => links.Count;

    public void Gone()
    {
        listener.Dispose();
        foreach (var link in links)
            link.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    public void Answers(string verb, JsonElement body)
    {
        var before = CarryOut;
        CarryOut = request => request.Verb == verb ? new ChannelMessage { Type = "reply", Id = request.Id, Verb = verb, Body = body } : before(request);
    }

    public void Fails(string verb, Failure failure)
    {
        var before = CarryOut;
        CarryOut = request => request.Verb == verb ? new ChannelMessage { Type = "reply", Id = request.Id, Verb = verb, Failure = failure } : before(request);
    }

    public ValueTask DisposeAsync()
    {
        listener.Dispose();
        foreach (var link in links)
            link.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync();
                links.Add(socket);
                _ = ServeAsync(new FakeLink(socket));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over or ended the runtime.
        }
    }

    private async Task ServeAsync(FakeLink link)
    {
        try
        {
            if (!SaysHello)
                return;
            var hello = new HelloBody("0.1.0", "linux-x64", "guest", "root", deployment, 1, new Dictionary<string, string>(), []);
            await link.SendAsync(new ChannelMessage { Type = "hello", Body = JsonSerializer.SerializeToElement(hello, ContractsJson.Default.HelloBody) });
            while (await link.ReceiveAsync() is { } message)
            {
                if (message.Type == "ping" && AnswersPings)
                    await link.SendAsync(new ChannelMessage { Type = "pong" });
                if (message.Type == "request")
                    _ = HandleAsync(link, message);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            // The link was cut.
        }
    }

    private async Task HandleAsync(FakeLink link, ChannelMessage request)
    {
        Asked.Enqueue(request.Id!);
        try
        {
            if (!await OnRequest(link, request))
                return;
            await link.SendAsync(Reply(request));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            // The link was cut.
        }
    }

    /// <summary>Carries a request out once and remembers the reply.</summary>
    public ChannelMessage Reply(ChannelMessage request) => journal.GetOrAdd(request.Id!, _ =>
    {
        Done.Enqueue(request.Verb + " " + request.Id);
        if (request.Verb == Verbs.ReleaseGuest)
            Directory.Delete(Folder, recursive: true);
        return CarryOut(request);
    });
}

/// <summary>One attached link of a <see cref="FakeAgent"/>.</summary>
internal sealed class FakeLink(Socket socket) : IDisposable
{
    private readonly NetworkStream stream = new(socket);
    private StreamReader? reader;

    public Task SendAsync(ChannelMessage message) => SendRawAsync(JsonSerializer.Serialize(message, ContractsJson.Default.ChannelMessage) + "\n");

    public async Task SendRawAsync(string text) => await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));

    public async Task<ChannelMessage?> ReceiveAsync() =>
        await (reader ??= new StreamReader(stream)).ReadLineAsync() is { } line ? JsonSerializer.Deserialize(line, ContractsJson.Default.ChannelMessage) : null;

    public void Cut() => Dispose();

    public void Dispose()
    {
        stream.Dispose();
        socket.Dispose();
    }
}
