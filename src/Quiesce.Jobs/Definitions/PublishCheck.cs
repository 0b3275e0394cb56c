using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Jobs.Definitions;

/// <summary>Everything that keeps a definition from being put in force. A draft may have all of it.</summary>
internal static class PublishCheck
{
    /// <param name="others">The definitions in force besides it.</param>
    /// <param name="isWorkflow">Whether an activity stands for a workflow that is there.</param>
    /// <returns>Every complaint, none twice.</returns>
    public static IReadOnlyList<DefinitionComplaint> Of(WorkflowGraph graph, IEnumerable<WorkflowGraph> others, Func<JsonObject, bool> isWorkflow)
    {
        var (definition, complaints) = (graph.Definition, new List<DefinitionComplaint>());
        complaints.AddRange(Twice("input", definition.Inputs.Select(input => input.Name)));
        complaints.AddRange(Twice("output", definition.Outputs.Select(output => output.Name)));
        foreach (var node in graph.Nodes.Skip(1))
            if (graph.Registry.Find(node.TypeName) is null && !isWorkflow(node.Json))
                complaints.Add(new DefinitionComplaint($"There is no activity type '{node.TypeName}' here, and no workflow of that name that can be used as an activity. Correct the type, remove the activity, or load the workflow first.", node.Id));
        try
        {
            FreezeCheck.Run(definition, graph.Registry);
        }
        catch (DefinitionException e)
        {
            complaints.AddRange(e.Complaints);
        }

        var taken = others.SelectMany(other => HttpPaths(other).Select(path => (path.Key, other.Definition))).ToLookup(pair => pair.Key, pair => pair.Definition, StringComparer.OrdinalIgnoreCase);
        var own = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, activity) in HttpPaths(graph))
            if (taken[key].FirstOrDefault() is { } holder)
                complaints.Add(new DefinitionComplaint($"{key} is taken by the workflow '{holder.DefinitionId}' already. Choose another path or method, or retract that one.", activity));
            else if (!own.Add(key))
                complaints.Add(new DefinitionComplaint($"{key} is taken by another activity of this workflow already. Choose another path or method.", activity));
        return [.. complaints.Distinct()];
    }

    /// <summary>The requests that start a workflow, as "GET /orders". A path that is computed cannot be compared.</summary>
    private static IEnumerable<(string Key, string Activity)> HttpPaths(WorkflowGraph graph)
    {
        foreach (var node in graph.Nodes)
            if (node is { TypeName: "Elsa.HttpEndpoint", CanStartWorkflow: true } && ActivityJson.Text(node.Json.Literal("path", out var computed)) is { Length: > 0 } path && !computed)
                foreach (var method in node.Json.Texts("supportedMethods") is { Count: > 0 } methods ? methods : ["GET"])
                    yield return ($"{method.ToUpperInvariant()} /{path.Trim('/')}", node.Id);
    }

    private static IEnumerable<DefinitionComplaint> Twice(string word, IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => new DefinitionComplaint($"Two workflow {word}s have the name '{group.Key}'. Give each its own."));
}
