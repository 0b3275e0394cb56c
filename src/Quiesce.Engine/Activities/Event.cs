using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>Waits for an event of a name, or is started by it.</summary>
public sealed class Event : IActivity
{
    /// <summary>The input member that carries an event's payload.</summary>
    public const string PayloadKey = "__EventPayload";

    /// <summary>Name of its triggers and bookmarks.</summary>
    public const string TypeName = "Elsa.Event";

    /// <inheritdoc/>
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = TypeName,
        Category = "Primitives",
        Description = "Waits for an event.",
        Kind = ActivityKind.Trigger,
        Inputs = [new("EventName", "String") { DisplayName = "Event name" }],
        Outputs = [new("Result", "Object")],
    };

    /// <summary>Hash of the bookmarks that wait for the event.</summary>
    public static string HashOf(string eventName) => Bookmark.HashOf(TypeName, Payload(eventName));

    /// <inheritdoc/>
    public IEnumerable<TriggerPayload> Triggers(ActivityContext context)
    {
        var name = context.GetInput<string>("EventName");
        return string.IsNullOrEmpty(name)
            ? throw new ActivityFaultException("the event has no name. Give it one.")
            : [new(TypeName, Payload(name), HashOf(name))];
    }

    /// <inheritdoc/>
    public void Execute(ActivityContext context)
    {
        var name = context.GetInput<string>("EventName") ?? "";
        if (context.IsTriggerOfWorkflow)
        {
            context.SetOutput("Result", context.GetWorkflowInput(PayloadKey));
            context.Complete();
            return;
        }

        context.CreateBookmark(TypeName, Payload(name), includeActivityInstanceId: false);
    }

    /// <inheritdoc/>
    public void Resume(ActivityContext context, Resumption resumption)
    {
        if (resumption.Input is { } input)
            context.SetOutput("Result", Values.FromJson(input.TryGetPropertyValue(PayloadKey, out var payload) ? payload : input));
        context.Complete();
    }

    private static JsonObject Payload(string eventName) => new() { ["eventName"] = eventName };
}

/// <summary>Publishes an event.</summary>
internal sealed class PublishEventActivity : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.PublishEvent",
        DisplayName = "Publish event",
        Category = "Primitives",
        Description = "Publishes an event, which starts and resumes workflows.",
        Inputs =
        [
            new("EventName", "String") { DisplayName = "Event name" },
            new("CorrelationId", "String") { DisplayName = "Correlation id", Description = "Only who waits with this correlation id hears of it." },
            new("IsLocalEvent", "Boolean") { DisplayName = "Local event", Description = "Only this instance hears of it.", UiHint = UiHints.Checkbox },
            new("Payload", "Object") { UiHint = UiHints.MultiLine, DefaultSyntax = "JavaScript" },
        ],
    };

    public void Execute(ActivityContext context)
    {
        context.Emit(new PublishEvent(
            context.GetInput<string>("EventName") ?? "",
            context.GetInput<string>("CorrelationId"),
            context.GetInput<bool>("IsLocalEvent"),
            Values.ToJson(context.GetInput("Payload")) ?? new JsonObject()));
        context.Complete();
    }
}
