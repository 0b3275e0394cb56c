using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Takes something from outside in: what it starts and whom it tells, in one transaction. With a key, a repeat does nothing.</summary>
    public Task<ArrivalResult> ArriveAsync(Arrival arrival) => WriteAsync(c =>
    {
        if (arrival.Key is { } key && c.Db.Execute(
            "INSERT INTO taken (key, expires_at) VALUES (@key, @expires) ON CONFLICT (key) DO UPDATE SET expires_at = @expires WHERE expires_at <= @now",
            new { key, expires = Now + arrival.KeepKey, now = Now }) == 0)
            return new ArrivalResult([], []);
        List<string> started = [], told = [];
        foreach (var start in arrival.Starts)
            if (BurstCommit.Add(c, start))
                started.Add(start.Instance.Id);
        foreach (var broadcast in arrival.Broadcasts)
            BurstCommit.Tell(c, broadcast, told);
        return new ArrivalResult(started, told);
    });

    /// <summary>Gives an instance a stimulus, and its life back where it ended faulted, in one transaction. False when it is not there, ended otherwise, belongs to a session, or has this stimulus already.</summary>
    public Task<bool> ReopenAsync(string instanceId, StimulusRow stimulus) => WriteAsync(c =>
    {
        c.Db.Execute(
            """
            UPDATE instances SET finished_at = NULL, status = 'Running', sub_status = 'Pending', phase = 'Running'
            WHERE id = @instanceId AND finished_at IS NOT NULL AND sub_status = 'Faulted' AND session_id IS NULL
            """, new { instanceId });
        return BurstCommit.Add(c, stimulus);
    });
}
