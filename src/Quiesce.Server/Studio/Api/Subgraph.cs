using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;

namespace Quiesce.Server.Studio;

/// <summary>The way from the root to a node, through workflows used as activities too: what Studio follows when somebody clicks a nested journal entry or opens such an activity.</summary>
internal static class Subgraph
{
    private const string Workflow = "Elsa.Workflow";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/workflow-definitions/subgraph/{versionId}", Node);
        api.MapMethods("/workflow-definitions/subgraph/segments/{versionId}", [HttpMethods.Get, HttpMethods.Post], Segments).ForViewers();
    }

    /// <summary>One node with what is inside it; the root where there is no such node.</summary>
    private static IResult Node(string versionId, DefinitionAnswers answers, DefinitionCatalog catalog, string? parentNodeId = null)
    {
        var graph = Graph(versionId, answers, catalog);
        var way = Way(graph, parentNodeId, catalog);
        return StudioJson.Answer(Shape(way.Count > 0 ? way[^1] : graph.Workflow.Child("root")!, catalog));
    }

    /// <summary>Which activities to open, the outermost first, to see a node, and what to show then.</summary>
    private static IResult Segments(string versionId, DefinitionAnswers answers, DefinitionCatalog catalog, string? childNodeId = null)
    {
        var way = Way(Graph(versionId, answers, catalog), childNodeId, catalog);
        if (way.Count == 0)
            throw new RefusedException(ProblemCodes.NotFound, $"The version {versionId} has no node '{childNodeId}'. It may belong to another version of the workflow.");
        var segments = new JsonArray();
        ActivityNode? opened = null;
        foreach (var (owner, next) in way.Zip(way.Skip(1)))
        {
            if (owner.TypeName is Workflow or "Elsa.Flowchart")
                continue;
            opened = owner;
            segments.Add((JsonNode)new JsonObject
            {
                ["activityNodeId"] = owner.NodeId, ["activityId"] = owner.Id, ["activityType"] = owner.TypeName, ["portName"] = Port(next), ["activityName"] = owner.Name ?? owner.TypeName,
            });
        }

        return StudioJson.Answer(new JsonObject { ["childNode"] = Shape(way[^1], catalog), ["container"] = Shape(opened ?? way[0], catalog), ["pathSegments"] = segments });
    }

    private static WorkflowGraph Graph(string versionId, DefinitionAnswers answers, DefinitionCatalog catalog) => catalog.Graph(answers.FindVersion(versionId))
        ?? throw new RefusedException(ProblemCodes.Invalid, $"The version {versionId} does not compile with this program. Open it in the designer to see why.");

    /// <summary>The nodes from the workflow to the one asked for, itself last; empty where there is none.</summary>
    private static List<ActivityNode> Way(WorkflowGraph graph, string? nodeId, DefinitionCatalog catalog)
    {
        var above = new List<ActivityNode>();
        while (nodeId is not null)
        {
            if (graph.FindNode(nodeId) is { } found)
                return [.. above, .. Ancestors(found)];
            // Not in this workflow: perhaps inside one that it uses as an activity. Node ids grow inwards, so that this ends.
            if (graph.Nodes.FirstOrDefault(node => nodeId.StartsWith(node.NodeId + ":", StringComparison.Ordinal) && Body(node, catalog) is not null) is not { } host)
                return [];
            above.AddRange(Ancestors(host));
            graph = graph.BodyFor(host, Body(host, catalog)!);
        }

        return [graph.Workflow, graph.Workflow.Child("root")!];
    }

    private static IEnumerable<ActivityNode> Ancestors(ActivityNode node)
    {
        var way = new Stack<ActivityNode>();
        for (var step = node; step is not null; step = step.Parent)
            way.Push(step);
        return way;
    }

    /// <summary>The workflow that this activity stands for; null where it is an ordinary one.</summary>
    private static WorkflowGraph? Body(ActivityNode node, DefinitionCatalog catalog)
    {
        if (node.Json.Text("workflowDefinitionVersionId") is not { Length: > 0 } && node.Json.Text("workflowDefinitionId") is not { Length: > 0 })
            return null;
        var row = (node.Json.Text("workflowDefinitionVersionId") is { Length: > 0 } versionId ? catalog.RowByVersionId(versionId) : null)
            ?? (node.Json.Text("workflowDefinitionId") is { Length: > 0 } id ? catalog.Row(id, VersionSelector.Published) ?? catalog.Row(id, VersionSelector.Latest) : null);
        return row is null ? null : catalog.Graph(row);
    }

    private static string Port(ActivityNode node) => node.Port is { Length: > 0 } port ? char.ToUpperInvariant(port[0]) + port[1..] : "Root";

    private static JsonObject Shape(ActivityNode node, DefinitionCatalog catalog) =>
        new() { ["activity"] = Written(node, catalog), ["nodeId"] = node.NodeId, ["port"] = Port(node), ["parents"] = new JsonArray(), ["children"] = new JsonArray() };

    private static JsonObject Written(ActivityNode node, DefinitionCatalog catalog)
    {
        if (node.Parent is null)
            return WithRoot(node.Graph);
        var root = node.Graph.ToDocument()["root"]!.AsObject();
        CanvasDocument.Complete(root);
        var activity = ActivityTree.Of(root).First(one => one.Text("nodeId") == node.NodeId).DeepClone().AsObject();
        if (Body(node, catalog) is { } body)
            activity["root"] = WithRoot(node.Graph.BodyFor(node, body));
        return activity;
    }

    private static JsonObject WithRoot(WorkflowGraph graph)
    {
        var root = graph.ToDocument()["root"]!.DeepClone().AsObject();
        CanvasDocument.Complete(root);
        return new JsonObject
        {
            ["id"] = graph.Workflow.Id, ["nodeId"] = graph.Workflow.NodeId, ["name"] = graph.Definition.Name, ["type"] = Workflow, ["version"] = 1,
            ["customProperties"] = new JsonObject(), ["metadata"] = new JsonObject(), ["root"] = root,
        };
    }
}
