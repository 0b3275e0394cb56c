using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.Proxy.Channels;

/// <summary>One attached link to a runtime: requests go out, replies and progress come back by operation id, and pings keep the lease (R2.12).</summary>
internal sealed class GuestLink : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Waiting> waiting = new();
    private readonly TaskCompletionSource<LinkEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly CancellationTokenSource closing = new();
    private readonly PipeReader input;
    private readonly Stream output;
    private readonly Func<ValueTask> close;
    private readonly TimeProvider time;
    private long lastHeard;

    private GuestLink(HelloBody hello, PipeReader input, Stream output, Func<ValueTask> close, TimeProvider time)
    {
        (Hello, this.input, this.output, this.close, this.time) = (hello, input, output, close, time);
        lastHeard = time.GetTimestamp();
    }

    /// <summary>What the runtime said first.</summary>
    public HelloBody Hello { get; }

    /// <summary>Completes, and never faults, when the link is over.</summary>
    public Task<LinkEnd> Ended => ended.Task;

    /// <summary>
    /// Waits for the hello on two fresh streams and returns the link; null when the first word is a goodbye, which says that there is no runtime.
    /// Text before the hello that is not JSON is skipped: login scripts may print.
    /// </summary>
    /// <exception cref="LinkLostException">The streams ended before a hello.</exception>
    public static async Task<GuestLink?> OpenAsync(Stream read, Stream write, Func<ValueTask> close, ProxyOptions options, TimeProvider time, CancellationToken stopping)
    {
        var input = PipeReader.Create(read);
        while (true)
        {
            var line = await NextLineAsync(input, stopping) ?? throw new LinkLostException(new LinkEnd("it ended before the runtime said hello"));
            if (line is not [(byte)'{', ..])
                continue;
            var first = Parse(line);
            if (first is { Type: "goodbye" })
                return null;
            if (first is { Version: not ChannelMessage.CurrentVersion })
                throw new GuestFailureException(FailureCodes.Version, $"The runtime speaks version {first.Version} of the channel and this proxy speaks {ChannelMessage.CurrentVersion}. Publish the agent again from the same release.");
            if (first is not { Type: "hello", Body: { } body } || Body(body) is not { } hello)
                throw new LinkLostException(new LinkEnd("the runtime's first line was not a hello", Unreadable: true));
            var link = new GuestLink(hello, input, write, close, time);
            _ = link.ReadAsync();
            _ = link.PingAsync(options.PingInterval, options.LinkSilence);
            return link;
        }
    }

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <exception cref="LinkLostException">The link ended first. The request may have arrived.</exception>
    public async Task<ChannelMessage> RequestAsync(string id, string verb, JsonElement body, Action<ChannelMessage> progress, CancellationToken stopping)
    {
        var entry = new Waiting(progress);
        waiting[id] = entry;
        try
        {
            if (ended.Task.IsCompleted)
                throw new LinkLostException(await ended.Task);
            await WriteAsync(new ChannelMessage { Type = "request", Id = id, Verb = verb, Body = body }, stopping);
            return await entry.Reply.Task.WaitAsync(stopping);
        }
        finally
        {
            waiting.TryRemove(KeyValuePair.Create(id, entry));
        }
    }

    /// <summary>Closes the link without a goodbye: the runtime behind it goes on until its grace time is over.</summary>
    public async ValueTask DisposeAsync()
    {
        End(new LinkEnd("this proxy closed it"));
        await close();
    }

    private async Task WriteAsync(ChannelMessage message, CancellationToken stopping)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(message, ContractsJson.Default.ChannelMessage);
        await writing.WaitAsync(stopping);
        try
        {
            // A line cut in the middle would poison every later one, so a write is never cancelled; a stuck one ends with the link.
            await output.WriteAsync(line, closing.Token);
            await output.WriteAsync("\n"u8.ToArray(), closing.Token);
            await output.FlushAsync(closing.Token);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            End(new LinkEnd("the guest's side of it was closed"));
            throw new LinkLostException(await ended.Task);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await NextLineAsync(input, closing.Token) is { } line)
            {
                Interlocked.Exchange(ref lastHeard, time.GetTimestamp());
                if (line.Length == 0)
                    continue;
                if (Parse(line) is not { } message)
                {
                    End(new LinkEnd("the runtime sent a line that is not the channel's JSON", Unreadable: true));
                    return;
                }
                Take(message);
            }
            End(new LinkEnd("the connection was closed"));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            End(new LinkEnd($"the connection broke ({e.Message})"));
        }
        catch (LinkLostException e)
        {
            End(e.End);
        }
    }

    private void Take(ChannelMessage message)
    {
        switch (message.Type)
        {
            case "reply" when message.Id is { } id && waiting.TryGetValue(id, out var entry):
                entry.Reply.TrySetResult(message);
                break;
            case "progress" when message.Id is { } id && waiting.TryGetValue(id, out var entry):
                entry.Progress(message);
                break;
            case "ping":
                _ = AnswerPingAsync();
                break;
            case "goodbye":
                End(new LinkEnd("the runtime said goodbye", Goodbye: true));
                break;
        }
    }

    private async Task AnswerPingAsync()
    {
        try
        {
            await WriteAsync(new ChannelMessage { Type = "pong" }, CancellationToken.None);
        }
        catch (LinkLostException)
        {
            // Whoever waits on the link learns it from its end.
        }
    }

    private async Task PingAsync(TimeSpan interval, TimeSpan silence)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(closing.Token))
            {
                if (time.GetElapsedTime(Interlocked.Read(ref lastHeard)) > silence)
                {
                    End(new LinkEnd($"nothing was heard for {silence.TotalSeconds:0} s"));
                    return;
                }
                await WriteAsync(new ChannelMessage { Type = "ping" }, closing.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or LinkLostException or ObjectDisposedException)
        {
            // The link is over.
        }
    }

    private void End(LinkEnd end)
    {
        if (!ended.TrySetResult(end))
            return;
        closing.Cancel();
        foreach (var entry in waiting.Values)
            entry.Reply.TrySetException(new LinkLostException(end));
        _ = close().AsTask();
    }

    /// <summary>The next line without its newline; null at the end of the stream. A line longer than the protocol allows ends the link.</summary>
    private static async Task<byte[]?> NextLineAsync(PipeReader reader, CancellationToken stopping)
    {
        while (true)
        {
            var result = await reader.ReadAsync(stopping);
            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } newline)
            {
                var line = buffer.Slice(0, newline).ToArray();
                reader.AdvanceTo(buffer.GetPosition(1, newline));
                return line is [.. var text, (byte)'\r'] ? text : line;
            }
            if (buffer.Length > ChannelMessage.MaxLineBytes)
                throw new LinkLostException(new LinkEnd("the runtime sent a line without end", Unreadable: true));
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return null;
        }
    }

    private static ChannelMessage? Parse(byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ContractsJson.Default.ChannelMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static HelloBody? Body(JsonElement body)
    {
        try
        {
            return body.Deserialize(ContractsJson.Default.HelloBody);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed class Waiting(Action<ChannelMessage> progress)
    {
        public Action<ChannelMessage> Progress { get; } = progress;

        public TaskCompletionSource<ChannelMessage> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
