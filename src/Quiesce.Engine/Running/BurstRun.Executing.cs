using System.Text.Json.Nodes;
using Quiesce.Engine.Activities;

namespace Quiesce.Engine;

// Executing, completing, cancelling and faulting one activity.
internal sealed partial class BurstRun
{
    private const int MaxContextDepth = 700;

    public void Schedule(ActivityContext owner, ActivityNode? child, string? tag, DynamicVariable[]? variables)
    {
        if (child is null)
        {
            owner.Node.Activity.ChildCompleted(owner, new(null, null, tag, []));
            return;
        }

        owner.OpenChildren++;
        queue.Enqueue(new(child, owner, null, tag, variables, null, null));
    }

    public void Complete(ActivityContext context, string[] outcomes)
    {
        if (context.Status != ActivityStatus.Running)
            return;
        End(context, outcomes);
        if (context.Parent is not { } parent)
            return;
        if (parent.Status == ActivityStatus.Running && !parent.IsClosing)
            TellCompleted(parent, context);
    }

    /// <summary>Completes an execution without telling its owner.</summary>
    public void End(ActivityContext context, string[] outcomes)
    {
        if (context.OpenChildren > 0)
            CancelChildren(context);
        var now = Now;
        context.Status = ActivityStatus.Completed;
        context.CompletedAt = now;
        context.Outcomes = outcomes;
        Touch(context);
        journal.Add(Record(context, JournalEvents.Completed, now, null, outcomes.Length == 0 ? null : outcomes));
        Detach(context);
    }

    public void CancelChildren(ActivityContext context)
    {
        // Children report to nobody while their owner winds down; what it still has queued is skipped by the loop once it has ended.
        var wasClosing = context.IsClosing;
        context.IsClosing = true;
        while (context.FirstChild is { } child)
        {
            if (child.Status is ActivityStatus.Completed or ActivityStatus.Canceled)
                context.Unlink(child);
            else
                Cancel(child);
        }

        context.OpenChildren = 0;
        context.IsClosing = wasClosing;
    }

    /// <summary>Removes what an execution that goes on has queued.</summary>
    public void DropQueued(ActivityContext owner)
    {
        for (var n = queue.Count; n > 0; n--)
            if (queue.Dequeue() is var item && item.Owner != owner)
                queue.Enqueue(item);
    }

    public void Cancel(ActivityContext context)
    {
        if (context.Status is ActivityStatus.Completed or ActivityStatus.Canceled)
            return;
        CancelChildren(context);
        TellCancelled(context);
        context.Status = ActivityStatus.Canceled;
        context.CompletedAt = Now;
        Touch(context);
        Log(context, JournalEvents.Canceled, null, null);
        Detach(context);
        if (context.Parent is { Status: ActivityStatus.Running, IsClosing: false } parent)
            Guarded(parent, () => parent.Node.Activity.ChildCancelled(parent, context));
    }

    /// <summary>Ends the whole workflow at once: drops queued work and bookmarks.</summary>
    public void FinishWorkflow(ActivityContext context)
    {
        End(context, []);
        TellCancelled();
        queue.Clear();
        bookmarks.Clear();
        if (status == WorkflowStatus.Running)
        {
            status = WorkflowStatus.Finished;
            subStatus = WorkflowSubStatus.Finished;
            finishedAt = Now;
        }
    }

    /// <summary>Counts work that is done without the queue, so that it is bounded too.</summary>
    public void CountStep()
    {
        if (++executed > Context.MaxActivities)
            throw new ActivityFaultException($"more than {Context.MaxActivities:N0} rounds in one burst: probably an endless loop.");
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
            if (!IsInProcess(context))
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
        var context = new ActivityContext(this, node, item.Owner, Context.NewId(), now) { Tag = item.Tag };
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
        journal.Add(Record(context, JournalEvents.Started, now, null, null));
        return context;
    }

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
            context.BookmarkCount--;
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

    private void TellCompleted(ActivityContext parent, ActivityContext child)
    {
        try
        {
            // A parent that was restored has no inputs in memory; they are evaluated again, once per burst.
            if (parent.InputsBurst != burst)
                EvaluateInputs(parent);
            parent.Node.Activity.ChildCompleted(parent, new(child, child.Node, child.Tag, child.Outcomes));
        }
        catch (Exception e) when (IsFault(e))
        {
            Fault(parent, e);
        }
    }

    private void Guarded(ActivityContext context, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (IsFault(e))
        {
            Fault(context, e);
        }
    }

    private bool IsFault(Exception e) => e is not OutOfMemoryException && !(e is OperationCanceledException && Context.CancellationToken.IsCancellationRequested);

    private void Fault(ActivityContext context, Exception e)
    {
        if (context.Status is ActivityStatus.Completed or ActivityStatus.Canceled)
        {
            // It threw after it had ended: the fault is its owner's to show, since an ended status never changes.
            if (context.Parent is { } owner)
                Fault(owner, e);
            else
                AddIncident(context, e);
            return;
        }

        context.Status = ActivityStatus.Faulted;
        Touch(context);
        for (var ancestor = context; ancestor is not null; ancestor = ancestor.Parent)
            ancestor.FaultCount++;
        AddIncident(context, e);
        if (graph.Definition.Options.IncidentStrategy == IncidentStrategy.Fault)
            SetFaulted();
    }

    private void FaultWorkflow(Exception e)
    {
        queue.Clear();
        if (root is not null)
            AddIncident(root, e);
        SetFaulted();
    }

    private void SetFaulted()
    {
        if (status == WorkflowStatus.Finished)
            return;
        status = WorkflowStatus.Finished;
        subStatus = WorkflowSubStatus.Faulted;
        finishedAt = Now;
    }

    private void AddIncident(ActivityContext context, Exception e)
    {
        var now = Now;
        var exception = IncidentException.From(e);
        context.Exception = exception;
        incidents.Add(new()
        {
            ActivityId = context.Node.Id,
            ActivityNodeId = context.Node.NodeId,
            ActivityInstanceId = context.ActivityInstanceId,
            ActivityType = context.Node.TypeName,
            Message = e.Message,
            Exception = exception,
            Timestamp = now,
        });
        journal.Add(Record(context, JournalEvents.Faulted, now, e.Message, IncidentJson.Payload(exception)));
    }

    private void Touch(ActivityContext context)
    {
        if (context.IsTouched)
            return;
        context.IsTouched = true;
        touched.Add(context);
    }

    private void Detach(ActivityContext context)
    {
        if (context.BookmarkCount > 0)
            RemoveBookmarks(context);
        if (open.Count > 0)
            open.Remove(context.ActivityInstanceId);
        if (context.Parent is not { } parent)
            return;
        parent.Unlink(context);
        parent.OpenChildren--;
    }

    /// <summary>Lets every execution that waits know that nobody will resume it.</summary>
    private void TellCancelled()
    {
        foreach (var bookmark in bookmarks.ToArray())
            if (open.TryGetValue(bookmark.ActivityInstanceId, out var context) && context.Status == ActivityStatus.Running)
                TellCancelled(context);
    }

    private void TellCancelled(ActivityContext context)
    {
        if (context.IsCancelling)
            return;
        context.IsCancelling = true;
        try
        {
            context.Node.Activity.Cancelled(context);
        }
        catch (Exception e) when (IsFault(e))
        {
            // A cancellation goes through whatever the activity thinks of it; the reason is kept where people look.
            Log(context, JournalEvents.Faulted, e.Message, null);
        }

        context.IsCancelling = false;
    }
}
