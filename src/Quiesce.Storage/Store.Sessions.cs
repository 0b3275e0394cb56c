namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Starts a session: its row, its instance and the start stimulus in one transaction. With a key, a repeat within the time given answers with the first session.</summary>
    /// <param name="key">Chosen by who asks, so that asking twice starts once; null for no such protection.</param>
    public Task<StartResult> StartSessionAsync(SessionRow session, NewInstance instance, string? key, TimeSpan keepKey) => throw new NotImplementedException();

    /// <summary>Marks a running session cancelled and adds the stimuli that tell its instances, in one transaction. False when it has ended or does not exist.</summary>
    public Task<bool> CancelSessionAsync(string sessionId, string? message, IReadOnlyList<StimulusRow> stimuli) => throw new NotImplementedException();

    /// <summary>A session; null when it does not exist.</summary>
    public Task<SessionRow?> SessionAsync(string sessionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>A page of sessions, the newest first; of one job or of all.</summary>
    public Task<IReadOnlyList<SessionRow>> SessionsAsync(string? job, int skip, int take, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Sessions that have not ended, the oldest first.</summary>
    public Task<IReadOnlyList<SessionRow>> RunningSessionsAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>The running session of a job; null when there is none.</summary>
    public Task<SessionRow?> RunningSessionAsync(string job, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>The machines of a session, by name.</summary>
    public Task<IReadOnlyList<TaskRow>> TasksAsync(string sessionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Deletes an ended session with its tasks, instances and journals. Restore points and obligations that are left stay. False when it has not ended or does not exist.</summary>
    public Task<bool> DeleteSessionAsync(string sessionId) => throw new NotImplementedException();
}
