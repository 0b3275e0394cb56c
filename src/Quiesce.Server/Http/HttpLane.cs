using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Storage;

namespace Quiesce.Server.Http;

/// <summary>
/// Sends the requests that workflows want sent, and takes the answers in. At least once: the row stays until its reply is consumed, so that a crash between sending and storing
/// sends again, under the same <c>Idempotency-Key</c>. While this process lives, one request is under way once.
/// </summary>
internal sealed class HttpLane(Store store, SessionRunner runner, ServerOptions options, ILogger<HttpLane> log) : IDisposable
{
    private const int AtOnce = 32;
    private const long LargestReply = 16 << 20;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestReply };
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _free = new(AtOnce);

    /// <summary>Sends it, unless it is under way. Returns at once.</summary>
    public void Hand(OutboxRow row, CancellationToken stopping)
    {
        if (_underWay.TryAdd(row.Id, true))
            _ = Task.Run(() => RunAsync(row, stopping), CancellationToken.None);
    }

    public void Dispose()
    {
        _client.Dispose();
        _free.Dispose();
    }

    private async Task RunAsync(OutboxRow row, CancellationToken stopping)
    {
        try
        {
            await _free.WaitAsync(stopping);
            try
            {
                options.Runner.Checkpoint?.Invoke($"before send {row.Id}");
                var reply = await ReplyAsync(HttpRequests.Read(row), stopping);
                options.Runner.Checkpoint?.Invoke($"after send {row.Id}");
                await KeepAsync(row, reply, stopping);
            }
            finally
            {
                _free.Release();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping: the row is still there, and the next start sends it.
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException)
        {
            log.LogError(e, "Request {Request} of instance {Instance} cannot be read and is never sent; cancel the instance", row.Id, row.InstanceId);
        }
        finally
        {
            _underWay.TryRemove(row.Id, out _);
        }
    }

    /// <summary>The reply is here and nowhere else: it is kept trying to store until it is.</summary>
    private async Task KeepAsync(OutboxRow row, HttpReply reply, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await store.AddStimuliAsync([HttpRequests.Reply(row, reply, options.Time.GetUtcNow())]);
                runner.Wake(row.InstanceId);
                return;
            }
            catch (StorageException e) when (!stopping.IsCancellationRequested)
            {
                log.LogError(e, "The answer to request {Request} of instance {Instance} could not be stored; it is tried again in {Again}", row.Id, row.InstanceId, options.SendAgain);
                await Task.Delay(options.SendAgain, options.Time, stopping);
            }
        }
    }

    private async Task<HttpReply> ReplyAsync(SendHttp send, CancellationToken stopping)
    {
        List<HttpAttempt> attempts = [];
        for (var number = 1; ; number++)
        {
            var reply = await TryAsync(send, stopping);
            var failed = reply.StatusCode is { } code ? HttpRetry.StatusCodes.Contains(code) : true;
            if (!failed || send.Retry is not { } retry || number > Math.Min(retry.MaxRetryAttempts, 100))
                return reply with { Attempts = attempts };
            var wait = retry.DelayAfter(number);
            if (retry.UseJitter)
                wait *= 0.75 + (Random.Shared.NextDouble() / 2);
            attempts.Add(new HttpAttempt(number, wait, reply.StatusCode, reply.Message ?? $"answered {reply.StatusCode}"));
            await Task.Delay(wait, options.Time, stopping);
        }
    }

    private async Task<HttpReply> TryAsync(SendHttp send, CancellationToken stopping)
    {
        using CancellationTokenSource patience = new(send.Timeout is { } timeout && timeout > TimeSpan.Zero ? timeout : DefaultTimeout, options.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        try
        {
            using var request = Message(send);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, ends.Token);
            var content = await response.Content.ReadAsByteArrayAsync(ends.Token);
            return new HttpReply
            {
                StatusCode = (int)response.StatusCode,
                Headers = [.. response.Headers.Concat(response.Content.Headers).SelectMany(header => header.Value.Select(value => new HttpField(header.Key, value)))],
                Body = content.Length == 0 ? null : BodyText.Of(content, response.Content.Headers.ContentType?.ToString()),
            };
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new HttpReply { Failure = HttpFailure.Timeout, Message = $"{send.Method} {send.Url} was not answered in time" };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UriFormatException or FormatException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            return new HttpReply { Failure = HttpFailure.FailedToConnect, Message = $"{send.Method} {send.Url}: {e.Message}" };
        }
    }

    private static HttpRequestMessage Message(SendHttp send)
    {
        HttpRequestMessage message = new(new HttpMethod(send.Method), new Uri(send.Url, UriKind.Absolute));
        if (send.Body is { } body)
        {
            message.Content = new ByteArrayContent(body.ToBytes());
            if (body.ContentType is { } type)
                message.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        foreach (var header in send.Headers)
        {
            if (header.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
                message.Content?.Headers.TryAddWithoutValidation(header.Name, header.Value);
            else if (send.SkipsHeaderValidation)
                message.Headers.TryAddWithoutValidation(header.Name, header.Value);
            else
                message.Headers.Add(header.Name, header.Value);
        }

        // Whoever can tell a repeat from a new request does it by this.
        if (!message.Headers.Contains("Idempotency-Key"))
            message.Headers.Add("Idempotency-Key", send.RequestId);
        return message;
    }
}
