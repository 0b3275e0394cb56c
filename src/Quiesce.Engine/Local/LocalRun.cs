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
        this.context = context ?? new();
    }

    /// <summary>How many bursts a run may take in all before it ends with an error.</summary>
    public int MaxBursts { get; init; } = 100_000;

    /// <summary>How many open activities may be put together again over all bursts of a run before it ends with an error.</summary>
    public long MaxRestored { get; init; } = 10_000_000;

    /// <summary>How long a run may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Answers the requests that the workflow sends; by default nobody can be reached.</summary>
    public Func<SendHttp, HttpReply> Http { get; init; } = _ => new() { Failure = HttpFailure.FailedToConnect, Message = "A local run has no network." };

    /// <summary>Runs to the end: until nothing is left that could be resumed.</summary>
    /// <exception cref="DefinitionException">The definition does not compile.</exception>
    /// <exception cref="TimeoutException">More bursts, more open activities or more time than allowed: probably a workflow that waits in an endless loop.</exception>
    public LocalRunResult Run(WorkflowDefinition definition, JsonObject? input = null, CancellationToken cancellationToken = default) =>
        Run(definition, Stimulus.Start("start", input), cancellationToken);

    /// <summary>The same with a start of one's own, such as one by a trigger or with an HTTP request.</summary>
    /// <exception cref="DefinitionException">The definition does not compile.</exception>
    /// <exception cref="TimeoutException">As above.</exception>
    public LocalRunResult Run(WorkflowDefinition definition, Stimulus start, CancellationToken cancellationToken = default)
    {
        var graph = WorkflowGraph.Compile(definition, registry);
        shelf.Add(graph);
        using var timeout = new CancellationTokenSource(Timeout, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken, context.CancellationToken);
        try
        {
            return new LocalSession(shelf, ContextFor(either.Token), new(MaxBursts, MaxRestored, either.Token), Http).Run(graph, start);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The workflow did not end within {Timeout}: probably an endless loop, or a script that takes long.");
        }
    }

    private BurstContext ContextFor(CancellationToken cancellationToken) => new()
    {
        Time = context.Time,
        NewId = context.NewId,
        Host = context.Host,
        Scripts = context.Scripts,
        HttpRetries = context.HttpRetries,
        FlowchartMode = context.FlowchartMode,
        MaxActivities = context.MaxActivities,
        MaxMemoryBytes = context.MaxMemoryBytes,
        MaxBookmarks = context.MaxBookmarks,
        MaxIncidents = context.MaxIncidents,
        MaxNesting = context.MaxNesting,
        Definitions = shelf.Find,
        CancellationToken = cancellationToken,
    };
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

    /// <summary>What the main instance wanted done, in order.</summary>
    public required IReadOnlyList<Effect> Effects { get; init; }

    /// <summary>Executions of the main instance's activities, each as it stood last, in the order in which they began.</summary>
    public required IReadOnlyList<ActivityExecutionRecord> Executions { get; init; }

    /// <summary>The journal of the main instance.</summary>
    public required IReadOnlyList<LocalRunEntry> Journal { get; init; }
}

/// <summary>An activity that faulted, and why.</summary>
public sealed record LocalRunIncident(string ActivityId, string Message);

/// <summary>An entry of the journal.</summary>
public sealed record LocalRunEntry(string ActivityId, string Event);
