using System.Diagnostics;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>
/// One session, as somebody watches it: between full reports only what changed is read again. A task that did not change keeps its very report, so that whoever writes it
/// out need not do that again either.
/// </summary>
internal sealed class SessionWatch(string sessionId, Store store, Func<CancellationToken, Task<SessionReport>> read)
{
    /// <summary>How often everything is read anew: another server may work on the session, and tells nobody here.</summary>
    private static readonly long Full = 5 * Stopwatch.Frequency;

    private readonly Lock _gate = new();
    private readonly List<JournalEntry> _told = [];
    private HashSet<string> _changed = new(StringComparer.Ordinal);
    private SessionReport? _report;
    private long _readAt;
    private long _sequence;

    /// <summary>Notes that an instance changed. True when it is one of this session.</summary>
    public bool Note(string instanceId)
    {
        if (!instanceId.StartsWith(sessionId, StringComparison.Ordinal) || (instanceId.Length > sessionId.Length && instanceId[sessionId.Length] != '.')) return false;
        lock (_gate) _changed.Add(instanceId);
        return true;
    }

    /// <summary>The report as it is now.</summary>
    public async Task<SessionReport> ReadAsync(CancellationToken cancellationToken)
    {
        HashSet<string> changed;
        lock (_gate) (changed, _changed) = (_changed, new HashSet<string>(StringComparer.Ordinal));
        var before = _report;
        if (before is null || Stopwatch.GetTimestamp() - _readAt > Full) return await AnewAsync(before, cancellationToken).ConfigureAwait(false);

        List<TaskReport>? tasks = null;
        foreach (var id in changed)
        {
            if (id == sessionId || SessionHost.IndexOf(id) is not { } index || index >= before.Tasks.Count) continue;
            (tasks ??= [.. before.Tasks])[index] = Report.BuildTask(before.Tasks[index].Machine, await EntriesAsync(id, 0, cancellationToken).ConfigureAwait(false));
        }

        var report = tasks is null ? before : before with { Tasks = tasks };
        if (changed.Contains(sessionId))
        {
            await HearAsync(cancellationToken).ConfigureAwait(false);
            // Its end is more than its own journal: it says also who never began.
            if (_told.Exists(entry => entry.EventName == SessionEvents.SessionEnded)) return await AnewAsync(before, cancellationToken).ConfigureAwait(false);
            var built = Report.Build(sessionId, _told, report.Tasks);
            report = report with { Result = built.Result, Message = built.Message, IsCanceled = built.IsCanceled };
        }

        return _report = report;
    }

    private async Task<SessionReport> AnewAsync(SessionReport? before, CancellationToken cancellationToken)
    {
        _readAt = Stopwatch.GetTimestamp();
        await HearAsync(cancellationToken).ConfigureAwait(false);
        var report = await read(cancellationToken).ConfigureAwait(false);
        if (before is null || before.Tasks.Count != report.Tasks.Count) return _report = report;
        // What says the same stays the same.
        var tasks = report.Tasks.Select((task, index) => IsSame(task, before.Tasks[index]) ? before.Tasks[index] : task).ToList();
        return _report = report with { Tasks = tasks };
    }

    // The session's own journal gets several records per machine, and few of them are of interest here.
    private async Task HearAsync(CancellationToken cancellationToken)
    {
        foreach (var segment in await store.JournalAsync(sessionId, _sequence, cancellationToken).ConfigureAwait(false))
        {
            if (segment.FromSequence < _sequence) continue;
            _sequence = segment.FromSequence + segment.Count;
            _told.AddRange(JournalText.Entries(segment).Where(entry =>
                entry.EventName is SessionEvents.SessionStarted or SessionEvents.StopRequested or SessionEvents.Incident or SessionEvents.SessionEnded));
        }
    }

    private async Task<IEnumerable<JournalEntry>> EntriesAsync(string instanceId, long from, CancellationToken cancellationToken) =>
        (await store.JournalAsync(instanceId, from, cancellationToken).ConfigureAwait(false)).SelectMany(JournalText.Entries);

    private static bool IsSame(TaskReport one, TaskReport other) =>
        ReferenceEquals(one, other)
        || (one.State == other.State && one.Step == other.Step && one.Log.Count == other.Log.Count && one.Scripts.Count == other.Scripts.Count && one.Obligations.Count == other.Obligations.Count
            && one.EndedAt == other.EndedAt && one.Result == other.Result && one.StartedAt == other.StartedAt && one.Proxy == other.Proxy && one.RestorePoint == other.RestorePoint && one.Steps.Count == other.Steps.Count);
}
