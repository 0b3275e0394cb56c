using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>What a trigger waits for: the part of a <see cref="TriggerRecord"/> that the activity says.</summary>
/// <param name="Name">What is waited for; by default the activity's type name.</param>
/// <param name="Payload">For whoever watches; its members that identify what is waited for are part of the hash.</param>
/// <param name="Hash">See <see cref="Bookmark.HashOf"/>.</param>
public sealed record TriggerPayload(string Name, JsonObject? Payload, string Hash);

/// <summary>Something that starts a workflow, as it is kept while that version is published.</summary>
/// <param name="ActivityId">The trigger activity: <see cref="Stimulus.TriggerActivityId"/>.</param>
/// <param name="NodeId">The same, unique in the graph.</param>
/// <param name="Name">What is waited for, such as <c>Elsa.Timer</c>, <c>Elsa.HttpEndpoint</c> or a message type.</param>
/// <param name="Hash">A stimulus finds its triggers by it, as it finds bookmarks.</param>
/// <param name="Payload">What the activity waits for in detail; null when <see cref="Problem"/> says why it cannot be known.</param>
public sealed record TriggerRecord(string ActivityId, string NodeId, string Name, string Hash, JsonObject? Payload)
{
    /// <summary>Why the payload could not be evaluated; such a trigger starts nothing.</summary>
    public string? Problem { get; init; }

    /// <summary>When it starts the workflow by itself: null for triggers that are not about time.</summary>
    public TriggerSchedule? Schedule => TriggerSchedule.Of(Name, Payload);
}
