using System.Runtime.CompilerServices;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Client;

/// <summary>Shows a session until it has ended.</summary>
internal static class SessionFollower
{
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);
    private const int Retries = 10;

    /// <summary>Follows reports to the last one. When asked to stop, cancels the session if <paramref name="cancelSession"/> is given and goes on until guests are thawed and clean.</summary>
    /// <exception cref="OperationCanceledException">Asked to stop, and the session is not ours to cancel: it goes on.</exception>
    public static async Task<SessionReport> FollowAsync(
        IAsyncEnumerable<SessionReport> reports, IProgressView view, Func<CancellationToken, Task>? cancelSession, CancellationToken stopping)
    {
        var cancelling = Task.CompletedTask;
        using var onStop = stopping.Register(() =>
        {
            if (cancelSession is null)
                return;
            // Said when the cancel is durable: whoever leaves after this line leaves a session that is being undone.
            cancelling = Task.Run(
                async () =>
                {
                    await cancelSession(CancellationToken.None);
                    view.Note("Cancelling: guests are thawed and cleaned up first. Press Ctrl-C again to leave at once.");
                },
                CancellationToken.None);
        });
        SessionReport? last = null;
        await foreach (var report in reports.WithCancellation(cancelSession is null ? stopping : CancellationToken.None))
        {
            last = report;
            view.Show(now => SessionTree.Of(report, now));
            // A cancel that was refused is told now, not after hours of waiting for an end that nobody asked for.
            if (cancelling.IsFaulted)
                await cancelling;
            if (report.EndedAt is not null)
                break;
        }

        // A session that ended while it was being cancelled has nothing left to cancel: a refusal then means nothing.
        await Task.WhenAny(cancelling);
        if (last?.EndedAt is null)
            await cancelling;
        return last ?? throw new CliException(CliException.Codes.ServerLost, "The session has no report yet. Look again with: quiesce session list");
    }

    /// <summary>The reports of a session on a server, over a connection that may break and come back.</summary>
    public static async IAsyncEnumerable<SessionReport> WatchAsync(ServerClient client, string id, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var failures = 0;
        while (true)
        {
            var reports = client.WatchAsync(id, cancellation).GetAsyncEnumerator(cancellation);
            await using (reports)
            {
                while (await MoreAsync(reports, failures > 0 && failures < Retries))
                {
                    failures = 0;
                    yield return reports.Current;
                    if (reports.Current.EndedAt is not null)
                        yield break;
                }
            }

            if (++failures > Retries)
                throw new CliException(CliException.Codes.ServerLost, $"The connection to the server is lost. The session goes on where the server is; look again with: quiesce session watch {id}");
            await Task.Delay(RetryWait, time, cancellation);
        }
    }

    /// <summary>While reconnecting, a server that does not answer yet is waited for.</summary>
    private static async Task<bool> MoreAsync(IAsyncEnumerator<SessionReport> reports, bool forgive)
    {
        try
        {
            return await reports.MoveNextAsync();
        }
        catch (CliException e) when (forgive && e.Code == CliException.Codes.NoServer)
        {
            return false;
        }
    }
}
