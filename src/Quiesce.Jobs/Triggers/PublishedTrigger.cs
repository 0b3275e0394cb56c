using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Triggers;

/// <summary>A trigger of a published workflow.</summary>
/// <param name="Name">What it waits for, such as <c>Elsa.Event</c>.</param>
/// <param name="Hash">What happens outside finds it by this.</param>
/// <param name="Payload">Its evaluated settings; null when they could not be evaluated.</param>
/// <param name="ActivationStrategy">Whether a second instance may run beside a first: see <see cref="Activation"/>.</param>
public sealed record PublishedTrigger(
    string DefinitionId, int Version, string VersionId, string ActivityId, string Name, string Hash, JsonNode? Payload, string? ActivationStrategy, bool IsSystem)
{
    /// <summary>The instance that this trigger starts, as rows; it runs once they are committed.</summary>
    /// <param name="input">What the trigger activity takes its result from, and the workflow's input.</param>
    /// <param name="http">The request that started it, for an HTTP endpoint.</param>
    public NewInstance Start(JsonObject? input, string? correlationId, DateTimeOffset now, HttpRequestData? http = null)
    {
        var id = NewInstances.NewId();
        var payload = new JsonObject { ["input"] = input?.DeepClone(), ["triggerActivityId"] = ActivityId };
        if (http is not null) payload["http"] = http.ToJson();
        return new NewInstance(
            NewInstances.Fresh(id, DefinitionId, Version, VersionId, null, null, correlationId, null, now) with { IsSystem = IsSystem },
            new StimulusRow("start", id, StimulusKinds.Start, null, null, payload.ToJsonString(), now, null),
            Activation.GuardOf(ActivationStrategy, DefinitionId, correlationId));
    }
}

/// <summary>Finds the triggers of published workflows that wait for what has this hash.</summary>
public delegate IReadOnlyList<PublishedTrigger> TriggerLookup(string hash);
