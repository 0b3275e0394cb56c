using System.Text.Json;

namespace Quiesce.Contracts.Bus;

/// <summary>The guest that an operation is for, with everything a proxy needs to reach it again after a crash of its own.</summary>
/// <param name="Machine">Name of the machine in its job.</param>
/// <param name="Connect"><c>local</c> or <c>ssh://user@host[:port]</c>.</param>
/// <param name="Identity">Absolute path of the private key on the controller, or null for the account's default.</param>
/// <param name="Platform"><c>linux</c> or <c>windows</c>.</param>
/// <param name="DeploymentId">Names the throw-away runtime of this task: deploying the same id twice leaves one instance (R2.6).</param>
public sealed record Guest(string Machine, string Connect, string? Identity, string Platform, string DeploymentId);

/// <summary>One operation that a session wants done at the edge. It is done once per <paramref name="OperationId"/>; a repeat is answered with the stored reply.</summary>
/// <param name="Version">Version of this contract, 1.</param>
/// <param name="OperationId">Session, machine, step and attempt in one id (domain rule 9.3).</param>
/// <param name="InstanceId">The workflow instance that waits for the reply.</param>
/// <param name="SessionId">The session, for log scopes.</param>
/// <param name="Guest">Whom it is for.</param>
/// <param name="Verb">One of <see cref="Verbs"/>; an unknown one is answered with a failure that names the known ones.</param>
/// <param name="Body">The verb's request record as JSON.</param>
/// <param name="Attempt">1 when this is surely the first sending; more when an earlier sending may have been carried out.</param>
public sealed record OperationRequest(int Version, string OperationId, string InstanceId, string SessionId, Guest Guest, string Verb, JsonElement Body, int Attempt);

/// <summary>A sign of life from an operation under way. May be lost, repeated or late.</summary>
/// <param name="Message">What is happening, in words.</param>
/// <param name="Fraction">0 to 1 where it is known.</param>
/// <param name="Level"><c>info</c>, <c>warning</c> or <c>error</c>.</param>
public sealed record OperationProgress(string OperationId, string InstanceId, string SessionId, string Message, double? Fraction, string Level, DateTimeOffset At);

/// <summary>How an operation ended. Exactly one of <paramref name="Failure"/> and <paramref name="Body"/> is set, save that a script or snapshot that ran and failed may have both.</summary>
public sealed record OperationReply(int Version, string OperationId, string InstanceId, string Verb, Failure? Failure, JsonElement? Body);

/// <summary>A failure as it travels: words and a code, never an exception type.</summary>
/// <param name="Code">A code of <see cref="FailureCodes"/>.</param>
/// <param name="Message">What happened, to which machine, and what to do next.</param>
/// <param name="Retryable">Whether the same request may succeed later without anybody changing anything.</param>
/// <param name="MayHaveStarted">True where the outcome is unknown: it then counts as started (R2.15, R4.19).</param>
/// <param name="LeftBehind">What remains in the guest, in words, or null.</param>
public sealed record Failure(string Code, string Message, bool Retryable = false, bool MayHaveStarted = false, string? LeftBehind = null);

/// <summary>The operator's codes of section 2.6 of the domain rules, and those that the providers and the runtime add.</summary>
public static class FailureCodes
{
    public const string Connect = "GP-CONNECT";
    public const string Auth = "GP-AUTH";
    public const string Deploy = "GP-DEPLOY";
    public const string Start = "GP-START";
    public const string ProxyLost = "GP-PROXY-LOST";
    public const string GuestLost = "GP-GUEST-LOST";
    public const string Leftover = "GP-LEFTOVER";
    public const string Version = "GP-VERSION";
    /// <summary>A script could not be started, failed, or timed out.</summary>
    public const string Script = "GP-SCRIPT";
    /// <summary>A file system could not be frozen, or the freeze did not hold.</summary>
    public const string Freeze = "GP-FREEZE";
    /// <summary>A provider could not create, restore or delete.</summary>
    public const string Snapshot = "GP-SNAPSHOT";
    /// <summary>The other side does not speak this verb or sent something unreadable.</summary>
    public const string Protocol = "GP-PROTOCOL";
    /// <summary>Ended on request.</summary>
    public const string Cancelled = "GP-CANCELLED";
}

/// <summary>The verbs; each is a file in Contracts/Bus, an activity in Jobs and a handler in Proxy or Agent.</summary>
public static class Verbs
{
    public const string PrepareGuest = nameof(PrepareGuest);
    public const string RunScript = nameof(RunScript);
    public const string FreezeGuest = nameof(FreezeGuest);
    public const string ThawGuest = nameof(ThawGuest);
    public const string TakeSnapshot = nameof(TakeSnapshot);
    public const string DeleteSnapshot = nameof(DeleteSnapshot);
    public const string RestoreSnapshot = nameof(RestoreSnapshot);
    public const string DescribeSnapshot = nameof(DescribeSnapshot);
    public const string ReleaseGuest = nameof(ReleaseGuest);
    public const string TestMachine = nameof(TestMachine);
    public const string CancelOperation = nameof(CancelOperation);

    /// <summary>All of them, for the answer to an unknown one.</summary>
    public static readonly IReadOnlyList<string> All =
        [PrepareGuest, RunScript, FreezeGuest, ThawGuest, TakeSnapshot, DeleteSnapshot, RestoreSnapshot, DescribeSnapshot, ReleaseGuest, TestMachine, CancelOperation];
}
