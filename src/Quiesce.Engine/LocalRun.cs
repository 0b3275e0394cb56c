using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Runs a definition to its end inside this process, without a store, resuming every bookmark at once whatever it waits for.</summary>
public sealed class LocalRun
{
    /// <param name="registry">The activities that may be used.</param>
    /// <param name="others">Other definitions, for child workflows and event triggers.</param>
    /// <param name="context">Clock, ids and limits; its definition lookup is replaced by <paramref name="others"/>.</param>
    public LocalRun(ActivityRegistry registry, IEnumerable<WorkflowDefinition> others, BurstContext? context = null) => throw new NotImplementedException();

    /// <summary>How many bursts a run may take in all before it ends with an error.</summary>
    public int MaxBursts { get; init; } = 100_000;

    /// <summary>How long a run may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <exception cref="DefinitionException">The definition does not compile.</exception>
    public LocalRunResult Run(WorkflowDefinition definition, JsonObject? input = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}

/// <summary>What <c>quiesce workflow run --json</c> prints, with Elsa's words.</summary>
public sealed record LocalRunResult
{
    public required string Status { get; init; }

    public required string SubStatus { get; init; }

    /// <summary>The texts of every <c>Elsa.WriteLine</c>, those of children included, in order.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    public required JsonObject Outputs { get; init; }

    public required IReadOnlyList<LocalRunIncident> Incidents { get; init; }

    /// <summary>Bookmarks still open at the end.</summary>
    public required IReadOnlyList<Bookmark> Bookmarks { get; init; }

    /// <summary>The journal of the main instance.</summary>
    public required IReadOnlyList<LocalRunEntry> Journal { get; init; }
}

public sealed record LocalRunIncident(string ActivityId, string Message);

public sealed record LocalRunEntry(string ActivityId, string Event);
