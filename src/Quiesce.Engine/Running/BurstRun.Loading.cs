using System.Text.Json.Nodes;

namespace Quiesce.Engine;

// From a stimulus or a saved state to a burst under way.
internal sealed partial class BurstRun
{
    private bool hasRun;

    public static BurstRun Begin(WorkflowGraph graph, Stimulus start, BurstContext context)
    {
        var run = new BurstRun(graph, context)
        {
            InstanceId = start.InstanceId ?? context.NewId(),
            CorrelationId = start.CorrelationId,
            Name = start.Name,
            ParentInstanceId = start.ParentInstanceId,
            TriggerActivityId = start.TriggerActivityId,
            Properties = (JsonObject?)start.Properties?.DeepClone() ?? [],
            definitionVersionId = graph.Definition.Id,
            isSystem = graph.Definition.IsSystem,
            parentBookmarkHash = start.ParentBookmarkHash,
            parentWait = start.ParentWait == ParentWait.None && start.ParentBookmarkHash is not null ? ParentWait.Completion : start.ParentWait,
            isFirst = true,
            hasRun = true,
        };
        run.createdAt = run.Now;
        run.AddInput(start.Input);
        run.SetHttp(start.Http);
        return run;
    }

    /// <summary>An execution that only evaluates inputs, with nothing but the definition's variables around it.</summary>
    public static ActivityContext ForIndex(ActivityNode node, BurstContext context)
    {
        var graph = node.Graph;
        var run = new BurstRun(graph, context) { definitionVersionId = graph.Definition.Id };
        run.root = new(run, graph.Workflow, null, "", run.Now) { Slots = [.. graph.Workflow.Variables.Select(VariableSlot.Of)] };
        var execution = new ActivityContext(run, node, run.root, "", run.Now);
        run.EvaluateInputs(execution);
        return execution;
    }

    public static BurstRun Load(WorkflowGraph graph, InstanceState state, BurstContext context)
    {
        var run = new BurstRun(graph, context)
        {
            InstanceId = state.Id,
            CorrelationId = state.CorrelationId,
            Name = state.Name,
            ParentInstanceId = state.ParentInstanceId,
            TriggerActivityId = state.TriggerActivityId,
            Properties = (JsonObject)state.Properties.DeepClone(),
            Output = (JsonObject)state.Output.DeepClone(),
            definitionVersionId = state.DefinitionVersionId,
            isSystem = state.IsSystem,
            parentBookmarkHash = state.ParentBookmarkHash,
            parentWait = state.ParentBookmarkHash is null ? ParentWait.None : ParentWait.Completion,
            createdAt = state.CreatedAt,
            finishedAt = state.FinishedAt,
            status = state.Status,
            subStatus = state.SubStatus,
            sequence = state.LogSequence,
            HttpRequestId = state.HttpRequestId,
        };
        run.AddInput(state.Input);
        run.incidents.AddRange(state.Incidents);
        run.bookmarks.AddRange(state.Bookmarks);
        try
        {
            foreach (var saved in state.Contexts)
                run.Restore(saved);
        }
        catch (Exception e) when (e is InvalidOperationException or DefinitionException)
        {
            run.FaultUnrestorable(e);
        }

        foreach (var bookmark in run.bookmarks)
            if (run.open.TryGetValue(bookmark.ActivityInstanceId, out var owner))
                run.Own(owner, bookmark);
        return run;
    }

    // An instance that cannot be put together again cannot go on either: an incident of the workflow, so that its host ends and compensates.
    private void FaultUnrestorable(Exception e)
    {
        open.Clear();
        bookmarks.Clear();
        waitedAt = null;
        root = new(this, graph.Workflow, null, Context.NewId(), Now);
        FaultWorkflow(e);
    }

    // Every resumption is a burst of its own, also when several share one transaction: what does not survive a suspension goes here.
    private void BeginBurst(Bookmark bookmark, Stimulus stimulus)
    {
        var input = stimulus.Input;
        if (hasRun)
            burst++;
        if (!bookmark.InProcess)
        {
            if (hasRun)
                DropVolatile();
            KeepPersistentInput();
            AddInput(input);
            SetHttp(stimulus.Http);
        }

        hasRun = true;
    }

    private void SetHttp(HttpRequestData? request)
    {
        HttpRequest = request;
        HttpRequestId = request?.RequestId;
    }

