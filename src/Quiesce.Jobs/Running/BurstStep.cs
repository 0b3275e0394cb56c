using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs.Activities;
using Quiesce.Jobs.Triggers;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>Turns what a burst wants into what a commit writes. No I/O.</summary>
internal sealed class BurstStep(TriggerLookup triggers)
{
    private const string TimerPrefix = "timer:";

    /// <summary>Fills the draft from a burst.</summary>
    public void Fill(InstanceDraft draft, ClaimedInstance claimed, InstanceState? before, BurstResult result)
    {
        draft.State = result.State;
        draft.Add(result.Journal);
        draft.Executions = ExecutionText.Pack(result.ActivityExecutions);
        draft.Consumed.UnionWith(result.Consumed);
        draft.Waiting.AddRange(result.Unmatched);
        foreach (var row in claimed.Stimuli.Where(row => row.Kind == StimulusKinds.Reply && GuestOperation.IsCancel(row.Id)))
        {
            draft.Waiting.Remove(row.Id);
            draft.Consumed.Add(row.Id);
        }

        // Whoever asked over HTTP waits now: a request that nobody takes any more is told so, and never kept.
        foreach (var request in IncomingStimuli.Requests(claimed))
            if (draft.Waiting.Remove(request)) draft.Consumed.Add(request);
        foreach (var row in claimed.Stimuli)
            if (row.Kind == StimulusKinds.Reply && draft.Consumed.Contains(row.Id)) draft.OutboxRemoved.Add(row.Id);
        Bookmarks(draft, before?.Bookmarks ?? [], result.Bookmarks, claimed);
        foreach (var effect in result.Effects) Apply(draft, effect);
        // An operation whose reply was there before it was asked for is not asked for any more.
        draft.OutboxAdded.RemoveAll(row => draft.OutboxRemoved.Contains(row.Id));
    }

    private static void Bookmarks(InstanceDraft draft, IReadOnlyList<Bookmark> before, IReadOnlyList<Bookmark> after, ClaimedInstance claimed)
    {
        var open = after.Select(bookmark => bookmark.Id).ToHashSet(StringComparer.Ordinal);
        var known = before.Select(bookmark => bookmark.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in before.Where(bookmark => !open.Contains(bookmark.Id)))
        {
            if (Shared(gone)) draft.BookmarksRemoved.Add(gone.Id);
            // An answer over HTTP that nobody waits for any more is not asked for again.
            if (HttpRequests.IdOf(gone) is { } asked) draft.OutboxRemoved.Add(asked);
            if (gone.DueAt is null) continue;
            draft.Consumed.Add(TimerPrefix + gone.Id);
            // The operation that timed out is not sent again: its outcome counts as unknown from here on.
            if (gone.Name == GuestOperation.BookmarkName && claimed.Stimuli.Any(row => row.Kind == StimulusKinds.Timer && row.BookmarkId == gone.Id) && (string?)gone.Payload?["OperationId"] is { } operation)
                draft.OutboxRemoved.Add(operation);
        }

        foreach (var added in after.Where(bookmark => !known.Contains(bookmark.Id)))
        {
            if (Shared(added)) draft.BookmarksAdded.Add(new BookmarkRow(added.Id, draft.Row.Id, added.Name, added.Hash, draft.State!.CorrelationId, added.Payload?.ToJsonString(), added.CreatedAt, added.DueAt));
            if (added.DueAt is { } due) draft.Stimuli.Add(new StimulusRow(TimerPrefix + added.Id, draft.Row.Id, StimulusKinds.Timer, null, added.Id, null, draft.Now, due));
        }
    }

    // Only what somebody outside looks up by hash needs a row; replies and machine ends are addressed to their instance.
    private static bool Shared(Bookmark bookmark) => bookmark.Name != GuestOperation.BookmarkName && bookmark.Hash != ProtectMachines.BookmarkHash;

