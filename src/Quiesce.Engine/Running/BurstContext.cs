using System.Globalization;

namespace Quiesce.Engine;

/// <summary>Which definition is looked for: exactly one of <see cref="VersionId"/>, <see cref="DefinitionId"/> and <see cref="TypeName"/> is set.</summary>
public sealed record DefinitionReference
{
    /// <summary>Id of a version.</summary>
    public string? VersionId { get; init; }

    /// <summary>Id shared by all versions; <see cref="Version"/> selects among them.</summary>
    public string? DefinitionId { get; init; }

    /// <summary>Activity type name of a definition that is usable as an activity; <see cref="Version"/> selects among them.</summary>
    public string? TypeName { get; init; }

    public VersionSelector Version { get; init; } = VersionSelector.Published;
}

/// <summary>Finds a compiled definition, or null. Must answer the same within one burst and be safe from many threads.</summary>
public delegate WorkflowGraph? DefinitionLookup(DefinitionReference reference);

/// <summary>The two algorithms of flowcharts.</summary>
public enum FlowchartMode
{
    /// <summary>Joins know from counters what can still arrive.</summary>
    CounterBased,

    /// <summary>Targets wait for tokens by their merge mode.</summary>
    TokenBased,
}

/// <summary>What a burst may use of the world.</summary>
public sealed class BurstContext
{
    /// <summary>The only clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes ids; by default 64 random bits in lower-case hexadecimal.</summary>
    public Func<string> NewId { get; init; } = () => Random.Shared.NextInt64(long.MinValue, long.MaxValue).ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Other definitions, for child workflows.</summary>
    public DefinitionLookup Definitions { get; init; } = _ => null;

    /// <summary>The host's own object, for its activities.</summary>
    public object? Host { get; init; }

    /// <summary>Limits of one script evaluation.</summary>
    public JavaScript.ScriptLimits Scripts { get; init; } = JavaScript.ScriptLimits.Default;

    /// <summary>The resilience strategies that activities may name.</summary>
    public IReadOnlyList<HttpRetry> HttpRetries { get; init; } = HttpRetry.Standard;

    /// <summary>How flowcharts decide what runs next, unless the instance property <c>Flowchart:ExecutionMode</c> says otherwise.</summary>
    public FlowchartMode FlowchartMode { get; init; }

    /// <summary>How many activities one burst may execute before it is taken for an endless loop and faulted.</summary>
    public int MaxActivities { get; init; } = 200_000;

    /// <summary>How much the values of one burst may hold on to, in bytes, before it is faulted.</summary>
    public long MaxMemoryBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>How many bookmarks an instance may wait at before it is faulted.</summary>
    public int MaxBookmarks { get; init; } = 20_000;

    /// <summary>How many incidents an instance may have before it is faulted, whatever its strategy.</summary>
    public int MaxIncidents { get; init; } = 1_000;

    /// <summary>How deep workflows used as activities may be nested.</summary>
    public int MaxNesting { get; init; } = 32;

    /// <summary>Ends the burst, a running script included, when the host shuts down. Nothing has happened then.</summary>
    public CancellationToken CancellationToken { get; init; }
}
