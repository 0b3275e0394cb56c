using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Jobs;

/// <summary>
/// What is known of one machine's task: a fold over the journal. The conclusion of the task and the report are both computed from it, so that they cannot differ.
/// </summary>
public sealed record TaskFacts
{
    /// <summary>Nothing has happened yet.</summary>
    public static readonly TaskFacts None = new();

    public string? Proxy { get; init; }
    public string? Transport { get; init; }
    public bool Prepared { get; init; }
    public ScriptFacts? Pre { get; init; }
    public ScriptFacts? Post { get; init; }
    public SnapshotFacts? Snapshot { get; init; }
    /// <summary>The first failure of guest processing (connect, deploy, freeze, link), as opposed to a script's own failure.</summary>
    public Failure? GuestFailure { get; init; }
    /// <summary>Whether the snapshot existed when <see cref="GuestFailure"/> happened: the two failure columns of section 2.7.</summary>
    public bool FailedAfterSnapshot { get; init; }
    /// <summary>The restore point was deleted again.</summary>
    public bool Discarded { get; init; }
    public Failure? ReleaseFailure { get; init; }
    public bool Cancelled { get; init; }
    /// <summary>The workflow itself broke: an incident's words.</summary>
    public string? Incident { get; init; }

    /// <summary>The application was told to hold still and nobody has seen it resume (R4.19).</summary>
    [JsonIgnore]
    public bool MayStillBeQuiesced => Pre is { Started: true } && Post is not { Succeeded: true };

    /// <summary>Takes one record of the journal into account; records that say nothing about a task change nothing.</summary>
    public TaskFacts Apply(string eventName, string? message, JsonNode? payload) => eventName switch
    {
        SessionEvents.ProxySelected => this with { Proxy = (string?)payload?["proxy"] },
        SessionEvents.OperationFinished => Apply(OperationOutcome.From(payload)),
        SessionEvents.TaskCancelled => this with { Cancelled = true },
        SessionEvents.Incident => this with { Incident = Incident ?? message ?? (string?)payload?["Message"] ?? "an activity faulted" },
        _ => this,
    };

    private TaskFacts Apply(OperationOutcome outcome) => outcome.Verb switch
    {
        Verbs.PrepareGuest when outcome.Failure is { } failure => Failed(failure) with { Prepared = false },
        Verbs.PrepareGuest => this with { Prepared = true, Transport = outcome.Read(ContractsJson.Default.PrepareGuestReply)?.Transport },
        Verbs.RunScript => Script(outcome),
        Verbs.TakeSnapshot => Took(outcome),
        Verbs.FreezeGuest or Verbs.ThawGuest when outcome.Failure is { } failure => Failed(failure),
        Verbs.ThawGuest when outcome.Read(ContractsJson.Default.ThawGuestReply) is { ThawedByTimer: true } => Failed(TimerThawed),
        Verbs.DeleteSnapshot when outcome.Failure is null && Snapshot is { Taken: true } => this with { Discarded = true },
        Verbs.ReleaseGuest => this with { ReleaseFailure = outcome.Failure },
        _ => this,
    };

    private TaskFacts Script(OperationOutcome outcome)
    {
        var reply = outcome.Read(ContractsJson.Default.RunScriptReply);
        var script = new ScriptFacts(
            Started: reply?.Started ?? outcome.Failure?.MayHaveStarted ?? false,
            Succeeded: outcome.Failure is null && reply is { Succeeded: true },
            ExitCode: reply?.ExitCode, TimedOut: reply?.TimedOut ?? false,
            StartedAt: reply?.StartedAt, EndedAt: reply?.EndedAt,
            Failure: outcome.Failure, ByOrphanRule: reply?.ByOrphanRule ?? false);
        var lost = outcome.Failure is { Code: not (FailureCodes.Script or FailureCodes.Cancelled) };
        var facts = lost ? Failed(outcome.Failure!) : this;
        // A script that was started once stays started, whatever a later attempt says (R4.19).
        return outcome.Phase == "pre"
            ? facts with { Pre = script with { Started = script.Started || Pre is { Started: true } } }
            : facts with { Post = script };
    }

    private TaskFacts Took(OperationOutcome outcome)
    {
        if (outcome.Read(ContractsJson.Default.TakeSnapshotReply) is not { } reply || outcome.Failure is not null)
        {
            var facts = outcome.Failure is { Code: FailureCodes.GuestLost or FailureCodes.ProxyLost or FailureCodes.Connect or FailureCodes.Freeze } failure ? Failed(failure) : this;
            return facts with { Snapshot = new SnapshotFacts(false, null, null, null, null, null, false, false, outcome.Failure) };
        }

        var taken = this with
        {
            Snapshot = new SnapshotFacts(true, reply.RestorePointId, reply.Location, reply.Method, reply.Bytes, reply.Legs, reply.FileSystemsFrozen.Count > 0, reply.ThawedByTimer, null),
        };
        return reply.ThawedByTimer ? taken.Failed(TimerThawed) : taken;
    }

    private TaskFacts Failed(Failure failure) => GuestFailure is not null
        ? this
        : this with { GuestFailure = failure, FailedAfterSnapshot = Snapshot is { Taken: true } };

    private static readonly Failure TimerThawed = new(
        FailureCodes.Freeze, "the guest's own timer thawed the file systems before the snapshot was complete; give the snapshot more time (thawAfterSeconds) or make it faster");
}

/// <summary>What is known of a script. Started is what decides the post script (R4.19).</summary>
public sealed record ScriptFacts(bool Started, bool Succeeded, int? ExitCode, bool TimedOut, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, Failure? Failure, bool ByOrphanRule)
{
    /// <summary>Why it failed, in words.</summary>
    public string Describe() => this switch
    {
        { Succeeded: true } => "succeeded",
        { TimedOut: true } => "timed out and was killed",
        { ExitCode: { } code } => $"ended with exit code {code}",
        { Failure: { } failure } => $"{failure.Code}: {failure.Message}",
        _ => "did not run",
    };
}

/// <summary>What is known of the snapshot.</summary>
public sealed record SnapshotFacts(bool Taken, string? RestorePointId, string? Location, string? Method, long? Bytes, SnapshotLegs? Legs, bool Frozen, bool ThawedByTimer, Failure? Failure);

/// <summary>The payload of a journal record about an operation that ended.</summary>
public sealed record OperationOutcome(string Verb, string? Phase, string OperationId, Failure? Failure, JsonNode? Body)
{
    /// <summary>Reads the payload; an unreadable one counts as an operation of no verb.</summary>
    public static OperationOutcome From(JsonNode? payload) => new(
        (string?)payload?["verb"] ?? "", (string?)payload?["phase"], (string?)payload?["operationId"] ?? "",
        payload?["failure"] is { } failure ? failure.Deserialize(ContractsJson.Default.Failure) : null, payload?["body"]);

    /// <summary>The payload that <see cref="From"/> reads.</summary>
    public JsonObject ToPayload()
    {
        var payload = new JsonObject { ["verb"] = Verb, ["operationId"] = OperationId };
        if (Phase is not null) payload["phase"] = Phase;
        if (Failure is not null) payload["failure"] = JsonSerializer.SerializeToNode(Failure, ContractsJson.Default.Failure);
        if (Body is not null) payload["body"] = Body.DeepClone();
        return payload;
    }

    /// <summary>The verb's reply record, or null where there is none or it is not what the verb promises.</summary>
    public T? Read<T>(System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        try { return Body?.Deserialize(type); }
        catch (JsonException) { return null; }
    }
}
