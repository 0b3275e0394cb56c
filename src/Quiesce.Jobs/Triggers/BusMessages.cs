using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Triggers;

/// <summary>The messages of the bus that workflows may wait for and publish. A new one is a record in Contracts/Bus, a line here, and a consumer.</summary>
public static class BusMessages
{
    /// <summary>The kind of an outbox row that publishes one.</summary>
    public const string Kind = "message";
    private const string Category = "Messages";

    private static readonly Dictionary<string, (MessageTypeDescriptor Descriptor, Type Type)> ByName = new[]
    {
        Of<StartJob>("Starts a session of a job."),
        Of<StopJob>("Stops the running session of a job."),
        Of<SessionStarted>("A session has begun."),
        Of<SessionEnded>("A session has ended."),
        Of<TaskEnded>("The task of one machine has ended."),
    }.ToDictionary(one => one.Descriptor.MessageType, StringComparer.Ordinal);

    /// <summary>What the engine makes activities of.</summary>
    public static IReadOnlyList<MessageTypeDescriptor> Descriptors { get; } = [.. ByName.Values.Select(one => one.Descriptor)];

    /// <summary>A message as workflows see it.</summary>
    public static ReceivedMessage Received(object message, string? correlationId)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new ReceivedMessage(message.GetType().FullName!, JsonSerializer.SerializeToNode(message, message.GetType(), ContractsJson.Default), correlationId);
    }

    /// <summary>The message of a row, and who correlates it.</summary>
    /// <exception cref="RefusedException">The type is not known, or the body does not fit it.</exception>
    public static (object Message, Type Type, string? CorrelationId) Read(OutboxRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var payload = (JsonObject)JsonNode.Parse(row.Payload)!;
        var name = (string?)payload["type"] ?? "";
        if (!ByName.TryGetValue(name, out var known))
            throw new RefusedException(Contracts.Rest.ProblemCodes.Invalid, $"instance {row.InstanceId} publishes '{name}', which is no message of this bus; there are {string.Join(", ", ByName.Keys)}");
        try
        {
            return (payload["body"].Deserialize(known.Type, ContractsJson.Default) ?? throw new JsonException("it is empty"), known.Type, (string?)payload["correlationId"]);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new RefusedException(Contracts.Rest.ProblemCodes.Invalid, $"instance {row.InstanceId} publishes a {name} that cannot be one: {e.Message}; correct the activity's message and start the workflow again", e);
        }
    }

    /// <summary>The row that publishes a message once its commit is durable; published again after a crash it keeps its id.</summary>
    internal static OutboxRow Row(string id, PublishMessage message, string instanceId, DateTimeOffset now) =>
        new(id, instanceId, Kind, new JsonObject { ["type"] = message.MessageType, ["body"] = message.Body?.DeepClone(), ["correlationId"] = message.CorrelationId }.ToJsonString(), 0, now, AwaitsReply: false);

    /// <summary>The row that publishes a message of ours.</summary>
    internal static OutboxRow Row<T>(string id, T message, string instanceId, DateTimeOffset now) where T : class =>
        Row(id, new PublishMessage(typeof(T).FullName!, JsonSerializer.SerializeToNode(message, typeof(T), ContractsJson.Default), null), instanceId, now);

    private static (MessageTypeDescriptor Descriptor, Type Type) Of<T>(string description) where T : class =>
        (new MessageTypeDescriptor(typeof(T).Namespace!, typeof(T).Name, Category: Category) { Description = description }, typeof(T));
}
