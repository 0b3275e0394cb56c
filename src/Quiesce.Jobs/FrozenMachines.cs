using System.Text.Json;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>The machines that may still be frozen.</summary>
public sealed class FrozenMachines(Store store, TimeProvider time)
{
    /// <summary>Machines that owe a thaw for longer than their own timer: their freeze may not have ended. Empty is the only good answer.</summary>
    public async Task<IReadOnlyList<FrozenMachine>> ListAsync(CancellationToken ct)
    {
        List<FrozenMachine> frozen = [];
        foreach (var row in await store.ObligationsOfKindAsync(Verbs.ThawGuest, ct))
        {
            var thawAfter = await ThawAfterAsync(row, ct);
            var isLeft = row.State == ObligationStates.Leftover;
            // Within its timer a freeze is what the workflow asked for.
            if (isLeft || time.GetUtcNow() - row.CreatedAt > TimeSpan.FromSeconds(thawAfter))
                frozen.Add(new FrozenMachine(row.Machine, row.SessionId, row.CreatedAt, thawAfter, isLeft
                    ? $"its session ended without an answer to the thaw{(row.LastError is null ? "" : $": {row.LastError}")}"
                    : $"it was frozen more than {thawAfter} s ago and no thaw was answered"));
        }

        return frozen;
    }

    private async Task<int> ThawAfterAsync(ObligationRow row, CancellationToken ct)
    {
        var session = await store.SessionAsync(row.SessionId, ct);
        var job = session is null ? null : JsonSerializer.Deserialize(session.JobJson, RestJson.Default.JobDocument);
        return (job?.Machines.FirstOrDefault(machine => machine.Name == row.Machine)?.Snapshot ?? job?.Snapshot ?? new SnapshotSettings()).ThawAfterSeconds;
    }
}
