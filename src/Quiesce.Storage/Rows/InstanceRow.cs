using Dapper;

namespace Quiesce.Storage;

/// <summary>One workflow instance: a session, one machine of it, or a child workflow. An instance has ended when <see cref="FinishedAt"/> is set.</summary>
/// <param name="Id">One id everywhere: URL, bus correlation, log scope, report.</param>
/// <param name="State">The engine's document, UTF-8 JSON. The store never looks inside.</param>
/// <param name="Revision">Counts commits. A commit carries the revision that it was computed from; the store writes one more (see <see cref="CommitResult.Revision"/>).</param>
/// <param name="OwnerId">The owner that claimed it last; null when nobody has yet. Stays set after the end, so that the owner publishes what the last commit left in the outbox.</param>
/// <param name="Epoch">Goes up by one with every change of owner, so that a commit of a former owner is recognised.</param>
/// <param name="Phase">The runner's own word for where it stands. The store knows one of them: <see cref="Phases.Compensating"/>.</param>
[method: ExplicitConstructor]
public sealed record InstanceRow(
    string Id, string DefinitionId, int DefinitionVersion, string DefinitionVersionId, string? ParentId, string? SessionId, string? CorrelationId,
    string Status, string SubStatus, string Phase, byte[] State, long Revision, string? OwnerId, long Epoch,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt, string? Name, int IncidentCount, bool IsSystem = false);

/// <summary>The phases of an instance that the store itself has to recognise.</summary>
public static class Phases
{
    /// <summary>Obligations are being discharged: such an instance is ready although no stimulus waits, as long as it has nothing outstanding.</summary>
    public const string Compensating = "Compensating";
}

/// <summary>An instance that this owner holds now, with the stimuli that wait for it and are due, oldest first (waiting ones included).</summary>
public sealed record ClaimedInstance(InstanceRow Instance, IReadOnlyList<StimulusRow> Stimuli);

/// <summary>A new, unowned instance and the stimulus that starts it (null: it waits for a later one).</summary>
/// <param name="Guard">It is added only if this holds, checked in the same transaction; null: always.</param>
public sealed record NewInstance(InstanceRow Instance, StimulusRow? Start, StartGuard? Guard = null);

/// <summary>Lets an instance start only while no unfinished one has this definition and this correlation id (null: any).</summary>
public sealed record StartGuard(string? DefinitionId, string? CorrelationId);

/// <summary>An instance as lists show it: without its state document.</summary>
[method: ExplicitConstructor]
public sealed record InstanceSummary(
    string Id, string DefinitionId, int DefinitionVersion, string DefinitionVersionId, string? ParentId, string? SessionId, string? CorrelationId,
    string Status, string SubStatus, string Phase, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt, string? Name, int IncidentCount, bool IsSystem = false);

/// <summary>Which instances a list shows; null means any.</summary>
public sealed record InstanceFilter(
    string? DefinitionId = null, string? DefinitionVersionId = null, string? ParentId = null, string? SessionId = null, string? CorrelationId = null,
    string? Status = null, string? SubStatus = null);
