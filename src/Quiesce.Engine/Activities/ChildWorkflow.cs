using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>What the three activities that start other instances have in common.</summary>
internal static class ChildWorkflow
{
    public static InputDescriptor[] Inputs { get; } =
    [
        new("WorkflowDefinitionId", "String") { DisplayName = "Workflow", UiHint = UiHints.WorkflowDefinitionPicker },
        new("CorrelationId", "String") { DisplayName = "Correlation id" },
        new("Input", "ObjectDictionary") { UiHint = UiHints.MultiLine, DefaultSyntax = "JavaScript", Description = "Input of the workflow: names and values." },
        new("WaitForCompletion", "Boolean") { DisplayName = "Wait for completion", UiHint = UiHints.Checkbox },
    ];

    /// <summary>The published version of a definition.</summary>
    /// <exception cref="ActivityFaultException">There is none.</exception>
    public static WorkflowGraph Find(ActivityContext context)
    {
        var id = context.GetInput<string>("WorkflowDefinitionId");
        var found = string.IsNullOrEmpty(id) ? null : context.FindDefinition(new() { DefinitionId = id, Version = VersionSelector.Published });
        return found ?? throw new ActivityFaultException($"No published version of workflow definition with ID '{id}' found. Publish it, or name another.");
    }

    /// <summary>Asks for a child instance.</summary>
    public static void Start(ActivityContext context, WorkflowGraph graph, string childId, JsonObject input, string? correlationId, string? bookmarkHash, ParentWait wait)
    {
        input["ParentInstanceId"] = context.WorkflowInstanceId;
        context.Emit(new StartWorkflow
        {
            InstanceId = childId,
            DefinitionId = graph.Definition.DefinitionId,
            DefinitionVersionId = graph.Definition.Id,
            Input = input,
            CorrelationId = correlationId,
            ParentInstanceId = context.WorkflowInstanceId,
            ParentBookmarkHash = wait == ParentWait.None ? null : bookmarkHash,
            ParentWait = wait,
            Properties = new JsonObject { ["ParentInstanceId"] = context.WorkflowInstanceId },
        });
    }

    public static JsonObject Input(ActivityContext context) => Values.ToJson(context.GetInput("Input")) as JsonObject ?? [];

    public static JsonObject Payload(string childId) => new() { ["childInstanceId"] = childId };
}

/// <summary>Starts another workflow and, if asked to, waits for its end.</summary>
internal sealed class DispatchWorkflow : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.DispatchWorkflow",
        DisplayName = "Dispatch workflow",
        Category = "Composition",
        Description = "Starts another workflow in the background.",
        Inputs = [.. ChildWorkflow.Inputs, new("StartNewTrace", "Boolean") { DisplayName = "Start new trace", Category = "Advanced", UiHint = UiHints.Checkbox }, new("ChannelName", "String") { DisplayName = "Channel", Category = "Advanced" }],
        Outputs = [new("Result", "Object")],
    };

    public void Execute(ActivityContext context)
    {
        var graph = ChildWorkflow.Find(context);
        var childId = context.NewId();
        var waits = context.GetInput<bool>("WaitForCompletion");
        var hash = waits ? context.CreateBookmark(Descriptor.TypeName, ChildWorkflow.Payload(childId), includeActivityInstanceId: false).Hash : null;
        ChildWorkflow.Start(
            context, graph, childId, ChildWorkflow.Input(context), context.GetInput<string>("CorrelationId"), hash, waits ? ParentWait.Completion : ParentWait.None);
        if (!waits)
            context.Complete();
    }

    public void Resume(ActivityContext context, Resumption resumption)
    {
        context.SetOutput("Result", Values.FromJson(resumption.Input?.Find("WorkflowOutput")));
        context.Complete();
    }
}

/// <summary>
/// Runs another workflow. A stock engine runs the child's first burst inside the parent's; here it is an instance of its own that reports the
/// end of its first burst, and until then nothing of the parent's that dies at a suspension dies.
/// </summary>
internal sealed class ExecuteWorkflow : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.ExecuteWorkflow",
        DisplayName = "Execute workflow",
        Category = "Composition",
        Description = "Runs another workflow.",
        Kind = ActivityKind.Task,
        Inputs = [.. ChildWorkflow.Inputs],
        Outputs = [new("Result", "Object")],
    };

    public void Execute(ActivityContext context)
    {
        var graph = ChildWorkflow.Find(context);
        var childId = context.NewId();
        var waits = context.GetInput<bool>("WaitForCompletion");
        context.State["WaitForCompletion"] = waits;
        var bookmark = Wait(context, ChildWorkflow.Payload(childId), inProcess: true);
        ChildWorkflow.Start(
            context,
            graph,
            childId,
            ChildWorkflow.Input(context),
            context.GetInput<string>("CorrelationId"),
            bookmark.Hash,
            waits ? ParentWait.FirstBurst | ParentWait.Completion : ParentWait.FirstBurst);
    }

    public void Resume(ActivityContext context, Resumption resumption)
    {
        var input = resumption.Input ?? [];
        var waits = context.State["WaitForCompletion"]?.GetValue<bool>() == true;
        var ended = input.Text("WorkflowStatus") is null or nameof(WorkflowStatus.Finished);
        if (waits && !ended)
        {
            Wait(context, (JsonObject)resumption.Bookmark.Payload!.DeepClone(), inProcess: false);
            return;
        }

        var output = Values.FromJson(input.Find("WorkflowOutput"));
        context.SetOutput("Result", resumption.Bookmark.InProcess
            ? new Dictionary<string, object?>
            {
                ["workflowInstanceId"] = input.Text("ChildInstanceId"),
                ["status"] = input.Text("WorkflowStatus"),
                ["subStatus"] = input.Text("WorkflowSubStatus"),
                ["output"] = output,
            }
            : output);
        context.Complete();
    }

    private Bookmark Wait(ActivityContext context, JsonObject payload, bool inProcess) =>
        context.Run.CreateBookmark(context, Descriptor.TypeName, payload, payload, null, true, null, null, inProcess);
}
