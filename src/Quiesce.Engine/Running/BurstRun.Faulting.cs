namespace Quiesce.Engine;

// Exceptions become incidents.
internal sealed partial class BurstRun
{
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
        if (incidents.Count > Context.MaxIncidents)
            FaultWorkflow(new ActivityFaultException($"the workflow has more than {Context.MaxIncidents:N0} incidents; the last was of activity '{context.Node.Id}'."));
        else if (graph.Definition.Options.IncidentStrategy == IncidentStrategy.Fault)
            SetFaulted();
    }

    private void FaultWorkflow(Exception e)
    {
        queue.Clear();
        if (status == WorkflowStatus.Finished)
            return;
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
}
