using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>Retries what tasks had to leave behind, and deletes restore points that are marked for it (R2.11): after 1, 5, 15 and 60 minutes, then hourly, for seven days.</summary>
public sealed class Janitor(Store store, Operations operations, TimeProvider time, ILogger<Janitor> log)
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(60)];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan GiveUp = TimeSpan.FromDays(7);

    /// <summary>Does what is due now.</summary>
    /// <returns>How many things were done.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var left in await store.DueLeftoversAsync(100, cancellationToken).ConfigureAwait(false))
            if (await RetryAsync(left, cancellationToken).ConfigureAwait(false)) done++;
        foreach (var point in await store.RestorePointsToDeleteAsync(100, cancellationToken).ConfigureAwait(false))
            if (await DeleteAsync(point, cancellationToken).ConfigureAwait(false)) done++;
        return done;
    }

    /// <summary>Deletes a restore point at its guest, then its row. The row stays, marked, when the guest cannot be reached.</summary>
    public async Task<bool> DeleteAsync(RestorePointRow point, CancellationToken cancellationToken)
    {
        var guest = JsonSerializer.Deserialize(point.Guest, ContractsJson.Default.Guest)! with { DeploymentId = $"del-{point.Id}" };
        var provider = JsonSerializer.Deserialize(point.Provider, ContractsJson.Default.ProviderSettings)!;
        var reply = await operations.AskAsync($"delete:{point.Id}:{time.GetUtcNow().ToUnixTimeMilliseconds():x}", guest, Verbs.DeleteSnapshot,
            new DeleteSnapshotRequest(point.Id, point.SourcePath, provider, point.Location), ContractsJson.Default.DeleteSnapshotRequest, Patience, cancellationToken).ConfigureAwait(false);
        if (reply.Failure is { } failure)
        {
            log.LogWarning("Restore point {Point} of machine {Machine} could not be deleted and is tried again: {Code}: {Message}", point.Id, point.Machine, failure.Code, failure.Message);
            return false;
        }

        await store.DeleteRestorePointAsync(point.Id).ConfigureAwait(false);
        return true;
    }

    /// <summary>Tries to do away with one leftover, due or not. False when it is still there.</summary>
    public async Task<bool> RetryAsync(ObligationRow left, CancellationToken cancellationToken)
    {
        var payload = JsonNode.Parse(left.Payload)!;
        var guest = payload["guest"].Deserialize(ContractsJson.Default.Guest)!;
        var phase = left.Kind == Verbs.RunScript ? "post" : null;
        var reply = await AskAsync(left, guest, payload["body"]!, cancellationToken).ConfigureAwait(false);
        var outcome = Replies.Outcome(left.Kind, phase, left.Id, Replies.Payload(reply));
        if (Obligations.MetBy(outcome, [(string?)payload["id"] ?? ""]).Count > 0)
        {
            await store.DischargeObligationsAsync([left.Id]).ConfigureAwait(false);
            log.LogInformation("Session {Session}, machine {Machine}: done after all: {Text}", left.SessionId, left.Machine, (string?)payload["text"]);
            return true;
        }

        var now = time.GetUtcNow();
        var wait = Waits[Math.Min(left.Attempts, Waits.Length - 1)];
        var error = outcome.Failure is { } failure ? $"{failure.Code}: {failure.Message}" : "it was answered, but not done";
        var next = now - left.CreatedAt > GiveUp ? (DateTimeOffset?)null : now + wait;
        await store.UpdateObligationsAsync([left with { Attempts = left.Attempts + 1, LastError = error, NextAttemptAt = next }]).ConfigureAwait(false);
        log.LogWarning("Session {Session}, machine {Machine}: still owed: {Text}: {Error}; {Next}", left.SessionId, left.Machine, (string?)payload["text"], error,
            next is null ? "seven days are over: remove it by hand" : $"next attempt at {next:u}");
        return false;
    }

    private Task<OperationReply> AskAsync(ObligationRow left, Guest guest, JsonNode body, CancellationToken cancellationToken)
    {
        var id = $"{left.InstanceId}:janitor:{left.Kind}:{left.Attempts + 1}";
        return left.Kind switch
        {
            Verbs.RunScript => operations.AskAsync(id, guest, left.Kind, body.Deserialize(ContractsJson.Default.RunScriptRequest)!, ContractsJson.Default.RunScriptRequest, Patience, cancellationToken),
            Verbs.DeleteSnapshot => operations.AskAsync(id, guest, left.Kind, body.Deserialize(ContractsJson.Default.DeleteSnapshotRequest)!, ContractsJson.Default.DeleteSnapshotRequest, Patience, cancellationToken),
            Verbs.ThawGuest => operations.AskAsync(id, guest, left.Kind, new ThawGuestRequest(), ContractsJson.Default.ThawGuestRequest, Patience, cancellationToken),
            _ => operations.AskAsync(id, guest, Verbs.ReleaseGuest, new ReleaseGuestRequest(), ContractsJson.Default.ReleaseGuestRequest, Patience, cancellationToken),
        };
    }
}
