using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs.Activities;
using Quiesce.Jobs.Schedules;
using Quiesce.Jobs.Triggers;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>What is written when an instance ends: the task's verdict and restore point and the word to the session, or the session's own result.</summary>
internal sealed class TaskEnd(Store store)
{
    /// <summary>Takes what the workflow's end means into the facts, and finds what is still owed. True when the instance may end now.</summary>
    public static async Task<bool> SettleAsync(InstanceDraft draft, Store store, CancellationToken cancellationToken)
    {
        if (draft.IsSession) return await MachinesEndedAsync(draft, store, cancellationToken).ConfigureAwait(false);
        if (!draft.IsTask) return true;
        var state = draft.State!;
        var facts = draft.Facts;
        if (state.SubStatus == WorkflowSubStatus.Cancelled && !facts.Cancelled)
        {
            draft.Log(SessionEvents.TaskCancelled, null, null);
            facts = facts.Apply(SessionEvents.TaskCancelled, null, null);
        }

        if (state.Incidents.Count > 0 && facts.Incident is null) facts = facts with { Incident = state.Incidents[0].Message };
        draft.Facts = facts;
        var verdict = Outcome.Decide(facts, draft.Host!.Machine.GuestProcessing.Mode, draft.Host.Machine.ScriptMode);
        if (facts.Snapshot is { Taken: true, RestorePointId: { } point } && !facts.Discarded) SettleSnapshot(draft, point, facts.Snapshot, verdict.Keep);
        if (Obligations.Open(draft.State!.Properties).Count > 0) return false;
        // A cancelled task may leave an operation in hand: its reply decides what is owed.
        var outbox = await store.OutboxAsync(draft.Row.Id, cancellationToken).ConfigureAwait(false);
        return !outbox.Any(row => row.AwaitsReply && !draft.OutboxRemoved.Contains(row.Id)) && !draft.OutboxAdded.Any(row => row.AwaitsReply);
    }

    // A session that faulted, or that a person drew so that it ends early, first has its machines cancelled and undone: its result waits for theirs.
    private static async Task<bool> MachinesEndedAsync(InstanceDraft draft, Store store, CancellationToken cancellationToken)
    {
        const int Page = 500;
        var filter = new InstanceFilter(ParentId: draft.Row.Id);
        var ended = draft.Children.Count == 0;
        foreach (var child in draft.Children) draft.Stimuli.Add(BurstStep.Cancel(child.Instance.Id, "the session ended first", draft.Now));
        for (var skip = 0; ; skip += Page)
        {
            var children = await store.InstancesAsync(filter, skip, Page, cancellationToken).ConfigureAwait(false);
            foreach (var child in children.Where(child => child.FinishedAt is null))
            {
                ended = false;
                draft.Stimuli.Add(BurstStep.Cancel(child.Id, "the session ended first", draft.Now));
            }

            if (children.Count < Page) return ended;
        }
    }

    /// <summary>Writes the end.</summary>
    public async Task WriteAsync(InstanceDraft draft, ClaimedInstance claimed, CancellationToken cancellationToken)
    {
        foreach (var late in claimed.Stimuli.Where(row => !draft.Consumed.Contains(row.Id) && row.Kind == StimulusKinds.Reply))
            draft.Log(SessionEvents.LateReply, null, new JsonObject { ["stimulus"] = late.Id });
        if (draft.IsTask) await EndTaskAsync(draft, cancellationToken).ConfigureAwait(false);
        else if (draft.IsSession) await EndSessionAsync(draft, cancellationToken).ConfigureAwait(false);
        draft.Phase = RunnerPhases.Ended;
        draft.EndedAt = draft.Now;
        draft.Waiting.Clear();
        draft.Consumed.UnionWith(claimed.Stimuli.Select(row => row.Id));
    }

