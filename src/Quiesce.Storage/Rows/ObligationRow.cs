using Dapper;

namespace Quiesce.Storage;

/// <summary>What undoes a change that was made to a guest: thaw, post script, remove runtime, delete half-made snapshot.</summary>
/// <param name="Payload">JSON: the request that discharges it.</param>
/// <param name="Sequence">Order in which the obligations of an instance arose; they are discharged in reverse.</param>
/// <param name="NextAttemptAt">For a leftover: when the janitor tries again (R2.11).</param>
/// <param name="State">One of <see cref="ObligationStates"/>.</param>
[method: ExplicitConstructor]
public sealed record ObligationRow(
    string Id, string InstanceId, string SessionId, string Machine, string Kind, string Payload, long Sequence, DateTimeOffset CreatedAt,
    int Attempts, DateTimeOffset? NextAttemptAt, string? LastError, string State);

/// <summary>The two states of an obligation; a discharged one is gone.</summary>
public static class ObligationStates
{
    /// <summary>Its instance takes care of it.</summary>
    public const string Open = "Open";

    /// <summary>Its instance has ended; the janitor retries it.</summary>
    public const string Leftover = "Leftover";
}
