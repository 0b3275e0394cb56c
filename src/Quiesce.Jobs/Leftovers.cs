using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>What sessions had to leave at guests, as its users see it: list, and retry now instead of when the janitor would (R2.11).</summary>
public sealed class Leftovers(Store store, Janitor janitor)
{
    /// <summary>A page, the oldest first, and how many there are in all; of one machine or all.</summary>
    public async Task<(IReadOnlyList<LeftoverSummary> Items, int Total)> ListAsync(string? machine, int skip, int take, CancellationToken ct)
    {
        var (rows, total) = await store.LeftoverPageAsync(machine, skip, take, ct).ConfigureAwait(false);
        return ([.. rows.Select(View)], total);
    }

    /// <summary>Tries now to do away with it; takes as long as the guest takes to answer, or not to.</summary>
    /// <exception cref="RefusedException">There is none: it may have been done meanwhile.</exception>
    public async Task<LeftoverRetried> RetryAsync(string id, CancellationToken ct)
    {
        var row = await store.LeftoverAsync(id, ct).ConfigureAwait(false)
            ?? throw new RefusedException(ProblemCodes.NotFound, $"There is no leftover '{id}': it may have been done meanwhile. `quiesce leftover list` shows those there are.");
        if (await janitor.RetryAsync(row, ct).ConfigureAwait(false))
            return new LeftoverRetried(id, true, null);
        return new LeftoverRetried(id, false, (await store.LeftoverAsync(id, ct).ConfigureAwait(false))?.LastError);
    }

    private static LeftoverSummary View(ObligationRow row) => new(
        row.Id, row.SessionId, row.Machine, row.Kind, (string?)JsonNode.Parse(row.Payload)?["text"] ?? row.Kind, row.CreatedAt, row.Attempts, row.NextAttemptAt, row.LastError);
}
