using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Server.Bus;

namespace Quiesce.Server.Api;

/// <summary>What somebody who watches a session sees: its report after each commit, with the signs of life between commits laid over. A slow reader misses what was overtaken, never the end.</summary>
internal sealed class SessionStream(string sessionId, Sessions sessions, ProgressBoard board, CancellationToken stopping)
{
    /// <summary>Signs of life may come in hundreds a second; people read slower.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(2);

    /// <summary>Writing and sending may take one part in so many of a processor.</summary>
    private const int Share = 40;

    /// <summary>Reports as JSON, each different from the one before.</summary>
    public async IAsyncEnumerable<ReportText> ReportsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        SessionReport? latest = null;
        var reading = ReadAsync();
        board.Changed += Signal;
        try
        {
            ReportText? last = null;
            while (await NextAsync(changes.Reader, ends.Token))
            {
                if (Volatile.Read(ref latest) is not { } report)
                    continue;
                var begin = Stopwatch.GetTimestamp();
                var text = ReportText.Of(board.Over(report));
                if (!text.Says(last))
                    yield return last = text;
                if (report.EndedAt is not null)
                    yield break;
                var rest = Stopwatch.GetElapsedTime(begin) * Share;
                await Task.WhenAny(reading, Task.Delay(rest < Pace ? Pace : rest < LongestRest ? rest : LongestRest, ends.Token));
            }
        }
        finally
        {
            board.Changed -= Signal;
            await ends.CancelAsync();
            await reading;
        }

        void Signal(string session)
        {
            if (session == sessionId)
                changes.Writer.TryWrite(true);
        }

        async Task ReadAsync()
        {
            try
            {
                await foreach (var report in sessions.WatchAsync(sessionId, ends.Token))
                {
                    Volatile.Write(ref latest, report);
                    changes.Writer.TryWrite(true);
                }
            }
            catch (OperationCanceledException) when (ends.IsCancellationRequested)
            {
                // The reader went away, or the server stops.
            }
            finally
            {
                changes.Writer.TryWrite(true);
                changes.Writer.TryComplete();
            }
        }
    }

    private static async ValueTask<bool> NextAsync(ChannelReader<bool> changes, CancellationToken ct)
    {
        try
        {
            return await changes.WaitToReadAsync(ct) && changes.TryRead(out _);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Writes them as server-sent events, piece by piece: a report of a thousand machines has megabytes, and is never put together.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache,no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var body = context.Response.BodyWriter;
        await body.FlushAsync(context.RequestAborted);
        await foreach (var report in ReportsAsync(context.RequestAborted))
        {
            body.Write("event: report\ndata: "u8);
            foreach (var piece in report.Pieces())
                body.Write(piece.Span);
            body.Write("\n\n"u8);
            await body.FlushAsync(context.RequestAborted);
        }
    }
}
