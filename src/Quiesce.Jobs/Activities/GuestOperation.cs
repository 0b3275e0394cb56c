using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>How an activity has something done at the edge: the request goes into the outbox of this burst, the activity waits for the reply, and a reply that never comes is bounded.</summary>
internal static class GuestOperation
{
    /// <summary>The bookmark name of a waiting operation.</summary>
    public const string BookmarkName = "Quiesce.Operation";

    private const string CancelSuffix = ":cancel";
    private const string Counters = "Quiesce:Operations";

    /// <summary>The hash under which the reply of an operation finds its bookmark.</summary>
    public static string HashOf(string operationId) => Bookmark.HashOf(BookmarkName, new JsonObject { ["OperationId"] = operationId });

    /// <summary>Whether an operation is the cancel of another one. Its row stays until it was answered, as every operation's does; nobody waits for the answer.</summary>
    public static bool IsCancel(string operationId) => operationId.EndsWith(CancelSuffix, StringComparison.Ordinal);

    /// <summary>Sends a request and waits. The operation id is session, machine, step and attempt, so a burst that runs again after a crash makes the same id.</summary>
    /// <param name="patience">How long the reply may take before its outcome counts as unknown.</param>
    public static void Send<T>(ActivityContext context, string verb, string? phase, T request, JsonTypeInfo<T> type, TimeSpan patience)
    {
        var body = (JsonObject)JsonSerializer.SerializeToNode(request, type)!;
        var id = NextId(context);
        context.State["verb"] = verb;
        context.State["operationId"] = id;
        if (phase is not null) context.State["phase"] = phase;
        var payload = new JsonObject { ["verb"] = verb, ["operationId"] = id };
        if (phase is not null) payload["phase"] = phase;
        context.Log(SessionEvents.OperationSent, null, payload);
        foreach (var owed in Obligations.OwedBy(verb, phase, body, context.Host as SessionHost)) Owe(context, owed);
        context.Emit(new SendOperation(id, verb, body));
        context.CreateBookmark(BookmarkName, new JsonObject { ["OperationId"] = id }, includeActivityInstanceId: false, dueAt: context.Now + patience);
    }

    /// <summary>Takes the reply: journal, facts and obligations in one place. A timer instead of a reply is an unknown outcome.</summary>
    public static OperationOutcome Take(ActivityContext context, Resumption resumption)
    {
        var verb = (string?)context.State["verb"] ?? "";
        var phase = (string?)context.State["phase"];
        var id = (string?)context.State["operationId"] ?? "";
        var outcome = Replies.Outcome(verb, phase, id, resumption.Input);
        Record(context, SessionEvents.OperationFinished, outcome.ToPayload());
        foreach (var met in Obligations.MetBy(outcome, Obligations.Open(context.InstanceProperties))) Meet(context, met);
        return outcome;
    }

    /// <summary>Ends the operation in hand at the edge: used when the task is cancelled while a script runs (R4.16).</summary>
    public static void CancelAtTheEdge(ActivityContext context)
    {
        if ((string?)context.State["operationId"] is not { } target) return;
        var body = (JsonObject)JsonSerializer.SerializeToNode(new CancelOperationRequest(target), ContractsJson.Default.CancelOperationRequest)!;
        context.Emit(new SendOperation(target + CancelSuffix, Verbs.CancelOperation, body));
    }

    /// <summary>Writes a record into the journal and into the facts of the task.</summary>
    public static void Record(ActivityContext context, string eventName, JsonObject payload)
    {
        context.Log(eventName, null, payload);
        FactsOf.Write(context.InstanceProperties, FactsOf.Read(context.InstanceProperties).Apply(eventName, null, payload));
    }

    /// <summary>A line for the operator.</summary>
    public static void Note(ActivityContext context, string level, string text) =>
        context.Log(SessionEvents.Note, null, new JsonObject { ["level"] = level, ["text"] = text });

    /// <summary>Owes the guest something, once.</summary>
    public static void Owe(ActivityContext context, OweObligation owed)
    {
        if (!Obligations.Add(context.InstanceProperties, owed.Id)) return;
        context.Log(SessionEvents.ObligationOwed, null, new JsonObject { ["id"] = owed.Id, ["text"] = owed.Text });
        context.Emit(owed);
    }

    /// <summary>Takes an obligation off.</summary>
    public static void Meet(ActivityContext context, string id)
    {
        if (!Obligations.Remove(context.InstanceProperties, id)) return;
        context.Log(SessionEvents.ObligationMet, null, new JsonObject { ["id"] = id });
        context.Emit(new MeetObligation(id));
    }

    private static string NextId(ActivityContext context)
    {
        var counters = context.InstanceProperties.TryGetValue(Counters, out var node) && node is JsonObject known ? (JsonObject)known.DeepClone() : [];
        var number = ((int?)counters[context.ActivityId] ?? 0) + 1;
        counters[context.ActivityId] = number;
        context.InstanceProperties[Counters] = counters;
        return $"{context.WorkflowInstanceId}:{context.ActivityId}:{number}";
    }
}
