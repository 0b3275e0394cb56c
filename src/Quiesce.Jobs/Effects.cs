using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Jobs;

/// <summary>Send an operation to the edge; the row stays in the outbox until its reply is consumed.</summary>
public sealed record SendOperation(string OperationId, string Verb, JsonObject Body) : Effect;

/// <summary>Owe the guest something from now on (design §7): recorded in the very commit that sends the request that makes it necessary.</summary>
/// <param name="Id">Unique within the instance; owing it twice is owing it once.</param>
/// <param name="Verb">The operation that meets it.</param>
/// <param name="Text">In words, for the report.</param>
public sealed record OweObligation(string Id, string Verb, string Text, JsonObject Body) : Effect;

/// <summary>The obligation is met, or turned out never to be necessary.</summary>
public sealed record MeetObligation(string Id) : Effect;

/// <summary>Start the task of a machine.</summary>
/// <param name="Workflow">The workflow that it runs; null for the job's.</param>
public sealed record StartMachine(int Index, PinnedWorkflow? Workflow = null) : Effect;

/// <summary>Cancel the task of a machine: what it began is undone.</summary>
public sealed record CancelMachine(int Index, string Reason) : Effect;

/// <summary>Record a restore point that now exists.</summary>
public sealed record RecordRestorePoint(string Id, string Location, string Method, long? Bytes) : Effect;

/// <summary>Tell the world something (R5.3).</summary>
public sealed record PublishNotice(string Id, string Kind, JsonObject Body) : Effect;
