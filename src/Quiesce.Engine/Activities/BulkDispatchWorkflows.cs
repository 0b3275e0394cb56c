using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>Starts one child per item. One bookmark stays open until the last child has ended, so the cost of a child does not grow with their number.</summary>
internal sealed class BulkDispatchWorkflows : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.BulkDispatchWorkflows",
        DisplayName = "Bulk dispatch workflows",
        Category = "Composition",
        Description = "Starts a workflow for each item.",
        Kind = ActivityKind.Task,
        Inputs =
        [
            new("WorkflowDefinitionId", "String") { DisplayName = "Workflow", UiHint = UiHints.WorkflowDefinitionPicker },
            new("Items", "Object") { UiHint = UiHints.MultiLine, DefaultSyntax = "JavaScript" },
            new("DefaultItemInputKey", "String") { DisplayName = "Input key of an item", DefaultValue = "Item" },
            new("CorrelationIdFunction", "String") { DisplayName = "Correlation id function", Description = "Evaluated for each item; the item's values are in args.", UiHint = UiHints.MultiLine, AutoEvaluate = false, DefaultSyntax = "JavaScript" },
            new("Input", "ObjectDictionary") { UiHint = UiHints.MultiLine, DefaultSyntax = "JavaScript" },
            new("WaitForCompletion", "Boolean") { DisplayName = "Wait for completion", DefaultValue = true, UiHint = UiHints.Checkbox },
            new("StartNewTrace", "Boolean") { DisplayName = "Start new trace", Category = "Advanced", UiHint = UiHints.Checkbox },
            new("ChannelName", "String") { DisplayName = "Channel", Category = "Advanced" },
        ],
        Ports = [new("ChildCompleted", PortKind.Embedded) { DisplayName = "Child completed" }, new("ChildFaulted", PortKind.Embedded) { DisplayName = "Child faulted" }],
        Outcomes = ["Completed", "Done"],
    };

    public void Execute(ActivityContext context)
    {
        var items = Values.Items(context.GetInput("Items")) ?? [];
        var waits = context.GetInput<bool>("WaitForCompletion") && items.Count > 0;
        if (items.Count == 0)
        {
            context.Complete();
            return;
        }

        var graph = ChildWorkflow.Find(context);
        var hash = waits
            ? context.CreateBookmark(
                Descriptor.TypeName,
                new JsonObject { ["parentInstanceId"] = context.WorkflowInstanceId, ["activityInstanceId"] = context.ActivityInstanceId },
                includeActivityInstanceId: false,
                autoBurn: false).Hash
            : null;
        context.State["Pending"] = items.Count;
        foreach (var item in items)
            Dispatch(context, graph, item, hash);
        if (!waits)
            context.Complete();
    }

    public void Resume(ActivityContext context, Resumption resumption)
    {
        if (Pending(context) <= 0)
        {
            // Every child has reported; only the ports of the last ones are still at work. Nobody else may start them again.
            context.ClearBookmarks();
            return;
        }

        var input = resumption.Input ?? [];
        context.State["Pending"] = Pending(context) - 1;
        var faulted = input.Text("WorkflowSubStatus") == nameof(WorkflowSubStatus.Faulted);
        var port = context.Node.Child(faulted ? "ChildFaulted" : "ChildCompleted");
        if (port is not null)
            context.Schedule(port, null, new DynamicVariable("ChildInstanceId", input.Text("ChildInstanceId")));
        CompleteIfDone(context);
    }

    public void ChildCompleted(ActivityContext context, ChildCompletion child) => CompleteIfDone(context);

    private static int Pending(ActivityContext context) => context.State["Pending"]?.GetValue<int>() ?? 0;

    private static void CompleteIfDone(ActivityContext context)
    {
        if (Pending(context) <= 0 && context.OpenChildren == 0)
            context.Complete("Completed", "Done");
    }

    private static void Dispatch(ActivityContext context, WorkflowGraph graph, object? item, string? hash)
    {
        context.Run.CountStep();
        var input = ChildWorkflow.Input(context);
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (item is IDictionary<string, object?> map)
            foreach (var (name, value) in map)
                arguments[name] = value;
        else
            arguments[context.GetInput<string>("DefaultItemInputKey") ?? "Item"] = item;
        foreach (var (name, value) in arguments)
            input[name] = Values.ToJson(value);
        string? correlationId;
        context.ScriptArguments = arguments;
        try
        {
            correlationId = Values.ToText(context.EvaluateInput("CorrelationIdFunction"));
        }
        finally
        {
            context.ScriptArguments = null;
        }

        ChildWorkflow.Start(context, graph, context.NewId(), input, correlationId, hash, hash is null ? ParentWait.None : ParentWait.Completion);
    }
}
