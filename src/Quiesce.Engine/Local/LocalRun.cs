using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Runs a definition to its end inside this process, without a store, resuming every bookmark at once whatever it waits for.</summary>
public sealed class LocalRun
{
    private readonly ActivityRegistry registry;
    private readonly DefinitionShelf shelf;
    private readonly BurstContext context;

    /// <param name="registry">The activities that may be used.</param>
    /// <param name="others">Other definitions, for child workflows and event triggers. One that does not compile counts only when it is needed.</param>
    /// <param name="context">Clock, ids and limits; its definition lookup is replaced by <paramref name="others"/>.</param>
    public LocalRun(ActivityRegistry registry, IEnumerable<WorkflowDefinition> others, BurstContext? context = null)
    {
        this.registry = registry;
        shelf = new(registry, others);
        context ??= new();
        this.context = new()
        {
            Time = context.Time,
            NewId = context.NewId,
            Host = context.Host,
            Scripts = context.Scripts,
            MaxActivities = context.MaxActivities,
            MaxNesting = context.MaxNesting,
            CancellationToken = context.CancellationToken,
            Definitions = shelf.Find,
        };
    }

    /// <summary>How many bursts a run may take in all before it ends with an error.</summary>
    public int MaxBursts { get; init; } = 100_000;

    /// <summary>How long a run may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Runs to the end: until nothing is left that could be resumed.</summary>
    /// <exception cref="DefinitionException">The definition does not compile.</exception>
    /// <exception cref="TimeoutException">More bursts or more time than allowed: probably a workflow that waits in an endless loop.</exception>
    public LocalRunResult Run(WorkflowDefinition definition, JsonObject? input = null, CancellationToken cancellationToken = default)
    {
        var graph = WorkflowGraph.Compile(definition, registry);
        shelf.Add(graph);
        var session = new LocalSession(shelf, context, new(context.Time, Timeout, MaxBursts, cancellationToken));
        return session.Run(graph, input);
    }
}

/// <summary>What <c>quiesce workflow run --json</c> prints, with Elsa's words.</summary>
public sealed record LocalRunResult
{
    /// <summary>Main status of the main instance.</summary>
    public required string Status { get; init; }

    /// <summary>Sub-status of the main instance.</summary>
    public required string SubStatus { get; init; }

    /// <summary>The texts of every <c>Elsa.WriteLine</c>, those of children included, in order.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    /// <summary>Outputs of the main instance by name.</summary>
    public required JsonObject Outputs { get; init; }

    /// <summary>Incidents of the main instance.</summary>
    public required IReadOnlyList<LocalRunIncident> Incidents { get; init; }

    /// <summary>Bookmarks still open at the end.</summary>
    public required IReadOnlyList<Bookmark> Bookmarks { get; init; }

    /// <summary>The journal of the main instance.</summary>
    public required IReadOnlyList<LocalRunEntry> Journal { get; init; }
}

/// <summary>An activity that faulted, and why.</summary>
public sealed record LocalRunIncident(string ActivityId, string Message);

/// <summary>An entry of the journal.</summary>
public sealed record LocalRunEntry(string ActivityId, string Event);
