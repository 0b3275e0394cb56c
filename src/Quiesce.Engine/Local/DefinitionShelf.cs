namespace Quiesce.Engine;

/// <summary>Definitions in memory, compiled when first asked for, with the selection rules of versions.</summary>
public sealed class DefinitionShelf
{
    private readonly ActivityRegistry registry;
    private readonly Lock gate = new();
    private readonly List<WorkflowDefinition> definitions = [];
    private readonly Dictionary<WorkflowDefinition, WorkflowGraph> graphs = [];

    /// <summary>A shelf of definitions; activities are found in the registry.</summary>
    public DefinitionShelf(ActivityRegistry registry, IEnumerable<WorkflowDefinition> definitions)
    {
        this.registry = registry;
        this.definitions.AddRange(definitions);
    }

    /// <summary>What is on the shelf now.</summary>
    public IReadOnlyList<WorkflowDefinition> Definitions
    {
        get
        {
            lock (gate)
                return [.. definitions];
        }
    }

    /// <summary>Adds a graph; it takes the place of a definition of the same id and version.</summary>
    public void Add(WorkflowGraph graph)
    {
        lock (gate)
        {
            var added = graph.Definition;
            definitions.RemoveAll(d => ReferenceEquals(d, added) || (d.DefinitionId.Length > 0 && d.DefinitionId == added.DefinitionId && d.Version == added.Version));
            definitions.Add(added);
            graphs[added] = graph;
        }
    }

    /// <summary>The compiled definition, or null.</summary>
    /// <exception cref="DefinitionException">It is there and does not compile.</exception>
    public WorkflowGraph? Find(DefinitionReference reference)
    {
        lock (gate)
        {
            var candidates = reference switch
            {
                { VersionId: { } id } => definitions.Where(d => d.Id == id && id.Length > 0),
                { TypeName: { } type } => definitions.Where(d => d.Options.UsableAsActivity && d.ActivityTypeName == type),
                { DefinitionId: { } id } => definitions.Where(d => d.DefinitionId == id),
                _ => [],
            };
            if (Select(candidates.OrderByDescending(d => d.Version).ToList(), reference) is not { } found)
                return null;
            if (!graphs.TryGetValue(found, out var graph))
                graphs[found] = graph = WorkflowGraph.Compile(found, registry);
            return graph;
        }
    }

    /// <summary>The published workflows that have a trigger with that hash, each with the trigger that it starts at.</summary>
    public IReadOnlyList<(WorkflowGraph Graph, string TriggerActivityId)> StartedBy(string hash)
    {
        var started = new List<(WorkflowGraph, string)>();
        foreach (var definition in Definitions.Where(d => d.IsPublished))
        {
            WorkflowGraph? graph;
            try
            {
                graph = Find(new() { DefinitionId = definition.DefinitionId, Version = VersionSelector.Published });
            }
            catch (DefinitionException)
            {
                // A neighbour that does not compile cannot be started; whoever runs it itself is told why.
                continue;
            }

            if (graph is null || graph.Definition != definition)
                continue;
            foreach (var trigger in TriggerIndex.Of(graph))
                if (trigger.Hash == hash && trigger.Problem is null)
                    started.Add((graph, trigger.ActivityId));
        }

        return started;
    }

    private static WorkflowDefinition? Select(List<WorkflowDefinition> newestFirst, DefinitionReference reference)
    {
        if (reference.VersionId is not null)
            return newestFirst.FirstOrDefault();
        return reference.Version switch
        {
            { Number: { } number } => newestFirst.Find(d => d.Version == number),
            { Word: "Latest" } => newestFirst.Find(d => d.IsLatest) ?? newestFirst.FirstOrDefault(),
            { Word: "LatestOrPublished" } => newestFirst.Find(d => d.IsLatest || d.IsPublished),
            { Word: "LatestAndPublished" } => newestFirst.Find(d => d.IsLatest && d.IsPublished),
            { Word: "Draft" } => newestFirst.Find(d => !d.IsPublished),
            { Word: "AllVersions" } => newestFirst.FirstOrDefault(),
            _ => newestFirst.Find(d => d.IsPublished),
        };
    }
}
