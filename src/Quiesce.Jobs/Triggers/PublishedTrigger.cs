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
    public NewInstance Start(JsonObject? input, string? correlationId, DateTimeOffset now)
    {
        var id = NewInstances.NewId();
        return new NewInstance(
            NewInstances.Fresh(id, DefinitionId, Version, VersionId, null, null, correlationId, null, now) with { IsSystem = IsSystem },
            new StimulusRow("start", id, StimulusKinds.Start, null, null, new JsonObject { ["input"] = input?.DeepClone(), ["triggerActivityId"] = ActivityId }.ToJsonString(), now, null),
            Activation.GuardOf(ActivationStrategy, DefinitionId, correlationId));
    }
}

/// <summary>Finds the triggers of published workflows that wait for what has this hash.</summary>
public delegate IReadOnlyList<PublishedTrigger> TriggerLookup(string hash);
