using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs.Activities;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>Sessions as their users see them: start, stop, cancel, list, report, watch.</summary>
public sealed partial class Sessions(Store store, SessionRunner runner, DefinitionLookup definitions, TimeProvider time)
{
    /// <summary>The definition that runs a job.</summary>
    public const string JobSession = "job-session";
    private static readonly TimeSpan KeepKeys = TimeSpan.FromDays(1);
    // A task that ended does not change any more: a session of thousands is not read again for every change of one.
    private readonly ConcurrentDictionary<string, TaskReport> _ended = new(StringComparer.Ordinal);

    /// <summary>Starts a session of a job; durable when this returns. The same key starts one session only.</summary>
    /// <param name="initiatedBy">Who: a key's name, <c>cli</c>, …</param>
    /// <exception cref="RefusedException">No such job or workflow, or a session of the job is running (R5.15).</exception>
    public async Task<StartedSession> StartAsync(string job, string initiatedBy, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var row = await store.JobAsync(job, cancellationToken).ConfigureAwait(false)
            ?? throw new RefusedException(ProblemCodes.NotFound, $"there is no job '{job}'; 'quiesce job list' shows those there are");
        var document = JsonSerializer.Deserialize(row.Json, RestJson.Default.JobDocument)!;
        var session = Published(JobSession, job);
        var machine = Published(document.Workflow, job);
        var (id, now) = (NewId(), time.GetUtcNow());
        var instance = NewInstances.Fresh(id, session.Definition.DefinitionId, session.Definition.Version, session.Definition.Id, null, id, null, $"{document.Name} {now:u}", now);
        var input = new JsonObject { ["input"] = new JsonObject { ["SessionId"] = id, ["Job"] = document.Name } };
        var started = await store.StartSessionAsync(
            new SessionRow(id, document.Name, row.Json, machine.Definition.DefinitionId, machine.Definition.Version, "Working", null, null, false, initiatedBy, now, null, 0, null),
            new NewInstance(instance, new StimulusRow("start", id, StimulusKinds.Start, null, null, input.ToJsonString(), now, null)),
            idempotencyKey is null ? null : $"{job}:{idempotencyKey}", KeepKeys).ConfigureAwait(false);
        if (started.Outcome == StartOutcome.AlreadyRunning)
            throw new RefusedException(ProblemCodes.Conflict, $"session {started.SessionId} of job '{job}' is still running; wait for it ('quiesce session watch {started.SessionId}') or stop it ('quiesce job stop {job}')");
        runner.Wake(started.SessionId);
        return new StartedSession(started.SessionId, job);
    }

    /// <summary>Stops the running session of a job: gracefully (machines in hand finish, R5.21), or now (they are cancelled and undone).</summary>
    /// <exception cref="RefusedException">No session of the job is running.</exception>
    public async Task<StartedSession> StopAsync(string job, bool now, CancellationToken cancellationToken)
    {
        var session = await store.RunningSessionAsync(job, cancellationToken).ConfigureAwait(false)
            ?? throw new RefusedException(ProblemCodes.Conflict, $"no session of job '{job}' is running; 'quiesce session list --job {job}' shows the last ones");
        await TellToStopAsync(session.Id, now).ConfigureAwait(false);
        return new StartedSession(session.Id, job);
    }

    /// <summary>Cancels a session: its machines are cancelled, and what they began is undone, before it ends.</summary>
    /// <exception cref="RefusedException">No such session, or it has ended.</exception>
    public async Task CancelAsync(string sessionId, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(sessionId, cancellationToken).ConfigureAwait(false);
        if (session.EndedAt is not null) throw new RefusedException(ProblemCodes.Conflict, $"session {sessionId} ended at {session.EndedAt:u} with {session.Result}; there is nothing to cancel");
        await TellToStopAsync(sessionId, now: true).ConfigureAwait(false);
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

    private async Task TellToStopAsync(string sessionId, bool now)
    {
        var payload = new JsonObject { ["stop"] = true, ["now"] = now, ["reason"] = "cancelled by user" }.ToJsonString();
        // A graceful stop that is followed by an immediate one is two stimuli; the same one twice is one.
        await store.AddStimuliAsync([new StimulusRow(now ? "stop-now" : "stop", sessionId, StimulusKinds.Resume, ProtectMachines.BookmarkHash, null, payload, time.GetUtcNow(), null)]).ConfigureAwait(false);
        runner.Wake(sessionId);
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

    private WorkflowGraph Published(string definitionId, string job) =>
        definitions(new DefinitionReference { DefinitionId = definitionId, Version = VersionSelector.Published })
        ?? throw new RefusedException(ProblemCodes.Conflict, $"job '{job}' needs the workflow '{definitionId}', which is not in force; 'quiesce workflow list' shows why");

    // Short, sortable by time, safe in paths and host names.
    private string NewId() => $"s{time.GetUtcNow().ToUnixTimeMilliseconds():x}{Random.Shared.Next(0x10000):x4}";
}
