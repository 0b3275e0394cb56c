namespace Quiesce.Engine;

/// <summary>What starts a workflow.</summary>
public static class TriggerIndex
{
    // Publishing waits for this, so scripts of triggers get less time than those of activities, and all of them together not much more.
    private static readonly TimeSpan One = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan All = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Every trigger of the tree that may start the workflow; an HTTP endpoint gives one per method. Inputs are evaluated without an instance: only
    /// the definition's variables with their defaults are there. What cannot be evaluated gives a record with a problem instead of a payload.
    /// </summary>
    /// <param name="graph">The compiled definition, as published.</param>
    /// <param name="context">Clock and limits for scripts; null is the default.</param>
    public static IReadOnlyList<TriggerRecord> Of(WorkflowGraph graph, BurstContext? context = null)
    {
        context ??= new() { Scripts = JavaScript.ScriptLimits.Default with { Timeout = One } };
        var began = context.Time.GetTimestamp();
        var records = new List<TriggerRecord>();
        foreach (var node in graph.Triggers)
        {
            try
            {
                if (node.ConstantInputs is null && context.Time.GetElapsedTime(began) > All)
                    throw new ActivityFaultException($"the scripts of the triggers before it took more than {All.TotalSeconds} seconds. Make them shorter.");
                foreach (var payload in node.Activity.Triggers(BurstRun.ForIndex(node, context)))
                    records.Add(new(node.Id, node.NodeId, payload.Name, payload.Hash, payload.Payload));
            }
            catch (Exception e) when (e is ActivityFaultException or FormatException or ArgumentException or JavaScript.ScriptException)
            {
                records.Add(new(node.Id, node.NodeId, node.TypeName, Bookmark.HashOf(node.TypeName, null), null) { Problem = e.Message });
            }
        }

        return records;
    }
}
