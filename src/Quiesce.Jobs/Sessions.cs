using System.Collections.Concurrent;
using System.Text.Json;
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
