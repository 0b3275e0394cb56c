using Quiesce.Engine;
using Quiesce.Jobs.Activities;

namespace Quiesce.Jobs.Triggers;

/// <summary>Workflows that work only within a session: they hold an activity that works on a machine or on a session.</summary>
internal static class SessionOnly
{
    private const int MostLevels = 32;

    /// <summary>Why the workflow cannot run by itself, and what to do instead; null when it can. Workflows used as activities inside it count.</summary>
    public static string? Reason(WorkflowGraph graph, DefinitionLookup definitions) => Find(graph, definitions, []) is { } node
        ? $"'{node.TypeName}' ({node.Id}) works only inside a session; write '{graph.Definition.DefinitionId}' as the workflow of a job, and start that job"
        : null;

    private static ActivityNode? Find(WorkflowGraph graph, DefinitionLookup definitions, HashSet<string> seen)
    {
        foreach (var node in graph.Nodes)
        {
            if (QuiesceActivities.NeedsSession(node.TypeName)) return node;
            // The type of a workflow used as activity has no namespace.
            if (!node.TypeName.Contains('.', StringComparison.Ordinal) && seen.Count < MostLevels && seen.Add(node.TypeName)
                && definitions(new DefinitionReference { TypeName = node.TypeName }) is { } inner && Find(inner, definitions, seen) is not null)
                return node;
        }

        return null;
    }
}
