namespace Quiesce.Engine;

// One activity alone.
internal sealed partial class BurstRun
{
    /// <summary>Executes a node below nothing but its workflow, whose variables have their defaults. What it schedules is not executed, and its effects go nowhere.</summary>
    public static ActivityExecutionRecord Test(ActivityNode node, BurstContext context)
    {
        var graph = node.Graph;
        var run = new BurstRun(graph, context) { InstanceId = "test", definitionVersionId = graph.Definition.Id, hasRun = true };
        run.createdAt = run.Now;
        // Its owner winds down: it hears of no end, so that nothing follows.
        run.root = new(run, graph.Workflow, null, context.NewId(), run.Now) { IsClosing = true, Slots = [.. graph.Workflow.Variables.Select(VariableSlot.Of)] };
        run.Execute(new(node, run.root, null, null, null, null, null, null));
        return run.Executions().Single(e => e.ActivityNodeId == node.NodeId);
    }
}

/// <summary>Runs one activity alone, to see what it makes of its inputs.</summary>
public static class ActivityTest
{
    /// <summary>Executes a node alone: a pure function, whose effects are dropped. An activity that throws gives a faulted record.</summary>
    public static ActivityExecutionRecord Run(ActivityNode node, BurstContext context) => BurstRun.Test(node, context);
}