    private async Task EndTaskAsync(InstanceDraft draft, CancellationToken cancellationToken)
    {
        var host = draft.Host!;
        var facts = draft.Facts;
        var verdict = Outcome.Decide(facts, host.Machine.GuestProcessing.Mode, host.Machine.ScriptMode);
        draft.Log(SessionEvents.TaskEnded, null, new JsonObject { ["result"] = verdict.Result.ToString(), ["consistency"] = verdict.Consistency.ToString(), ["reason"] = verdict.Reason });
        if (facts.Snapshot is { Taken: true, RestorePointId: { } point } snapshot && !facts.Discarded && verdict.Keep)
        {
            draft.RestorePoints.RemoveAll(row => row.Id == point);
            draft.RestorePoints.Add(RestorePoint(draft, point, snapshot.Location ?? "", snapshot.Method ?? "", snapshot.Bytes, verdict.Consistency, verdict.Reason, RestorePointStates.Complete));
            await RetainAsync(draft, point, cancellationToken).ConfigureAwait(false);
        }
        else if (facts.Snapshot is { Taken: true, RestorePointId: { } gone } made)
        {
            // Deleted at the guest: the row goes too. Not deleted yet: it stays, marked, until the janitor has done it.
            if (facts.Discarded) draft.RestorePointsDeleted.Add(gone);
            else draft.RestorePoints.Add(RestorePoint(draft, gone, made.Location ?? "", made.Method ?? "", made.Bytes, Consistency.None, verdict.Reason, RestorePointStates.Deleting));
        }

        draft.Task = Row(draft, "Stopped", verdict.Result.ToString(), verdict);
        draft.OutboxAdded.Add(BusMessages.Row($"{draft.Row.Id}:ended", new TaskEnded(host.SessionId, host.Job.Name, host.Machine.Machine.Name, draft.Row.Id, verdict.Result.ToString(),
            verdict.Consistency.ToString(), verdict.Reason, verdict.Keep && !facts.Discarded ? facts.Snapshot?.RestorePointId : null, draft.Now), draft.Row.Id, draft.Now));
        draft.Stimuli.Add(new StimulusRow($"{draft.Row.Id}:ended", host.SessionId, StimulusKinds.Resume, ProtectMachines.BookmarkHash, null,
            new JsonObject { ["index"] = host.MachineIndex, ["result"] = verdict.Result.ToString() }.ToJsonString(), draft.Now, null));
    }

    // The oldest points beyond the job's keep are marked here, in the commit that makes them surplus; the janitor deletes them.
    private async Task RetainAsync(InstanceDraft draft, string newPoint, CancellationToken cancellationToken)
    {
        var host = draft.Host!;
        if (host.Machine.Snapshot.Keep <= 0) return;
        var points = await store.RestorePointsAsync(host.Job.Name, host.Machine.Machine.Name, null, cancellationToken).ConfigureAwait(false);
        draft.RestorePoints.AddRange(points
            .Where(row => row.State == RestorePointStates.Complete && row.Id != newPoint && row.SourcePath == host.Machine.SourcePath)
            .OrderByDescending(row => row.CreatedAt).Skip(host.Machine.Snapshot.Keep - 1)
            .Select(row => row with { State = RestorePointStates.Deleting }));
    }

