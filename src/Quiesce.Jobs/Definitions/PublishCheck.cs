using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Jobs.Definitions;

/// <summary>Everything that keeps a definition from being put in force: what the engine would not run, freezes without thaw, requests that start another workflow already. A draft may have all of it.</summary>
internal static class PublishCheck
{
    /// <param name="others">The definitions in force besides it that may have triggers.</param>
    /// <param name="lookup">The workflows that activities may stand for.</param>
    /// <returns>Every complaint, none twice.</returns>
    public static IReadOnlyList<DefinitionComplaint> Of(WorkflowGraph graph, IEnumerable<WorkflowGraph> others, DefinitionLookup lookup)
    {
        var complaints = new List<DefinitionComplaint>(graph.Refusals(lookup));
        try
        {
            FreezeCheck.Run(graph.Definition, graph.Registry);
        }
        catch (DefinitionException e)
        {
            complaints.AddRange(e.Complaints);
        }

        var own = Requests(graph).ToList();
        if (own.Count > 0)
            foreach (var other in others)
                foreach (var taken in Requests(other))
                    complaints.AddRange(own.Where(request => request.Method == taken.Method && request.Route.Shape == taken.Route.Shape).Select(request => new DefinitionComplaint(
                        $"{request.Method.ToUpperInvariant()} {request.Route.Template} starts the workflow '{other.Definition.DefinitionId}' already (activity '{taken.Activity}'). Choose another path or method, or retract that one.", request.Activity)));
        return [.. complaints.Distinct()];
    }

    /// <summary>The requests that start a workflow. A path that cannot be computed without an instance is complained about by the engine.</summary>
    private static IEnumerable<(string Method, HttpRoute Route, string Activity)> Requests(WorkflowGraph graph)
    {
        foreach (var record in TriggerIndex.Of(graph))
            if (record is { Name: "Elsa.HttpEndpoint", Payload: JsonObject payload })
                yield return (ActivityJson.Text(payload["method"]) ?? "get", HttpRoute.Parse(ActivityJson.Text(payload["path"])), record.ActivityId);
    }
}
