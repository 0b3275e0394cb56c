using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>Sessions as their users see them: start, stop, cancel, retry, list, report, watch.</summary>
public sealed partial class Sessions(Store store, SessionRunner runner, DefinitionLookup definitions, TimeProvider time)
{
    /// <summary>The definition that runs a job.</summary>
    public const string JobSession = "job-session";
    // A task that ended does not change any more: a session of thousands is not read again for every change of one.
    private readonly ConcurrentDictionary<string, TaskReport> _ended = new(StringComparer.Ordinal);

    /// <summary>Cancels a session: its machines are cancelled, and what they began is undone, before it ends.</summary>
    /// <exception cref="RefusedException">No such session, or it has ended.</exception>
    public async Task CancelAsync(string sessionId, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(sessionId, cancellationToken).ConfigureAwait(false);
        if (session.EndedAt is not null) throw new RefusedException(ProblemCodes.Conflict, $"session {sessionId} ended at {session.EndedAt:u} with {session.Result}; there is nothing to cancel");
        await TellToStopAsync(sessionId, now: true, ByUser).ConfigureAwait(false);
    }

    /// <summary>A page of sessions: those under way first, then the newest; of one job or of all.</summary>
    public async Task<IReadOnlyList<SessionSummary>> ListAsync(string? job, int page, int pageSize, CancellationToken cancellationToken) =>
        (await QueryAsync(new SessionFilter { Job = job }, page, pageSize, cancellationToken).ConfigureAwait(false)).Items;

    /// <summary>The report, of a session that runs or has ended.</summary>
    /// <exception cref="RefusedException">No such session.</exception>
    public async Task<SessionReport> ReportAsync(string sessionId, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(sessionId, cancellationToken).ConfigureAwait(false);
        var journal = await JournalAsync(sessionId, cancellationToken).ConfigureAwait(false);
        var machines = Report.Machines(journal);
        if (machines.Count == 0) machines = [.. JsonSerializer.Deserialize(session.JobJson, RestJson.Default.JobDocument)!.Machines.Select(machine => machine.Name)];
        var begun = (await store.TasksAsync(sessionId, cancellationToken).ConfigureAwait(false)).ToDictionary(task => task.InstanceId, StringComparer.Ordinal);
        List<TaskReport> tasks = new(machines.Count);
        for (var index = 0; index < machines.Count; index++)
            tasks.Add(begun.TryGetValue(SessionHost.InstanceId(sessionId, index), out var task)
                ? await TaskAsync(task, cancellationToken).ConfigureAwait(false)
                : Report.NotStarted(machines[index], session.EndedAt is not null));
        var report = Report.Build(sessionId, journal, tasks) with { RetryNumber = session.RetryNumber, OriginalSessionId = session.OriginalSessionId, InitiatedBy = session.InitiatedBy };
        return journal.Count > 0 ? report : report with { Job = session.Job, StartedAt = session.StartedAt, Workflow = new WorkflowReference(session.WorkflowDefinitionId, session.WorkflowVersion) };
    }

    /// <summary>The report now, after every change, and at the end; ends with the session. Changes that come quickly are told together.</summary>
    public async IAsyncEnumerable<SessionReport> WatchAsync(string sessionId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Changed(string session)
        {
            if (session == sessionId) changes.Writer.TryWrite(true);
        }

        Task<bool>? change = null;
        runner.Changed += Changed;
        try
        {
            while (true)
            {
                var report = await ReportAsync(sessionId, cancellationToken).ConfigureAwait(false);
                yield return report;
                if (report.EndedAt is not null) yield break;
                // Another server may be the one that works on it: without a sign from here it is looked at once a second.
                // One wait is kept over such looks: a read given up would take the next sign with it.
                change ??= changes.Reader.WaitToReadAsync(cancellationToken).AsTask();
                await Task.WhenAny(change, Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                if (changes.Reader.TryRead(out _)) change = null;
                if (report.Tasks.Count > 50) await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            runner.Changed -= Changed;
        }
    }

    private async Task<TaskReport> TaskAsync(TaskRow task, CancellationToken cancellationToken)
    {
        if (_ended.TryGetValue(task.InstanceId, out var known)) return known;
        var report = Report.BuildTask(task.Machine, await JournalAsync(task.InstanceId, cancellationToken).ConfigureAwait(false));
        if (report.EndedAt is null) return report;
        if (report.Obligations.Count > 0)
        {
            // The janitor may have met since what the end of the task had to leave.
            var open = await store.ObligationsAsync(task.InstanceId, cancellationToken).ConfigureAwait(false);
            return open.Count > 0 ? report : report with { Obligations = [] };
        }

        if (_ended.Count > 20_000) _ended.Clear();
        return _ended[task.InstanceId] = report;
    }

    private async Task<List<JournalEntry>> JournalAsync(string instanceId, CancellationToken cancellationToken) =>
        [.. (await store.JournalAsync(instanceId, 0, cancellationToken).ConfigureAwait(false)).SelectMany(JournalText.Entries)];

    private async Task<SessionRow> SessionAsync(string sessionId, CancellationToken cancellationToken) =>
        await store.SessionAsync(sessionId, cancellationToken).ConfigureAwait(false)
        ?? throw new RefusedException(ProblemCodes.NotFound, $"there is no session '{sessionId}'; 'quiesce session list' shows those there are");
}
