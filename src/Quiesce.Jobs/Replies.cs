using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Jobs.Activities;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>The payload under which a reply waits as a stimulus.</summary>
public static class Replies
{
    /// <summary>The payload of a reply's stimulus.</summary>
    public static JsonObject Payload(OperationReply reply)
    {
        var payload = new JsonObject();
        if (reply.Failure is not null) payload["failure"] = JsonSerializer.SerializeToNode(reply.Failure, ContractsJson.Default.Failure);
        if (reply.Body is { } body) payload["body"] = JsonNode.Parse(body.GetRawText());
        return payload;
    }

    /// <summary>The row as which a reply waits for its instance; a repeat of the same operation's reply is the same row.</summary>
    public static StimulusRow Stimulus(OperationReply reply, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return new StimulusRow(reply.OperationId, reply.InstanceId, StimulusKinds.Reply, GuestOperation.HashOf(reply.OperationId), null, Payload(reply).ToJsonString(), now, null);
    }

    /// <summary>What a stimulus says of its operation. No payload, or one with neither part, is a time-out: the outcome is unknown and counts as started (R2.15).</summary>
    public static OperationOutcome Outcome(string verb, string? phase, string operationId, JsonObject? payload) =>
        payload?["failure"] is null && payload?["body"] is null
            ? new OperationOutcome(verb, phase, operationId, new Failure(
                FailureCodes.GuestLost, $"no reply to '{Steps.Name(verb, phase)}' in time; look whether the guest is reachable, then start the job again", Retryable: true, MayHaveStarted: true), null)
            : new OperationOutcome(verb, phase, operationId,
                payload["failure"] is { } failure ? failure.Deserialize(ContractsJson.Default.Failure) : null, payload["body"]?.DeepClone());
}
