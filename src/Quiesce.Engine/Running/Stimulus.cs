using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>What a stimulus does.</summary>
public enum StimulusKind
{
    /// <summary>Begins an instance.</summary>
    Start,

    /// <summary>Resumes bookmarks.</summary>
    Resume,

    /// <summary>Cancels the instance.</summary>
    Cancel,

    /// <summary>Executes faulted activities once more; an instance that ended faulted goes on with them.</summary>
    Retry,
}

/// <summary>Something that can move an instance. <see cref="Id"/> comes back in <see cref="BurstResult.Consumed"/> or <see cref="BurstResult.Unmatched"/>.</summary>
public sealed record Stimulus
{
    public required string Id { get; init; }

    public required StimulusKind Kind { get; init; }

    /// <summary>Resume: exactly this bookmark.</summary>
    public string? BookmarkId { get; init; }

    /// <summary>Resume: every bookmark with this hash.</summary>
    public string? BookmarkHash { get; init; }

    /// <summary>Start: the workflow input. Resume: what the bookmark waited for.</summary>
    public JsonObject? Input { get; init; }

    /// <summary>Start: id of the new instance; null lets the burst choose one.</summary>
    public string? InstanceId { get; init; }

    public string? CorrelationId { get; init; }

    /// <summary>Start: name of the instance.</summary>
    public string? Name { get; init; }

    public string? ParentInstanceId { get; init; }

    /// <summary>Start: the bookmark of the parent that waits for this instance; null when nobody waits.</summary>
    public string? ParentBookmarkHash { get; init; }

    /// <summary>Start: what the parent wants to hear of.</summary>
    public ParentWait ParentWait { get; init; }

    /// <summary>Start: the trigger activity that started the instance.</summary>
    public string? TriggerActivityId { get; init; }

    /// <summary>Start: instance properties to begin with.</summary>
    public JsonObject? Properties { get; init; }

    /// <summary>
    /// Start or Resume: the request that an HTTP endpoint takes. It is there for this burst only, and whoever holds it answers it by
    /// <see cref="RespondHttp"/>; set it with <c>Stimulus.Start(…) with { Http = request }</c>.
    /// </summary>
    public HttpRequestData? Http { get; init; }

    /// <summary>Cancel: why.</summary>
    public string? Reason { get; init; }

    /// <summary>Retry: the activities that are executed once more; null means all that faulted.</summary>
    public IReadOnlyList<string>? ActivityIds { get; init; }

    /// <summary>Begins an instance.</summary>
    public static Stimulus Start(
        string id,
        JsonObject? input = null,
        string? correlationId = null,
        string? parentInstanceId = null,
        string? instanceId = null,
        string? triggerActivityId = null) =>
        new()
        {
            Id = id,
            Kind = StimulusKind.Start,
            Input = input,
            CorrelationId = correlationId,
            ParentInstanceId = parentInstanceId,
            InstanceId = instanceId,
            TriggerActivityId = triggerActivityId,
        };

    /// <summary>The start that a <see cref="StartWorkflow"/> effect asks for.</summary>
    public static Stimulus Start(string id, StartWorkflow effect) =>
        new()
        {
            Id = id,
            Kind = StimulusKind.Start,
            Input = effect.Input,
            CorrelationId = effect.CorrelationId,
            ParentInstanceId = effect.ParentInstanceId,
            ParentBookmarkHash = effect.ParentBookmarkHash,
            ParentWait = effect.ParentWait,
            InstanceId = effect.InstanceId,
            Properties = effect.Properties,
        };

    /// <summary>Resumes one bookmark by id, or all with a hash.</summary>
    public static Stimulus Resume(string id, string? bookmarkHash = null, string? bookmarkId = null, JsonObject? input = null) =>
        new() { Id = id, Kind = StimulusKind.Resume, BookmarkHash = bookmarkHash, BookmarkId = bookmarkId, Input = input };

    /// <summary>Cancels the instance; the reason goes to the journal.</summary>
    public static Stimulus Cancel(string id, string? reason = null) => new() { Id = id, Kind = StimulusKind.Cancel, Reason = reason };

    /// <summary>Executes faulted activities once more: those named, or all.</summary>
    public static Stimulus Retry(string id, IReadOnlyList<string>? activityIds = null) => new() { Id = id, Kind = StimulusKind.Retry, ActivityIds = activityIds };
}
