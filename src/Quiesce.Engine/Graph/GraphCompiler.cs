using System.Text.Json.Nodes;
using Quiesce.Engine.Activities;

namespace Quiesce.Engine;

/// <summary>Definition to graph: nodes, ids, inputs, plans.</summary>
internal sealed class GraphCompiler
{
    private const int MaxDepth = 240;
    private const int MaxNodes = 250_000;

    private readonly WorkflowGraph graph;
    private readonly WorkflowDefinition definition;
    private readonly ActivityRegistry registry;
    private readonly List<ActivityNode> nodes = [];

    private GraphCompiler(WorkflowGraph graph)
    {
        this.graph = graph;
        definition = graph.Definition;
        registry = graph.Registry;
    }

    public static WorkflowGraph Compile(WorkflowDefinition definition, ActivityRegistry registry, ActivityNode? host)
    {
        var graph = new WorkflowGraph(definition, registry, host);
        var compiler = new GraphCompiler(graph);
        compiler.Collect();
        compiler.AssignIds();
        graph.Nodes = compiler.nodes;
        compiler.Bind();
        return graph;
    }

    private void Collect()
    {
        var workflow = new ActivityNode(graph, 0, [], WorkflowActivity.Instance, null)
        {
            TypeName = WorkflowActivity.TypeName,
            Name = definition.Name,
            Variables = [.. definition.Variables],
        };
        nodes.Add(workflow);
        var root = Add(definition.Root, workflow, "root", 0, 1);
        workflow.Children = [("root", [root])];
        workflow.HasChildren = true;
    }

    private ActivityNode Add(JsonObject json, ActivityNode parent, string port, int position, int depth)
    {
        var id = json.Text("id");
        if (Json.AsText(json["type"]) is not { Length: > 0 } type)
            throw Refuse(id ?? parent.Json.Text("id"), $"an activity in '{port}' has no \"type\". Give it one, such as \"Elsa.WriteLine\".");
        if (depth > MaxDepth)
            throw Refuse(id, $"activities are nested more than {MaxDepth} deep. Move the inner ones into a workflow of their own.");
        if (nodes.Count > MaxNodes)
            throw Refuse(id, $"the workflow has more than {MaxNodes:N0} activities. Split it.");
        var activity = registry.Find(type) ?? WorkflowDefinitionActivity.Instance;
        var properties = json.Find("customProperties") as JsonObject ?? json.Find("applicationProperties") as JsonObject;
        var node = new ActivityNode(graph, nodes.Count, json, activity, parent)
        {
            TypeName = type,
            Name = json.Text("name"),
            Version = ReadVersion(json, id) ?? activity.Descriptor.Version,
            CanStartWorkflow = properties?.Flag("canStartWorkflow") ?? json.Flag("canStartWorkflow") ?? false,
            Port = port,
            Position = position,
        };
        nodes.Add(node);
        AddChildren(node, depth);
        return node;
    }

    private int? ReadVersion(JsonObject json, string? id)
    {
        try
        {
            return json.Integer("version");
        }
        catch (FormatException e)
        {
            throw Refuse(id, e.Message);
        }
    }

    private void AddChildren(ActivityNode node, int depth)
    {
        var descriptor = node.Descriptor;
        var children = new List<(string, ActivityNode?[])>();
        foreach (var list in descriptor.ChildLists)
        {
            // "cases.activity" means the member "activity" of each entry of "cases".
            var member = list.Split('.');
            var items = Json.List(node.Json.Find(member[0]));
            if (items is null)
            {
                if (node.Json.Find(member[0]) is not null)
                    throw Refuse(node.Json.Text("id"), $"\"{member[0]}\" must be a list, such as [ ].");
                continue;
            }

            var slots = new ActivityNode?[items.Count];
            for (var i = 0; i < slots.Length; i++)
            {
                var item = member.Length == 1 ? items[i] : (items[i] as JsonObject)?.Find(member[1]);
                if (item is JsonObject child)
                    slots[i] = Add(child, node, list, i, depth + 1);
                else if (item is not null)
                    throw Refuse(node.Json.Text("id"), $"entry {i + 1} of \"{member[0]}\" is not an activity object.");
            }

            children.Add((list, slots));
        }

        foreach (var port in descriptor.Ports)
            if (port.Kind == PortKind.Embedded && node.Json.Find(ActivityNames.Member(port.Name)) is { } held)
                children.Add((port.Name, [Add(
                    held as JsonObject ?? throw Refuse(node.Json.Text("id"), $"\"{ActivityNames.Member(port.Name)}\" is not an activity object."), node, port.Name, 0, depth + 1)]));
        node.Children = [.. children];
        node.HasChildren = descriptor.ChildLists.Count > 0 || descriptor.Ports.Any(p => p.Kind == PortKind.Embedded);
    }

    private void AssignIds()
    {
        var taken = nodes.Select(n => n.Json.Text("id")).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var counters = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            node.Id = node.Json.Text("id") is { Length: > 0 } given ? given : NextId(node, taken, counters);
            var prefix = node.Parent?.NodeId ?? graph.Host?.NodeId;
            node.NodeId = prefix is null ? node.Id : $"{prefix}:{node.Id}";
        }

        // Two activities of one container with one id cannot be told apart, neither by connections nor in the journal.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in nodes)
            if (!seen.Add(node.NodeId))
                throw Refuse(node.Id, "two activities of the same container have this id. Give each its own.");
    }

    private string NextId(ActivityNode node, HashSet<string> taken, Dictionary<string, int> counters)
    {
        if (node.Parent is { Descriptor.TypeName: "Elsa.Flowchart" } flowchart)
            throw Refuse(flowchart.Id, $"activity {node.Position + 1} of the flowchart ({node.TypeName}) has no \"id\". Give it one; connections refer to it.");
        var type = ActivityNames.ShortType(node.TypeName);
        var number = counters.GetValueOrDefault(type, node.Parent is null ? graph.Nesting : 0);
        string id;
        do
            id = $"{type}{++number}";
        while (!taken.Add(id));
        counters[type] = number;
        return id;
    }

    private void Bind()
    {
        foreach (var node in nodes)
        {
            if (node.Index > 0)
                InputBinder.Bind(node);
            node.LogPersistence = LogPersistence.Of(node);
            // The plan of a container may look at the plans of nobody: only at nodes, which are all there by now.
            node.Plan = node.Activity.Prepare(new(node));
        }
    }

    private DefinitionException Refuse(string? activityId, string reason) => new(definition.Source, reason, activityId: activityId);
}
