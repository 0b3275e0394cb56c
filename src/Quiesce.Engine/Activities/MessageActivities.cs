using System.Text;
using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>The activities of a host's message types: one that receives and, for classes, one that publishes.</summary>
public static class MessageActivities
{
    /// <summary>The activities, to be added to the registry.</summary>
    /// <exception cref="ArgumentException">Two message types have the same name.</exception>
    public static IActivity[] For(IEnumerable<MessageTypeDescriptor> types)
    {
        var activities = new List<IActivity>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var type in types)
        {
            if (!seen.Add(type.MessageType))
                throw new ArgumentException($"There are two message types '{type.MessageType}'. Give each its own name.", nameof(types));
            activities.Add(new MessageReceived(type));
            if (type.IsClass)
                activities.Add(new PublishMessageActivity(type));
        }

        return [.. activities];
    }

    internal static string Words(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0 && !char.IsUpper(text[^1]))
                text.Append(' ').Append(char.ToLowerInvariant(c));
            else
                text.Append(c);
        }

        return text.ToString();
    }
}

/// <summary>Waits for a message of a type, or is started by it.</summary>
public sealed class MessageReceived : IActivity
{
    /// <summary>The input member that carries the message.</summary>
    public const string InputKey = "Message";

    /// <summary>The input member that says of which type it is.</summary>
    public const string TypeKey = "MessageType";

    private readonly string messageType;

    internal MessageReceived(MessageTypeDescriptor type)
    {
        messageType = type.MessageType;
        Descriptor = new()
        {
            TypeName = type.MessageType,
            DisplayName = type.DisplayName ?? MessageActivities.Words(type.Name),
            Category = type.Category ?? "MassTransit",
            Description = type.Description ?? $"Waits for a message of type {type.Name}, or starts the workflow with it.",
            Kind = ActivityKind.Trigger,
            Inputs = [new("MessageType", "String") { IsWrapped = false, IsBrowsable = false, DefaultValue = type.MessageType }],
            Outputs = [new("Result", "Object")],
        };
    }

    /// <inheritdoc/>
    public ActivityDescriptor Descriptor { get; }

    /// <summary>Hash of the triggers and bookmarks that wait for a message of that type.</summary>
    public static string HashOf(string messageType) => Bookmark.HashOf(messageType, Payload(messageType));

    /// <inheritdoc/>
    public IEnumerable<TriggerPayload> Triggers(ActivityContext context) => [new(messageType, Payload(messageType), HashOf(messageType))];

    /// <inheritdoc/>
    public void Execute(ActivityContext context)
    {
        var input = context.Run.Input;
        if (input.TryGetValue(InputKey, out var message) && Equals(input.GetValueOrDefault(TypeKey), messageType))
        {
            input.Remove(InputKey);
            input.Remove(TypeKey);
            Take(context, message);
        }
        else if (context.IsTriggerOfWorkflow)
        {
            Take(context, message);
        }
        else
        {
            context.CreateBookmark(messageType, Payload(messageType), includeActivityInstanceId: false);
        }
    }

    /// <inheritdoc/>
    public void Resume(ActivityContext context, Resumption resumption)
    {
        context.Run.Input.Remove(InputKey);
        context.Run.Input.Remove(TypeKey);
        Take(context, Values.FromJson(resumption.Input?.Find(InputKey)));
    }

    private static void Take(ActivityContext context, object? message)
    {
        context.SetOutput("Result", message);
        context.Complete();
    }

    private static JsonObject Payload(string messageType) => new() { ["messageType"] = messageType };
}

/// <summary>Publishes a message of a type.</summary>
internal sealed class PublishMessageActivity : IActivity
{
    private readonly string messageType;

    public PublishMessageActivity(MessageTypeDescriptor type)
    {
        messageType = type.MessageType;
        Descriptor = new()
        {
            TypeName = type.Namespace.Length == 0 ? $"Publish{type.Name}" : $"{type.Namespace}.Publish{type.Name}",
            DisplayName = $"Publish {(type.DisplayName ?? MessageActivities.Words(type.Name)).ToLowerInvariant()}",
            Category = type.Category ?? "MassTransit",
            Description = $"Publishes a message of type {type.Name}.",
            Inputs =
            [
                new("Message", "Object") { UiHint = UiHints.MultiLine, DefaultSyntax = "JavaScript" },
                new("MessageType", "String") { IsWrapped = false, IsBrowsable = false, DefaultValue = type.MessageType },
            ],
        };
    }

    public ActivityDescriptor Descriptor { get; }

    public void Execute(ActivityContext context)
    {
        var message = context.GetInput("Message");
        var body = message is string text ? Values.TryParse(text) ?? JsonValue.Create(text) : Values.ToJson(message);
        context.Emit(new PublishMessage(messageType, body, context.CorrelationId));
        context.Complete();
    }
}
