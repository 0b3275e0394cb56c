using System.Diagnostics;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>
/// One session, as somebody watches it. What this server commits comes here as it is, so that nothing is read again or parsed; only what others committed is read from the store.
/// A task that did not change keeps its very report, so that whoever writes it out need not do that again either.
/// </summary>
internal sealed class SessionWatch(string sessionId, Store store, Func<CancellationToken, Task<SessionReport>> read, Action<string, TaskReport> keep)
{
    /// <summary>Everything is read anew when nothing was heard for this long: another server may work on the session, and tells nobody here.</summary>
    private static readonly long Silence = 5 * Stopwatch.Frequency;
    private static readonly long Anyway = 60 * Stopwatch.Frequency;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, WatchedJournal> _tasks = [];
    private readonly WatchedJournal _session = new();
    private SessionReport? _report;
    private long _readAt;
    private long _heardAt;

    /// <summary>Takes in what a commit added to a journal. True when it is one of this session.</summary>
    public bool Note(InstanceRow instance, IReadOnlyList<JournalRecord> records)
    {
        if (instance.SessionId != sessionId || records.Count == 0) return false;
        lock (_gate)
        {
            _heardAt = Stopwatch.GetTimestamp();
            if (instance.Id == sessionId)
            {
                _session.Add(records);
                return true;
            }

            if (SessionHost.IndexOf(instance.Id) is not { } index) return false;
            if (!_tasks.TryGetValue(index, out var task)) _tasks[index] = task = new WatchedJournal();
            task.Add(records);
            return true;
        }
    }

    /// <summary>The report as it is now.</summary>
    public async Task<SessionReport> ReadAsync(CancellationToken cancellationToken)
    {
        var (before, now) = (_report, Stopwatch.GetTimestamp());
        if (before is null || now - _readAt > Anyway || now - Math.Max(_readAt, _heardAt) > Silence) return await AnewAsync(before, cancellationToken).ConfigureAwait(false);

        List<TaskReport>? tasks = null;
        foreach (var (index, journal) in Changed())
        {
            if (index >= before.Tasks.Count) continue;
            var task = Report.BuildTask(before.Tasks[index].Machine, await EntriesAsync(SessionHost.InstanceId(sessionId, index), journal, cancellationToken).ConfigureAwait(false));
            (tasks ??= [.. before.Tasks])[index] = task;
            if (task.EndedAt is null) continue;
            if (task.Obligations.Count == 0) keep(SessionHost.InstanceId(sessionId, index), task);
            lock (_gate) journal.Forget();
        }

        var report = tasks is null ? before : before with { Tasks = tasks };
        bool told;
        lock (_gate) (told, _session.IsChanged) = (_session.IsChanged, false);
        if (told)
        {
            var entries = await EntriesAsync(sessionId, _session, cancellationToken).ConfigureAwait(false);
            // Its end is more than its own journal: it says also who never began.
            if (entries.Any(entry => entry.EventName == SessionEvents.SessionEnded)) return await AnewAsync(report, cancellationToken).ConfigureAwait(false);
            var built = Report.Build(sessionId, entries, report.Tasks);
            report = report with { Result = built.Result, Message = built.Message, IsCanceled = built.IsCanceled };
        }

        return _report = report;
    }

    private List<(int Index, WatchedJournal Journal)> Changed()
    {
        lock (_gate)
        {
            List<(int, WatchedJournal)> changed = [];
            foreach (var (index, journal) in _tasks)
                if (journal.IsChanged)
                {
                    journal.IsChanged = false;
                    changed.Add((index, journal));
                }

            return changed;
        }
    }

    private async Task<SessionReport> AnewAsync(SessionReport? before, CancellationToken cancellationToken)
    {
        _readAt = Stopwatch.GetTimestamp();
        var report = await read(cancellationToken).ConfigureAwait(false);
        if (before is null || before.Tasks.Count != report.Tasks.Count) return _report = report;
        // What says the same stays the same.
        var tasks = report.Tasks.Select((task, index) => IsSame(task, before.Tasks[index]) ? before.Tasks[index] : task).ToList();
        return _report = report with { Tasks = tasks };
    }

    // Begun before somebody watched, or on another server: then the store knows the whole of it.
    private async Task<IReadOnlyList<JournalEntry>> EntriesAsync(string instanceId, WatchedJournal journal, CancellationToken cancellationToken)
    {
        lock (_gate)
            if (journal.IsWhole)
                return [.. journal.Entries];
        var segments = await store.JournalAsync(instanceId, 0, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            journal.Replace(segments);
            return [.. journal.Entries];
        }
    }

    private static bool IsSame(TaskReport one, TaskReport other) =>
        ReferenceEquals(one, other)
        || (one.State == other.State && one.Step == other.Step && one.Log.Count == other.Log.Count && one.Scripts.Count == other.Scripts.Count && one.Obligations.Count == other.Obligations.Count
            && one.EndedAt == other.EndedAt && one.Result == other.Result && one.StartedAt == other.StartedAt && one.Proxy == other.Proxy && one.RestorePoint == other.RestorePoint && one.Steps.Count == other.Steps.Count);
}

/// <summary>The part of a journal that reports are made of, as far as it was heard.</summary>
internal sealed class WatchedJournal
{
    private static readonly HashSet<string> OfActivities = [JournalEvents.Started, JournalEvents.Resumed, JournalEvents.Suspended, JournalEvents.Completed, JournalEvents.Canceled];
    private long _next;

    public List<JournalEntry> Entries { get; } = [];

    /// <summary>Nothing is missing before what was heard last.</summary>
    public bool IsWhole { get; private set; } = true;

    public bool IsChanged { get; set; }

    public void Add(IReadOnlyList<JournalRecord> records)
    {
        IsChanged = true;
        // A journal begins with 0 or 1, whichever its kind of instance writes first.
        var follows = records[0].Sequence == _next || (_next == 0 && records[0].Sequence == 1);
        if (records[^1].Sequence < _next) return;
        if (!follows || !IsWhole)
        {
            IsWhole = false;
            return;
        }

        _next = records[^1].Sequence + 1;
        foreach (var record in records)
            if (!OfActivities.Contains(record.EventName))
                Entries.Add(new JournalEntry(record.Timestamp, record.EventName, record.Message, record.Payload));
    }

    public void Replace(IReadOnlyList<JournalSegment> segments)
    {
        Entries.Clear();
        Entries.AddRange(segments.SelectMany(JournalText.Entries).Where(entry => !OfActivities.Contains(entry.EventName)));
        if (segments.Count > 0) _next = segments[^1].FromSequence + segments[^1].Count;
        IsWhole = true;
    }

    /// <summary>It has ended: what it says does not change any more. Were more to come, it would be read.</summary>
    public void Forget()
    {
        Entries.Clear();
        Entries.TrimExcess();
        IsWhole = false;
    }
}
