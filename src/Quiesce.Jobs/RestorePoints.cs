using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>The restore points of this server.</summary>
public sealed class RestorePoints(Store store, Operations operations)
{
    /// <summary>Copying back may take as long as it takes; the edge notices a guest that is gone long before.</summary>
    private static readonly TimeSpan RestorePatience = TimeSpan.FromDays(2);
    private static readonly TimeSpan DeletePatience = TimeSpan.FromMinutes(30);

    /// <summary>The newest first; of one job or machine, or of all.</summary>
    public async Task<IReadOnlyList<RestorePoint>> ListAsync(string? job, string? machine, CancellationToken ct) =>
        [.. (await store.RestorePointsAsync(job, machine, null, ct)).Select(View)];

    /// <summary>A page of them, and how many there are in all.</summary>
    public async Task<(IReadOnlyList<RestorePoint> Items, int Total)> PageAsync(string? job, string? machine, int skip, int take, CancellationToken ct)
    {
        var (rows, total) = await store.RestorePointPageAsync(job, machine, skip, take, ct);
        return ([.. rows.Select(View)], total);
    }

    /// <summary>Restores a point into a new or empty folder on the machine that holds it.</summary>
    /// <exception cref="RefusedException">There is no such point, it is not complete, the folder is none, or the guest could not do it.</exception>
    public async Task<Restored> RestoreAsync(string id, string to, CancellationToken ct)
    {
        var row = await store.RestorePointAsync(id, ct) ?? throw Unknown(id);
        if (row.State != RestorePointStates.Complete)
            throw new RefusedException(ProblemCodes.Conflict, $"The restore point {id} is {row.State}; only a complete one can be restored.");
        if (string.IsNullOrEmpty(to) || !(to[0] == '/' || (to.Length > 2 && to[1] == ':')) || to.Any(char.IsControl))
            throw new RefusedException(ProblemCodes.Invalid, $"'{to}' is not an absolute path. Name a new or empty folder on the machine '{row.Machine}'.");
        // Each asking is an operation of its own: whoever asks again after a failure wants it done again.
        var operation = $"restore-{Guid.NewGuid():n}";
        var request = new RestoreSnapshotRequest(row.Id, row.SourcePath, Provider(row), row.Location, to);
        var reply = await operations.AskAsync(operation, Guest(row, operation), Verbs.RestoreSnapshot, request, ContractsJson.Default.RestoreSnapshotRequest, RestorePatience, ct);
        var restored = Operations.Expect(reply, ContractsJson.Default.RestoreSnapshotReply, row.Machine);
        return new Restored(row.Id, restored.Target, restored.Method, restored.DurationMs, restored.Bytes);
    }

    /// <summary>Deletes a point, data first and row second: where the guest cannot be reached, the point stays listed as Deleting and the janitor goes on.</summary>
    /// <exception cref="RefusedException">There is no such point, it is being made, or the guest could not delete it.</exception>
    public async Task DeleteAsync(string id, CancellationToken ct)
    {
        var row = await store.RestorePointAsync(id, ct) ?? throw Unknown(id);
        if (row.State == RestorePointStates.Creating && await store.SessionAsync(row.SessionId, ct) is { EndedAt: null })
            throw new RefusedException(ProblemCodes.Conflict, $"The restore point {id} is being made by the session {row.SessionId}. Wait for its end, or cancel it.");
        await store.PutRestorePointsAsync([row with { State = RestorePointStates.Deleting }]);
        var operation = $"delete-{Guid.NewGuid():n}";
        var request = new DeleteSnapshotRequest(row.Id, row.SourcePath, Provider(row), row.Location);
        var reply = await operations.AskAsync(operation, Guest(row, operation), Verbs.DeleteSnapshot, request, ContractsJson.Default.DeleteSnapshotRequest, DeletePatience, ct);
        Operations.Expect(reply, ContractsJson.Default.DeleteSnapshotReply, row.Machine);
        await store.DeleteRestorePointAsync(id);
    }

    /// <summary>The runtime that made the point is gone; the one for this operation is thrown away after the answer.</summary>
    private static Guest Guest(RestorePointRow row, string operation) => JsonSerializer.Deserialize(row.Guest, ContractsJson.Default.Guest)! with { DeploymentId = operation };

    private static ProviderSettings Provider(RestorePointRow row) => JsonSerializer.Deserialize(row.Provider, ContractsJson.Default.ProviderSettings)!;

    private static RestorePoint View(RestorePointRow row) => new(
        row.Id, row.Machine, row.Job, row.SessionId, Provider(row).Name, row.SourcePath, row.Location, Enum.TryParse<Consistency>(row.Consistency, out var reached) ? reached : Consistency.None,
        row.Reason, row.CreatedAt, row.Bytes, row.Method, row.State);

    private static RefusedException Unknown(string id) => new(ProblemCodes.NotFound, $"There is no restore point '{id}'. `quiesce restorepoint list` shows those there are.");
}