    private static void SettleSnapshot(InstanceDraft draft, string point, SnapshotFacts snapshot, bool keep)
    {
        var id = Obligations.Snapshot + point;
        var properties = (JsonObject)draft.State!.Properties.DeepClone();
        var row = BurstStep.ObligationId(draft.Row.Id, id);
        if (keep && Obligations.Remove(properties, id))
        {
            if (draft.ObligationsAdded.RemoveAll(one => one.Id == row) == 0) draft.ObligationsDischarged.Add(row);
            draft.State = draft.State with { Properties = properties };
            draft.Log(SessionEvents.ObligationMet, null, new JsonObject { ["id"] = id });
        }
        else if (!keep && Obligations.Add(properties, id))
        {
            // Concluded as kept, then cancelled before the end (R5.21): the point goes after all.
            var host = draft.Host!;
            draft.State = draft.State with { Properties = properties };
            draft.ObligationsDischarged.Remove(row);
            var body = JsonSerializer.SerializeToNode(new DeleteSnapshotRequest(point, host.Machine.SourcePath, SnapshotProvider.Of(properties, host.Machine), snapshot.Location), ContractsJson.Default.DeleteSnapshotRequest);
            draft.ObligationsAdded.Add(new ObligationRow(row, draft.Row.Id, host.SessionId, host.Machine.Machine.Name, Verbs.DeleteSnapshot,
                new JsonObject { ["id"] = id, ["text"] = $"delete the snapshot {point}", ["guest"] = JsonSerializer.SerializeToNode(host.Guest, ContractsJson.Default.Guest), ["body"] = body }.ToJsonString(),
                long.MaxValue, draft.Now, 0, null, null, ObligationStates.Open));
            draft.Log(SessionEvents.ObligationOwed, null, new JsonObject { ["id"] = id, ["text"] = $"delete the snapshot {point}" });
        }
    }

    private async Task EndSessionAsync(InstanceDraft draft, CancellationToken cancellationToken)
    {
        var host = draft.Host!;
        var state = draft.State!;
        var (result, message) = state.Incidents.Count > 0
            ? (Result.Failed, $"the workflow '{state.DefinitionId}' faulted at '{state.Incidents[0].ActivityId}': {state.Incidents[0].Message}")
            : SessionConclusion.Of(state.Properties, host);
        var stopped = (string?)state.Properties[ProtectMachines.StoppedBecause];
        if (state.SubStatus == WorkflowSubStatus.Cancelled) stopped ??= "cancelled by user";
        draft.Log(SessionEvents.SessionEnded, null, new JsonObject { ["result"] = result.ToString(), ["message"] = stopped ?? message });
        draft.Session = new SessionUpdate(host.SessionId, "Stopped", result.ToString(), stopped ?? message, stopped is not null, draft.Now);
        if (await store.SessionAsync(host.SessionId, cancellationToken).ConfigureAwait(false) is not { } row) return;
        row = row with { Result = result.ToString(), Message = stopped ?? message, IsCancelled = row.IsCancelled || stopped is not null, EndedAt = draft.Now };
        var retried = await FollowUp.RetryAsync(store, row, cancellationToken).ConfigureAwait(false) is not null;
        draft.OutboxAdded.Add(BusMessages.Row($"{row.Id}:ended",
            new SessionEnded(row.Id, row.Job, row.InitiatedBy, result.ToString(), row.Message, row.IsCancelled, row.RetryNumber, row.OriginalSessionId, retried, draft.Now), row.Id, draft.Now));
    }

    /// <summary>A restore point's row.</summary>
    public static RestorePointRow RestorePoint(InstanceDraft draft, string id, string location, string method, long? bytes, Consistency consistency, string? reason, string state)
    {
        var host = draft.Host!;
        return new RestorePointRow(id, host.SessionId, host.Machine.Machine.Name, host.Job.Name,
            JsonSerializer.Serialize(SnapshotProvider.Of(draft.State!.Properties, host.Machine), ContractsJson.Default.ProviderSettings), host.Machine.SourcePath,
            JsonSerializer.Serialize(host.Guest, ContractsJson.Default.Guest), location, consistency.ToString(), reason, draft.Now, state, bytes, method);
    }

    /// <summary>The task's row, as lists and progress show it.</summary>
    public static TaskRow Row(InstanceDraft draft, string state, string? result, Verdict? verdict)
    {
        var facts = draft.Facts;
        return new TaskRow(draft.Host!.SessionId, draft.Host.Machine.Machine.Name, draft.Row.Id, state, result, verdict?.Consistency.ToString(), verdict?.Reason,
            state == "Stopped" ? null : draft.Step, facts.Proxy, facts.Snapshot?.Legs?.FrozenMs, draft.Now);
    }
}
