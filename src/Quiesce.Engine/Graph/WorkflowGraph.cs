using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>A definition compiled against the activities of a host: immutable, shared by every burst and thread.</summary>
public sealed class WorkflowGraph
{
    private const int MaxBodiesKept = 2_000;
    private readonly ConcurrentDictionary<(int, WorkflowGraph), WorkflowGraph> bodies = new();
    private int bodiesKept;
    private readonly Lazy<Dictionary<string, ActivityNode>> byNodeId;

    internal WorkflowGraph(WorkflowDefinition definition, ActivityRegistry registry, ActivityNode? host)
    {
        Definition = definition;
        Registry = registry;
        Host = host;
        Nesting = host is null ? 0 : host.Graph.Nesting + 1;
        byNodeId = new(() => Nodes.ToDictionary(n => n.NodeId, StringComparer.Ordinal));
    }

    /// <summary>What was compiled.</summary>
    public WorkflowDefinition Definition { get; }

    /// <summary>What it was compiled against.</summary>
    public ActivityRegistry Registry { get; }

    /// <summary>All nodes, the implicit <c>Elsa.Workflow</c> first, parents before children.</summary>
    public IReadOnlyList<ActivityNode> Nodes { get; internal set; } = [];

    /// <summary>The implicit <c>Elsa.Workflow</c>.</summary>
    public ActivityNode Workflow => Nodes[0];

    // The activity that this graph is the body of, when a workflow is used as an activity.
    internal ActivityNode? Host { get; }

    internal int Nesting { get; }

    private WorkflowGraph Outermost => Host?.Graph.Outermost ?? this;

    /// <summary>Compiles a definition. Activities of unknown types and expressions that cannot be evaluated compile; they fault when reached.</summary>
    /// <exception cref="DefinitionException">The document cannot be a workflow.</exception>
    public static WorkflowGraph Compile(WorkflowDefinition definition, ActivityRegistry registry) => GraphCompiler.Compile(definition, registry, null);

    /// <summary>The node with that node id, or null.</summary>
    public ActivityNode? FindNode(string nodeId) => byNodeId.Value.GetValueOrDefault(nodeId);

    /// <summary>The first node with that activity id, or null.</summary>
    public ActivityNode? FindActivity(string activityId) => Nodes.FirstOrDefault(n => n.Id == activityId);

    /// <summary>The triggers that may start this workflow.</summary>
    public IEnumerable<ActivityNode> Triggers => Nodes.Where(n => n is { CanStartWorkflow: true, Descriptor.Kind: ActivityKind.Trigger });

    /// <summary>The document in the form in which Elsa writes it, new and the caller's own: every activity with id, node id and version, inputs in their long form, what is unknown untouched.</summary>
    public JsonObject ToDocument() => DefinitionWriter.Document(this);

    /// <summary>
    /// Why this definition must not be published here: languages and activities that do not run, names given twice, cron texts and paths that are none,
    /// paths that clash. Empty when it may.
    /// </summary>
    /// <param name="definitions">Other definitions, for workflows used as activities.</param>
    public IReadOnlyList<DefinitionComplaint> Refusals(DefinitionLookup definitions) => PublishCheck.Of(this, definitions);

    /// <summary>Another definition as the body of one of our activities: the same nodes with longer node ids, as the journal names them.</summary>
    public WorkflowGraph BodyFor(ActivityNode host, WorkflowGraph definition)
    {
        if (bodies.TryGetValue((host.Index, definition), out var known))
            return known;
        var body = GraphCompiler.Compile(definition.Definition, definition.Registry, host);
        // Workflows that use one another twice each grow like a tree; what is kept of it is bounded, the rest is compiled again when needed.
        return Interlocked.Increment(ref Outermost.bodiesKept) <= MaxBodiesKept ? bodies.GetOrAdd((host.Index, definition), body) : body;
    }

    /// <summary>How often a definition occurs on the way from the outermost workflow to here.</summary>
    internal int Occurrences(WorkflowDefinition definition)
    {
        var count = 0;
        for (var graph = this; graph is not null; graph = graph.Host?.Graph)
            if (ReferenceEquals(graph.Definition, definition))
                count++;
        return count;
    }
}
