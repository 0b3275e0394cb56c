namespace Quiesce.Engine;

/// <summary>What starts a workflow.</summary>
public static class TriggerIndex
{
    /// <summary>
    /// Every trigger of the tree that may start the workflow; an HTTP endpoint gives one per method. Inputs are evaluated without an instance: only
    /// the definition's variables with their defaults are there. What cannot be evaluated gives a record with a problem instead of a payload.
    /// </summary>
    /// <param name="graph">The compiled definition, as published.</param>
    /// <param name="context">Clock and limits for scripts; null is the default.</param>
    public static IReadOnlyList<TriggerRecord> Of(WorkflowGraph graph, BurstContext? context = null)
    {
        var records = new List<TriggerRecord>();
        foreach (var node in graph.Triggers)
        {
            try
            {
                foreach (var payload in node.Activity.Triggers(BurstRun.ForIndex(node, context ?? new())))
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
