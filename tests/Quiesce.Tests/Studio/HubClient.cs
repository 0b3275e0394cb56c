using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.Studio;

/// <summary>As much of a SignalR client as Studio's viewer needs: the JSON protocol over a WebSocket, records ended by 0x1E.</summary>
internal sealed class HubClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<JsonObject> _messages = Channel.CreateUnbounded<JsonObject>();
    private readonly CancellationTokenSource _closing = new();
    private Task _reading = Task.CompletedTask;

    public static async Task<HubClient> OpenAsync(RunningServer server, string? key = null)
    {
        var client = new HubClient();
        client._socket.Options.SetRequestHeader("X-Api-Key", key ?? server.Client.DefaultRequestHeaders.GetValues("X-Api-Key").Single());
        await client._socket.ConnectAsync(new UriBuilder(server.Host.Url!) { Scheme = "ws", Path = "/elsa/hubs/workflow-instance" }.Uri, CancellationToken.None);
        await client.SendAsync(new JsonObject { ["protocol"] = "json", ["version"] = 1 });
        client._reading = client.ReadAsync();
        Assert.Empty(await client.NextAsync());
        return client;
    }

    /// <summary>Observes an instance; returns when the server has taken that.</summary>
    public async Task ObserveAsync(string instanceId)
    {
        await SendAsync(new JsonObject { ["type"] = 1, ["invocationId"] = "1", ["target"] = "ObserveInstanceAsync", ["arguments"] = new JsonArray(instanceId) });
        while (true)
            if (await NextAsync() is { } message && (int?)message["type"] == 3)
            {
                Assert.Null(message["error"]);
                return;
            }
    }

    /// <summary>The arguments of the next call of that name; other messages are dropped.</summary>
    public async Task<JsonArray> NextCallAsync(string target, Func<JsonArray, bool>? that = null)
    {
        while (true)
            if (await NextAsync() is { } message && (string?)message["target"] == target && that?.Invoke(message["arguments"]!.AsArray()) != false)
                return message["arguments"]!.AsArray();
    }

    /// <summary>How many calls of that name have come and not been looked at.</summary>
    public int Count(string target)
    {
        var count = 0;
        while (_messages.Reader.TryRead(out var message))
            if ((string?)message["target"] == target)
                count++;
        return count;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _closing.Dispose();
    }

    private async Task<JsonObject> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _messages.Reader.ReadAsync(patience.Token);
    }

    private Task SendAsync(JsonObject message) => _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString() + '\u001e'), WebSocketMessageType.Text, true, CancellationToken.None);

    private async Task ReadAsync()
    {
        var (buffer, text) = (new byte[16 << 10], new StringBuilder());
        try
        {
            while (await _socket.ReceiveAsync(buffer, _closing.Token) is { MessageType: WebSocketMessageType.Text } part)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
                var records = text.ToString().Split('\u001e');
                text.Clear().Append(records[^1]);
                foreach (var record in records[..^1])
                    await _messages.Writer.WriteAsync(JsonNode.Parse(record)!.AsObject());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // Closed, by us or by the server.
        }

        _messages.Writer.TryComplete();
    }
}
