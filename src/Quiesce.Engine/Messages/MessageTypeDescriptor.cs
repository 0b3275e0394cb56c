using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>A type of message on the host's bus. Each gives a trigger and, for classes, an activity that publishes: <see cref="Activities.MessageActivities"/>.</summary>
/// <param name="Namespace">Namespace of both activity types.</param>
/// <param name="Name">Name of the class; the publishing activity is called <c>Publish</c> + name.</param>
/// <param name="DisplayName">For the toolbox; null splits the name into words.</param>
/// <param name="Category">For the toolbox; null means <c>MassTransit</c>.</param>
/// <param name="IsClass">Only a class can be published.</param>
public sealed record MessageTypeDescriptor(string Namespace, string Name, string? DisplayName = null, string? Category = null, bool IsClass = true)
{
    public string? Description { get; init; }

    /// <summary>Name of the type: what activities call <c>messageType</c>, and the type name of the trigger.</summary>
    public string MessageType => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";
}

/// <summary>Publish a message on the bus, once per effect.</summary>
/// <param name="MessageType">As in <see cref="MessageTypeDescriptor.MessageType"/>.</param>
/// <param name="Body">The message.</param>
/// <param name="CorrelationId">Correlation id of the instance that publishes.</param>
public sealed record PublishMessage(string MessageType, JsonNode? Body, string? CorrelationId) : Effect;

/// <summary>A message that came over the bus: starts what it triggers and resumes who waits for it.</summary>
/// <param name="MessageType">As in <see cref="MessageTypeDescriptor.MessageType"/>.</param>
/// <param name="Body">The message.</param>
/// <param name="CorrelationId">Correlation id of new instances, and a filter on those that wait; null means no filter.</param>
public sealed record ReceivedMessage(string MessageType, JsonNode? Body, string? CorrelationId)
{
    /// <summary>Hash of the triggers and bookmarks that wait for it.</summary>
    public string BookmarkHash => Activities.MessageReceived.HashOf(MessageType);

    /// <summary>The input of the start or resumption.</summary>
    public JsonObject ToInput() => new() { [Activities.MessageReceived.InputKey] = Body?.DeepClone(), [Activities.MessageReceived.TypeKey] = MessageType };
}
