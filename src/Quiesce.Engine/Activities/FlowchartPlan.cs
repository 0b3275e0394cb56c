using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>A connection between two children, by their positions.</summary>
internal readonly record struct FlowConnection(int Source, string? Port, int Target, string? TargetPort)
{
    /// <summary>A connection without a port follows only a completion without explicit outcomes, which also counts as <c>Done</c>.</summary>
    public bool IsFollowedBy(IReadOnlyList<string> outcomes)
    {
        if (outcomes.Count == 0)
            return Port is null or "Done";
        for (var i = 0; i < outcomes.Count; i++)
            if (outcomes[i] == Port)
                return true;
        return false;
    }
}

/// <summary>A flowchart's children and connections, read once.</summary>
internal sealed class FlowchartPlan
{
    private readonly ConcurrentDictionary<int, FlowchartPaths> paths = new();

    private FlowchartPlan(ActivityNode[] children, FlowConnection[] connections)
    {
        Children = children;
        Connections = connections;
        Outbound = Group(connections, c => c.Source);
        Inbound = Group(connections, c => c.Target);
        DefaultStart = FindStart();
    }

    public ActivityNode[] Children { get; }

    public FlowConnection[] Connections { get; }

    /// <summary>Connections that leave a child, in the order of the document.</summary>
    public int[][] Outbound { get; }

    public int[][] Inbound { get; }

    private int DefaultStart { get; }

    public static FlowchartPlan Read(NodeDraft draft)
    {
        var children = draft.ChildrenOf("activities");
        if (children.Contains(null))
            throw draft.Refuse("\"activities\" has an empty entry. Remove it.");
        var plan = new FlowchartPlan([.. children.OfType<ActivityNode>()], ReadConnections(draft, children));
        if (plan.Children.Length > 0)
            plan.PathsFrom(plan.DefaultStart, draft);
        return plan;
    }

    /// <summary>Where this run begins: at its trigger if that is one of the children, else where the drawing says.</summary>
    public int StartFor(string? triggerActivityId)
    {
        var trigger = triggerActivityId is null ? -1 : Array.FindIndex(Children, c => c.Id == triggerActivityId);
        return trigger >= 0 ? trigger : DefaultStart;
    }

    public FlowchartPaths PathsFrom(int start, NodeDraft? draft = null) => paths.GetOrAdd(start, s => FlowchartPaths.From(this, s, draft));

    private static FlowConnection[] ReadConnections(NodeDraft draft, IReadOnlyList<ActivityNode?> children)
    {
        var positions = children.ToDictionary(c => c!.Id, c => c!.Position, StringComparer.Ordinal);
        var member = draft.Json.Find("connections");
        var items = Json.List(member) ?? member switch
        {
            null => [],
            JsonObject single => [single.DeepClone()],
            _ => throw draft.Refuse("\"connections\" must be a list, such as [ ]."),
        };
        var isFlat = items.FirstOrDefault() is JsonObject first && first.Find("source") is JsonValue;
        var seen = new HashSet<FlowConnection>();
        var connections = new List<FlowConnection>(items.Count);
        foreach (var item in items.OfType<JsonObject>())
        {
            var (source, port) = End(item, "source", "sourcePort", isFlat);
            var (target, targetPort) = End(item, "target", "targetPort", isFlat);
            if (source is null || target is null || !positions.TryGetValue(source, out var from) || !positions.TryGetValue(target, out var to))
            {
                // The nested form drops a connection that leads nowhere; the old flat form never did.
                if (isFlat)
                    throw draft.Refuse($"a connection leads from '{source}' to '{target}', and one of them does not exist. Remove the connection.");
                continue;
            }

            var connection = new FlowConnection(from, port, to, targetPort);
            if (seen.Add(connection))
                connections.Add(connection);
        }

        return [.. connections];
    }

    private static (string? Activity, string? Port) End(JsonObject connection, string name, string flatPort, bool isFlat) =>
        isFlat
            ? (connection.Text(name), connection.Text(flatPort))
            : connection.Find(name) is JsonObject end ? (end.Text("activity"), end.Text("port")) : (null, null);

    private int FindStart()
    {
        var start = Array.FindIndex(Children, c => c.Descriptor.IsStart);
        if (start < 0)
            start = Array.FindIndex(Children, c => c.CanStartWorkflow);
        if (start < 0)
            start = Array.FindIndex(Inbound, i => i.Length == 0);
        return Math.Max(start, 0);
    }

    private int[][] Group(FlowConnection[] connections, Func<FlowConnection, int> by)
    {
        var lists = new List<int>?[Children.Length];
        for (var i = 0; i < connections.Length; i++)
            (lists[by(connections[i])] ??= []).Add(i);
        return [.. lists.Select(l => l?.ToArray() ?? [])];
    }
}
