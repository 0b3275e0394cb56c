using Dapper;

namespace Quiesce.Storage;

/// <summary>Something that can move an instance: start, reply, timer, cancel, message.</summary>
/// <param name="Id">Unique within its instance. A repeat is ignored, also after the first was consumed, until the instance ends.</param>
/// <param name="Payload">JSON, or null.</param>
/// <param name="DueAt">A timer is a stimulus in the future: it is not handed out before this moment.</param>
[method: ExplicitConstructor]
public sealed record StimulusRow(
    string Id, string InstanceId, string Kind, string? BookmarkHash, string? BookmarkId, string? Payload, DateTimeOffset CreatedAt, DateTimeOffset? DueAt);

/// <summary>A place where an instance waits. Events and messages find it by <see cref="Hash"/>.</summary>
[method: ExplicitConstructor]
public sealed record BookmarkRow(
    string Id, string InstanceId, string Name, string Hash, string? CorrelationId, string? Payload, DateTimeOffset CreatedAt, DateTimeOffset? DueAt);
