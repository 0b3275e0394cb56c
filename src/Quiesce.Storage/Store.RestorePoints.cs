using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>A restore point; null when it does not exist.</summary>
    public Task<RestorePointRow?> RestorePointAsync(string id, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<RestorePointRow>("SELECT * FROM restore_points WHERE id = @id", new { id }), ct);

    /// <summary>Restore points, the newest first; of one job, machine or session (null: any).</summary>
    public Task<IReadOnlyList<RestorePointRow>> RestorePointsAsync(string? job, string? machine, string? sessionId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<RestorePointRow>>(c => [.. c.Db.Query<RestorePointRow>(
            """
            SELECT * FROM restore_points
            WHERE (@job IS NULL OR job = @job) AND (@machine IS NULL OR machine = @machine) AND (@sessionId IS NULL OR session_id = @sessionId)
            ORDER BY created_at DESC, seq DESC
            """,
            new { job, machine, sessionId })], ct);

    /// <summary>A page of restore points, the newest first, and how many there are in all; of one job or machine, or all.</summary>
    public Task<(IReadOnlyList<RestorePointRow> Items, int Total)> RestorePointPageAsync(string? job, string? machine, int skip, int take, CancellationToken ct) =>
        ReadAsync<(IReadOnlyList<RestorePointRow>, int)>(c =>
        {
            const string where = "WHERE (@job IS NULL OR job = @job) AND (@machine IS NULL OR machine = @machine)";
            return ([.. c.Db.Query<RestorePointRow>($"SELECT * FROM restore_points {where} ORDER BY created_at DESC, seq DESC LIMIT @take OFFSET @skip", new { job, machine, skip, take })],
                c.Db.ExecuteScalar<int>($"SELECT COUNT(*) FROM restore_points {where}", new { job, machine }));
        }, ct);

    /// <summary>How many complete restore points each machine has; a machine without one is not in it.</summary>
    public Task<IReadOnlyDictionary<string, int>> RestorePointCountsAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyDictionary<string, int>>(c => c.Db.Query<(string Machine, long Count)>("SELECT machine, COUNT(*) FROM restore_points WHERE state = 'Complete' GROUP BY machine")
            .ToDictionary(row => row.Machine, row => (int)row.Count, StringComparer.Ordinal), ct);

    /// <summary>Restore points that are marked <see cref="RestorePointStates.Deleting"/>, the oldest first.</summary>
    public Task<IReadOnlyList<RestorePointRow>> RestorePointsToDeleteAsync(int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<RestorePointRow>>(c => [.. c.Db.Query<RestorePointRow>(
            "SELECT * FROM restore_points WHERE state = 'Deleting' ORDER BY seq LIMIT @limit", new { limit })], ct);

    /// <summary>Adds restore points or writes them over by id.</summary>
    public Task PutRestorePointsAsync(IReadOnlyList<RestorePointRow> rows) => WriteAsync(c => c.Db.Execute(BurstBooks.PutRestorePoint, rows));

    /// <summary>Deletes a restore point's row, after its data is gone. False when it does not exist.</summary>
    public Task<bool> DeleteRestorePointAsync(string id) => WriteAsync(c => c.Db.Execute(BurstBooks.DeleteRestorePoint, new { id }) > 0);

    /// <summary>The newest complete point of each machine: when it was made and what it is worth.</summary>
    public Task<IReadOnlyDictionary<string, (DateTimeOffset At, string Consistency)>> NewestRestorePointsAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyDictionary<string, (DateTimeOffset, string)>>(c => c.Db.Query<(string Machine, long At, string Consistency)>(
            """
            SELECT machine, created_at, consistency FROM (
                SELECT machine, created_at, consistency, ROW_NUMBER() OVER (PARTITION BY machine ORDER BY created_at DESC, seq DESC) AS place FROM restore_points WHERE state = 'Complete')
            WHERE place = 1
            """).ToDictionary(row => row.Machine, row => (StoredTime.FromMicroseconds(row.At), row.Consistency), StringComparer.Ordinal), ct);
}