    private void AddInput(JsonObject? input)
    {
        if (input is null)
            return;
        foreach (var (name, value) in input)
            Input[name] = Values.FromJson(value);
    }

    private void KeepPersistentInput()
    {
        if (Input.Count == 0)
            return;
        var kept = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var input in graph.Definition.Inputs)
            if (input.Driver == StorageDriver.WorkflowInstance && Input.TryGetValue(input.Name, out var value))
                kept[input.Name] = value;
        Input = kept;
    }

    private void DropVolatile()
    {
        outputs.Clear();
        if (root is not null)
            DropVolatile(root);
    }

    private static void DropVolatile(ActivityContext context)
    {
        for (var i = 0; i < (context.Slots?.Length ?? 0); i++)
            if (context.Slots![i].Driver != StorageDriver.WorkflowInstance)
                context.Slots[i] = VariableSlot.Of(context.Node.Variables[i]);
        context.Dynamic?.RemoveAll(s => s.Driver != StorageDriver.WorkflowInstance);
        for (var child = context.FirstChild; child is not null; child = child.NextSibling)
            DropVolatile(child);
    }

    private void Restore(ContextState saved)
    {
        ActivityContext? parent = null;
        if (saved.ParentId is { } parentId)
        {
            parent = open.GetValueOrDefault(parentId)
                ?? throw new InvalidOperationException($"Instance {InstanceId} is damaged: activity execution {saved.Id} has no parent {parentId}. Restore the instance from a backup or cancel it.");
        }

        var node = FindNode(saved, parent);
        var context = new ActivityContext(this, node, parent, saved.Id, saved.StartedAt)
        {
            Tag = saved.Tag,
            Scheduler = saved.SchedulerId is null ? null : new SavedScheduler(saved.SchedulerId, saved.SchedulerActivityId),
            CallStackDepth = saved.CallStackDepth,
            Status = saved.Status,
            FaultCount = saved.FaultCount,
            CompletedAt = saved.CompletedAt,
        };
        context.Restore(saved.Properties);
        RestoreVariables(context, saved);
        if (saved.BodyVersionId is { } bodyId)
            context.Body = FindBody(node, bodyId);
        open[saved.Id] = context;
        root ??= context;
        if (parent is not null)
        {
            parent.Link(context);
            parent.OpenChildren++;
        }
    }

    private ActivityNode FindNode(ContextState saved, ActivityContext? parent)
    {
        var owner = parent is null ? graph : parent.Body ?? parent.Node.Graph;
        return owner.FindNode(saved.NodeId)
            ?? throw new InvalidOperationException(
                $"Instance {InstanceId} stands at activity '{saved.NodeId}', which version {graph.Definition.Version} of '{graph.Definition.DefinitionId}' does not have. Run it with the version it began with ({definitionVersionId}).");
    }

    private WorkflowGraph FindBody(ActivityNode host, string versionId)
    {
        var found = Context.Definitions(new() { VersionId = versionId })
            ?? throw new InvalidOperationException(
                $"Instance {InstanceId} is inside workflow version '{versionId}', used as activity '{host.Id}', which is gone. Bring that version back or cancel the instance.");
        return host.Graph.BodyFor(host, found);
    }

    private static void RestoreVariables(ActivityContext context, ContextState saved)
    {
        var definitions = context.Node.Variables;
        if (definitions.Length > 0)
        {
            var persisted = saved.Properties?["Variables"] as JsonObject;
            context.Slots = new VariableSlot[definitions.Length];
            for (var i = 0; i < definitions.Length; i++)
            {
                var slot = VariableSlot.Of(definitions[i]);
                if ((slot.Driver == StorageDriver.WorkflowInstance ? persisted : saved.Volatile)?[slot.Id] is { } value)
                    slot.Set(slot.Type.Kind == ValueKind.JsonNode ? value.DeepClone() : Values.FromJson(value));
                context.Slots[i] = slot;
            }
        }

        foreach (var variable in saved.DynamicVariables)
        {
            var type = ValueType.Find(variable.TypeName) ?? ValueType.Object;
            context.AddDynamic(new(variable.Id, variable.Name, type, variable.IsTransient ? StorageDriver.None : StorageDriver.WorkflowInstance) { Value = ValueConverter.Convert(Values.FromJson(variable.Value), type) });
        }
    }
}
