using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>Asks the host for a task and waits for its result.</summary>
public sealed class RunTask : IActivity
{
    /// <summary>The input member that carries the result.</summary>
    public const string ResultKey = "Result";

    private const string TypeName = "Elsa.RunTask";

    /// <inheritdoc/>
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = TypeName,
        DisplayName = "Run task",
        Category = "Primitives",
        Description = "Asks the host to run a task and waits until it is completed.",
        Inputs = [new("TaskName", "String") { DisplayName = "Task name" }, new("Payload", "ObjectDictionary") { UiHint = UiHints.MultiLine, DefaultSyntax = "JavaScript" }],
        Outputs = [new("TaskId", "String") { DisplayName = "Task id" }, new("Result", "Object")],
    };

    /// <summary>Hash of the bookmark that waits for the task.</summary>
    public static string HashOf(string taskId, string taskName) => Bookmark.HashOf(TypeName, Stimulus(taskId, taskName));

    /// <inheritdoc/>
    public void Execute(ActivityContext context)
    {
        var taskId = context.NewId();
        var name = context.GetInput<string>("TaskName") ?? "";
        context.SetOutput("TaskId", taskId);
        context.CreateBookmark(TypeName, Stimulus(taskId, name), includeActivityInstanceId: false);
        context.Emit(new TaskRequested(taskId, name, Values.ToJson(context.GetInput("Payload")) as JsonObject));
    }

    /// <inheritdoc/>
    public void Resume(ActivityContext context, Resumption resumption)
    {
        if (resumption.Input?.Find(ResultKey) is { } result)
            context.SetOutput("Result", Values.FromJson(result));
        context.Complete();
    }

    private static JsonObject Stimulus(string taskId, string taskName) => new() { ["taskId"] = taskId, ["taskName"] = taskName };
}
