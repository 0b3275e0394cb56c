using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs;

public sealed partial class Sessions
{
    /// <summary>A session with more machines is looked at with an eye on what that costs.</summary>
    private const int Large = 50;

    /// <summary>Looking at a large session may take one part in so many of a processor.</summary>
    private const int Share = 40;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The report now, after changes, and at the end; ends with the session. Changes that come quickly are told together, and for a large session the wait after a look grows with
    /// what the look cost, up to two seconds.
    /// </summary>
    public async IAsyncEnumerable<SessionReport> WatchAsync(string sessionId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        SessionWatch watch = new(sessionId, store, ct => ReportAsync(sessionId, ct), (instance, report) => _ended.TryAdd(instance, report));
        void Journaled(InstanceRow instance, IReadOnlyList<JournalRecord> records)
        {
            if (watch.Note(instance, records)) changes.Writer.TryWrite(true);
        }

        Task<bool>? change = null;
        runner.Journaled += Journaled;
        try
        {
            while (true)
            {
                var begin = Stopwatch.GetTimestamp();
                var report = await watch.ReadAsync(cancellationToken).ConfigureAwait(false);
                var rest = Stopwatch.GetElapsedTime(begin) * Share;
                yield return report;
                if (report.EndedAt is not null) yield break;
                // Another server may be the one that works on it: without a sign from here it is looked at once a second.
                // One wait is kept over such looks: a read given up would take the next sign with it.
                change ??= changes.Reader.WaitToReadAsync(cancellationToken).AsTask();
                await Task.WhenAny(change, Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                if (changes.Reader.TryRead(out _)) change = null;
                if (report.Tasks.Count > Large)
                    await Task.Delay(rest < ShortestRest ? ShortestRest : rest < LongestRest ? rest : LongestRest, time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            runner.Journaled -= Journaled;
        }
    }
}
