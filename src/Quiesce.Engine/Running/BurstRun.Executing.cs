using System.Text.Json.Nodes;
using Quiesce.Engine.Activities;

namespace Quiesce.Engine;

// Executing one activity.
internal sealed partial class BurstRun
{
    private const int MaxContextDepth = 700;

    // The child whose end its owner is being told of: what the owner schedules meanwhile came of that child.
    private ActivityContext? scheduler;

    public void Schedule(ActivityContext owner, ActivityNode? child, string? tag, DynamicVariable[]? variables)
    {
        if (child is null)
        {
            owner.Node.Activity.ChildCompleted(owner, new(null, null, tag, []));
            return;
        }

        owner.OpenChildren++;
        queue.Enqueue(new(child, owner, null, tag, variables, scheduler ?? owner, null, null));
    }

    /// <summary>Counts work that is done without the queue, so that it is bounded too.</summary>
    public void CountStep()
    {
        if (++executed > Context.MaxActivities)
            throw new ActivityFaultException($"more than {Context.MaxActivities:N0} rounds in one burst: probably an endless loop.");
    }

    /// <summary>Counts work that grows with the size of a drawing instead of the number of activities: some of it is worth as much as one activity.</summary>
    public void CountWork(int steps)
    {
        executed += steps / 1_000;
        CountStep();
    }

    public static object? EvaluateInput(ActivityContext context, int index)
    {
        var binding = context.Node.Inputs[index];
        if (binding.Expression is null)
            return binding.Default;
        try
        {
            return binding.Expression.Evaluate(context, binding.Type);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new ActivityFaultException($"Failed to evaluate activity input '{binding.Descriptor.Name}': {e.Message}", e);
        }
    }

    private void Execute(in WorkItem item)
    {
        var context = item.Existing ?? Open(item);
        if (context.Status != ActivityStatus.Running)
            return;
        Touch(context);
        try
        {
            if (item.Bookmark is { } bookmark)
                ResumeActivity(context, bookmark, item.Input);
            else
                StartActivity(context);
        }
        catch (Exception e) when (IsFault(e))
        {
            Fault(context, e);
            return;
        }

        if (context.Status != ActivityStatus.Running)
            return;
        if (context.BookmarkCount > 0)
        {
            if (!context.IsInProcess)
                Log(context, JournalEvents.Suspended, null, null);
        }
        else if (!context.Node.HasChildren && context.OpenChildren == 0 && context.Node.Activity is not WorkflowDefinitionActivity)
        {
            Complete(context, []);
        }
    }

    private ActivityContext Open(in WorkItem item)
    {
        var node = item.Node;
        var now = Now;
        var context = new ActivityContext(this, node, item.Owner, Context.NewId(), now)
        {
            Tag = item.Tag,
            Scheduler = item.Scheduler,
            CallStackDepth = item.Scheduler is null ? 0 : item.Scheduler.CallStackDepth + 1,
        };
        item.Owner?.Link(context);
        root ??= context;
        if (node.Variables.Length > 0)
        {
            context.Slots = new VariableSlot[node.Variables.Length];
            for (var i = 0; i < context.Slots.Length; i++)
                context.Slots[i] = VariableSlot.Of(node.Variables[i]);
        }

        foreach (var variable in item.Variables ?? [])
            context.AddDynamic(new(variable.Name, variable.Name, ValueType.Object, StorageDriver.WorkflowInstance) { Value = variable.Value });
        journal.Add(Record(context, IsWaitedAt(node) ? JournalEvents.Resumed : JournalEvents.Started, now, null, null));
        return context;
    }

    // The stock journal names the event by the node: a second execution that begins while the first one still waits counts as a resumption.
    private bool IsWaitedAt(ActivityNode node) => waitedAt is not null && waitedAt.GetValueOrDefault(node.NodeId) > 0;

    private void StartActivity(ActivityContext context)
    {
        if (context.Depth > MaxContextDepth)
            throw new ActivityFaultException($"activities are nested more than {MaxContextDepth} deep while running. A workflow probably uses itself as an activity.");
        EvaluateInputs(context);
        context.Node.Activity.Execute(context);
    }

    private void ResumeActivity(ActivityContext context, Bookmark bookmark, JsonObject? input)
    {
        if (!bookmark.InProcess)
            Log(context, JournalEvents.Resumed, null, null);
        EvaluateInputs(context);
        if (bookmark.AutoBurn && bookmarks.Remove(bookmark))
            Disown(context, bookmark);
        context.Node.Activity.Resume(context, new(bookmark, input));
    }

    private void EvaluateInputs(ActivityContext context)
    {
        context.InputsBurst = burst;
        var bindings = context.Node.Inputs;
        if (bindings.Length == 0)
            return;
        if (context.Node.ConstantInputs is { } constants)
        {
            context.Inputs = constants;
            return;
        }

        var values = new object?[bindings.Length];
        context.Inputs = values;
        for (var i = 0; i < values.Length; i++)
            if (bindings[i].Descriptor.AutoEvaluate)
                values[i] = EvaluateInput(context, i);
    }

    private bool IsFault(Exception e) => e is not OutOfMemoryException && !(e is OperationCanceledException && Context.CancellationToken.IsCancellationRequested);

    private void Touch(ActivityContext context)
    {
        if (context.IsTouched)
            return;
        context.IsTouched = true;
        touched.Add(context);
    }
}
