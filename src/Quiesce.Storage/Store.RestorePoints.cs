namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>A restore point; null when it does not exist.</summary>
    public Task<RestorePointRow?> RestorePointAsync(string id, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Restore points, the newest first; of one job, machine or session (null: any).</summary>
    public Task<IReadOnlyList<RestorePointRow>> RestorePointsAsync(string? job, string? machine, string? sessionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Adds restore points or writes them over by id.</summary>
    public Task PutRestorePointsAsync(IReadOnlyList<RestorePointRow> rows) => throw new NotImplementedException();

    /// <summary>Deletes a restore point's row, after its data is gone. False when it does not exist.</summary>
    public Task<bool> DeleteRestorePointAsync(string id) => throw new NotImplementedException();
}