    private void Apply(InstanceDraft draft, Effect effect)
    {
        switch (effect)
        {
            case SendOperation send:
                draft.Send(send.OperationId, send.Verb, (string?)send.Body["phase"], send.Body, awaitsReply: true);
                break;
            case OweObligation owed:
                draft.ObligationsAdded.Add(new ObligationRow(ObligationId(draft.Row.Id, owed.Id), draft.Row.Id, draft.Host!.SessionId, draft.Host.Machine.Machine.Name, owed.Verb,
                    new JsonObject { ["id"] = owed.Id, ["text"] = owed.Text, ["guest"] = System.Text.Json.JsonSerializer.SerializeToNode(draft.Host.Guest, Contracts.ContractsJson.Default.Guest), ["body"] = owed.Body.DeepClone() }.ToJsonString(),
                    draft.State!.LogSequence + draft.ObligationsAdded.Count, draft.Now, 0, null, null, ObligationStates.Open));
                break;
            case MeetObligation met:
                // Owed and met within one burst never becomes a row.
                if (draft.ObligationsAdded.RemoveAll(row => row.Id == ObligationId(draft.Row.Id, met.Id)) == 0) draft.ObligationsDischarged.Add(ObligationId(draft.Row.Id, met.Id));
                break;
            case StartMachine start:
                draft.Children.Add(Machine(draft, start));
                break;
            case CancelMachine cancel:
                draft.Stimuli.Add(Cancel(SessionHost.InstanceId(draft.Host!.SessionId, cancel.Index), cancel.Reason, draft.Now));
                break;
            case RecordRestorePoint point:
                draft.RestorePoints.Add(TaskEnd.RestorePoint(draft, point.Id, point.Location, point.Method, point.Bytes, Consistency.None, null, RestorePointStates.Creating));
                break;
            case StartWorkflow start:
                draft.Children.Add(Child(draft, start));
                break;
            case NotifyParent notify:
                draft.Stimuli.Add(Row($"{notify.ChildInstanceId}:{(notify.FirstBurst ? "first" : "ended")}", notify.ParentInstanceId, notify.ToStimulus("-"), draft.Now));
                break;
            case PublishEvent published:
                Publish(draft, published);
                break;
            case SendHttp send:
                draft.OutboxAdded.Add(HttpRequests.Row(send, draft.Row.Id, draft.Now));
                break;
            case RespondHttp respond:
                draft.Responses.Add(respond);
                break;
            case PublishMessage message:
                draft.OutboxAdded.Add(BusMessages.Row($"message:{draft.Row.Id}:{draft.State!.LogSequence}:{draft.OutboxAdded.Count}", message, draft.Row.Id, draft.Now));
                break;
            case PublishNotice notice:
                draft.OutboxAdded.Add(new OutboxRow(notice.Id, draft.Row.Id, Requests.NoticeKind, new JsonObject { ["kind"] = notice.Kind, ["body"] = notice.Body.DeepClone() }.ToJsonString(), 0, draft.Now, false));
                break;
            case TaskRequested task:
                draft.OutboxAdded.Add(new OutboxRow(task.TaskId, draft.Row.Id, Requests.NoticeKind,
                    new JsonObject { ["kind"] = "TaskRequested", ["body"] = new JsonObject { ["taskId"] = task.TaskId, ["name"] = task.Name, ["payload"] = task.Payload?.DeepClone() } }.ToJsonString(), 0, draft.Now, false));
                break;
        }
    }

    /// <summary>The row id of an obligation.</summary>
    public static string ObligationId(string instanceId, string id) => $"{instanceId}/{id}";

    /// <summary>A cancel; asking twice is asking once.</summary>
    public static StimulusRow Cancel(string instanceId, string reason, DateTimeOffset now) =>
        new("cancel", instanceId, StimulusKinds.Cancel, null, null, new JsonObject { ["reason"] = reason }.ToJsonString(), now, null);

    private static StimulusRow Row(string id, string instanceId, Stimulus stimulus, DateTimeOffset now) =>
        new(id, instanceId, StimulusKinds.Resume, stimulus.BookmarkHash, stimulus.BookmarkId, stimulus.Input?.ToJsonString(), now, null);

    private static NewInstance Machine(InstanceDraft draft, StartMachine start)
    {
        var index = start.Index;
        var host = draft.Host! with { MachineIndex = index };
        var workflow = start.Workflow ?? host.Workflow!;
        var settings = host.Machine;
        var id = SessionHost.InstanceId(host.SessionId, index);
        var input = new JsonObject
        {
            ["SessionId"] = host.SessionId, ["Machine"] = settings.Machine.Name, ["AppMode"] = settings.GuestProcessing.Mode.ToString(), ["ScriptMode"] = settings.ScriptMode.ToString(),
        };
        return new NewInstance(
            NewInstances.Fresh(id, workflow.DefinitionId, workflow.Version, workflow.VersionId, draft.Row.Id, host.SessionId, null, $"{host.Job.Name}: {settings.Machine.Name}", draft.Now),
            new StimulusRow("start", id, StimulusKinds.Start, null, null, new JsonObject { ["input"] = input }.ToJsonString(), draft.Now, null));
    }

    private static NewInstance Child(InstanceDraft draft, StartWorkflow start) => new(
        NewInstances.Fresh(start.InstanceId, start.DefinitionId, start.Version.Number ?? 0, start.DefinitionVersionId, start.ParentInstanceId, null, start.CorrelationId, null, draft.Now),
        new StimulusRow("start", start.InstanceId, StimulusKinds.Start, null, null, new JsonObject
        {
            ["input"] = start.Input?.DeepClone(), ["parentBookmarkHash"] = start.ParentBookmarkHash, ["parentWait"] = (int)start.ParentWait, ["properties"] = start.Properties?.DeepClone(),
        }.ToJsonString(), draft.Now, null));

    private void Publish(InstanceDraft draft, PublishEvent published)
    {
        var input = published.ToInput();
        var id = $"event:{draft.Row.Id}:{draft.State!.LogSequence}:{draft.Stimuli.Count + draft.Broadcasts.Count}";
        if (published.IsLocal)
        {
            draft.Stimuli.Add(new StimulusRow(id, draft.Row.Id, StimulusKinds.Resume, published.BookmarkHash, null, input.ToJsonString(), draft.Now, null));
            return;
        }

        draft.Broadcasts.Add(new Broadcast(id, StimulusKinds.Resume, published.BookmarkHash, published.CorrelationId, input.ToJsonString(), draft.Now));
        foreach (var trigger in triggers(published.BookmarkHash)) draft.Children.Add(trigger.Start(input, published.CorrelationId, draft.Now));
    }
}
