using System.Text.Json;
using System.Text.Json.Serialization;
using Quiesce.Contracts.Bus;

namespace Quiesce.Contracts.Channel;

/// <summary>
/// One line of the guest channel: newline-delimited JSON in both directions, the same over a local process, over OpenSSH and, later, over AMQPS.
/// The guest speaks first with a <c>hello</c>; then <c>request</c>, <c>progress</c> and <c>reply</c> share the operation id. <c>goodbye</c> ends the link
/// on purpose; a link that ends without one starts the grace time. <c>ping</c> is answered with <c>pong</c> and renews the lease.
/// </summary>
public sealed record ChannelMessage
{
    /// <summary>The version both sides speak.</summary>
    public const int CurrentVersion = 1;
    /// <summary>A line longer than this is refused and ends the link (a hostile or broken peer).</summary>
    public const int MaxLineBytes = 32 * 1024 * 1024;

    [JsonPropertyName("v")] public int Version { get; init; } = CurrentVersion;
    /// <summary>hello, request, progress, reply, ping, pong, goodbye.</summary>
    public required string Type { get; init; }
    /// <summary>Operation id.</summary>
    public string? Id { get; init; }
    public string? Verb { get; init; }
    public JsonElement? Body { get; init; }
    public Failure? Failure { get; init; }
    public string? Message { get; init; }
    public double? Fraction { get; init; }
}

/// <summary>The first line a runtime says on every attach.</summary>
/// <param name="Operations">What it knows of its operations: id to <c>running</c> or <c>finished</c>.</param>
/// <param name="Frozen">Mount points that this deployment holds frozen right now (R4.31).</param>
public sealed record HelloBody(string RuntimeVersion, string Platform, string Host, string Account, string DeploymentId, int ProcessId, IReadOnlyDictionary<string, string> Operations, IReadOnlyList<string> Frozen);
