namespace Quiesce.Engine;

// Completing and cancelling activities, and the whole workflow.
internal sealed partial class BurstRun
{
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

    private void TellCompleted(ActivityContext parent, ActivityContext child)
    {
        var before = scheduler;
        scheduler = child;
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
        finally
        {
            scheduler = before;
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
