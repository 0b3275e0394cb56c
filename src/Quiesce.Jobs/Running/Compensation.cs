using System.Text.Json.Nodes;
using Quiesce.Contracts.Bus;
using Quiesce.Engine;
using Quiesce.Jobs.Activities;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>
/// Executes what a task still owes its guest when its workflow has ended, however it ended: in reverse order, one at a time, each once; what cannot be done now becomes
/// a leftover for the janitor (design §7, R2.9–R2.11). Durable between steps: the open obligations and the unanswered operations are rows, so a crash repeats at most the
/// sending of an operation under the same id.
/// </summary>
internal sealed class Compensation(Store store, RunnerOptions options)
{
    private const string Deadline = "undo-deadline:";
    /// <summary>The first wait of the janitor (R2.11).</summary>
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);

    /// <summary>Fills the draft with the next step. True when nothing is owed any more and the task may end.</summary>
    public async Task<bool> StepAsync(InstanceDraft draft, ClaimedInstance claimed, CancellationToken cancellationToken)
    {
        var outbox = (await store.OutboxAsync(draft.Row.Id, cancellationToken).ConfigureAwait(false)).Where(row => row.AwaitsReply).ToDictionary(row => row.Id, StringComparer.Ordinal);
        var rows = (await store.ObligationsAsync(draft.Row.Id, cancellationToken).ConfigureAwait(false)).Where(row => row.State == ObligationStates.Open).OrderBy(row => row.Sequence).ToList();
        foreach (var stimulus in claimed.Stimuli)
        {
            draft.Consumed.Add(stimulus.Id);
            if (stimulus.Kind == StimulusKinds.Reply && outbox.Remove(stimulus.Id, out var answered)) Take(draft, answered, Payload(stimulus), rows);
            else if (stimulus.Id.StartsWith(Deadline, StringComparison.Ordinal))
                foreach (var silent in outbox.Values.ToList())
                {
                    outbox.Remove(silent.Id);
                    Take(draft, silent, null, rows);
                }
        }

        if (outbox.Count > 0)
        {
            // What was in hand when the task ended answers first: only its reply tells what is owed.
            if (claimed.Instance.Phase != Phases.Compensating || draft.Journal.Count == 0) Wait(draft);
            return false;
        }

        if (rows.Count == 0) return true;
        var next = rows[^1];
        var payload = JsonNode.Parse(next.Payload)!;
        var body = (JsonObject)payload["body"]!.DeepClone();
        if (next.Kind == Verbs.DeleteSnapshot && draft.Facts.Snapshot?.Location is { } location) body["location"] = location;
        var phase = next.Kind == Verbs.RunScript ? "post" : null;
        var operation = $"{draft.Row.Id}:undo:{(string?)payload["id"]}:{next.Attempts + 1}";
        draft.Log(SessionEvents.OperationSent, null, Sent(next.Kind, phase, operation));
        draft.Send(operation, next.Kind, phase, body, awaitsReply: true, obligation: next.Id);
        Wait(draft);
        return false;
    }

    private void Wait(InstanceDraft draft) =>
        draft.Stimuli.Add(new StimulusRow($"{Deadline}{draft.State!.LogSequence}", draft.Row.Id, StimulusKinds.Timer, null, null, null, draft.Now, draft.Now + options.UndoPatience));

    private static void Take(InstanceDraft draft, OutboxRow row, JsonObject? reply, List<ObligationRow> open)
    {
        draft.OutboxRemoved.Add(row.Id);
        if (GuestOperation.IsCancel(row.Id)) return;
        var (verb, phase, obligation) = Requests.Read(row);
        var outcome = Replies.Outcome(verb, phase, row.Id, reply);
        draft.Log(SessionEvents.OperationFinished, null, outcome.ToPayload());
        draft.Facts = draft.Facts.Apply(SessionEvents.OperationFinished, null, outcome.ToPayload());
        var properties = (JsonObject)draft.State!.Properties.DeepClone();
        foreach (var met in Obligations.MetBy(outcome, Obligations.Open(properties)))
        {
            Obligations.Remove(properties, met);
            open.RemoveAll(one => one.Id == BurstStep.ObligationId(draft.Row.Id, met));
            draft.ObligationsDischarged.Add(BurstStep.ObligationId(draft.Row.Id, met));
            draft.State = draft.State with { Properties = properties };
            draft.Log(SessionEvents.ObligationMet, null, new JsonObject { ["id"] = met });
        }

        draft.State = draft.State with { Properties = properties };
        if (obligation is null || open.FirstOrDefault(one => one.Id == obligation) is not { } left) return;
        open.Remove(left);
        var payload = JsonNode.Parse(left.Payload)!;
        Obligations.Remove(properties, (string?)payload["id"] ?? "");
        draft.State = draft.State with { Properties = properties };
        var error = outcome.Failure is { } failure ? $"{failure.Code}: {failure.Message}" : "it was answered, but not done";
        draft.ObligationsUpdated.Add(left with { State = ObligationStates.Leftover, Attempts = left.Attempts + 1, LastError = error, NextAttemptAt = draft.Now + FirstRetry });
        draft.Log(SessionEvents.ObligationLeft, null, new JsonObject { ["id"] = (string?)payload["id"], ["text"] = (string?)payload["text"], ["error"] = error });
    }

    private static JsonObject Sent(string verb, string? phase, string operation)
    {
        var payload = new JsonObject { ["verb"] = verb, ["operationId"] = operation };
        if (phase is not null) payload["phase"] = phase;
        return payload;
    }

    private static JsonObject? Payload(StimulusRow row) => row.Payload is null ? null : JsonNode.Parse(row.Payload) as JsonObject;
}
