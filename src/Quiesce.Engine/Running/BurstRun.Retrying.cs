namespace Quiesce.Engine;

// Executing what faulted once more.
internal sealed partial class BurstRun
{
    /// <summary>Takes the incidents of the faulted executions back and executes them again inside their owners. What waited beside them when the instance ended waits anew.</summary>
    private bool Retry(Stimulus stimulus)
    {
        var faulted = open.Values.Where(c => c.Status == ActivityStatus.Faulted && (stimulus.ActivityIds is not { Count: > 0 } ids || ids.Contains(c.Node.Id))).ToList();
        if (faulted.Count == 0 || subStatus == WorkflowSubStatus.Cancelled)
            return false;
        if (hasRun)
        {
            burst++;
            DropVolatile();
        }

        hasRun = true;
        // An instance that ended has lost its bookmarks: whoever waited at one is executed again too.
        var interrupted = status == WorkflowStatus.Finished ? open.Values.Where(IsInterrupted).ToList() : [];
        (status, subStatus, finishedAt) = (WorkflowStatus.Running, WorkflowSubStatus.Executing, null);
        foreach (var context in faulted)
        {
            incidents.RemoveAll(i => i.ActivityInstanceId == context.ActivityInstanceId);
            for (var ancestor = context; ancestor is not null; ancestor = ancestor.Parent)
                ancestor.FaultCount = Math.Max(0, ancestor.FaultCount - 1);
            context.Exception = null;
            CancelChildren(context);
            context.Status = ActivityStatus.Running;
            Again(context);
        }

        foreach (var context in interrupted)
            Again(context);
        Drain();
        return true;
    }

    private static bool IsInterrupted(ActivityContext context) =>
        context is { Status: ActivityStatus.Running, FirstChild: null, BookmarkCount: 0, Parent: not null, Body: null } && !context.Node.Descriptor.IsContainer;

    private void Again(ActivityContext context)
    {
        Log(context, JournalEvents.Started, null, null);
        queue.Enqueue(new(context.Node, context.Parent, context, null, null, null, null, null));
    }
}
