using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Definitions;

/// <summary>Which versions a list shows, in which order, and which page of it.</summary>
public sealed record DefinitionQuery
{
    /// <summary>Which versions of each definition; null for all of them.</summary>
    public VersionSelector? Version { get; init; }

    /// <summary>Part of the name, the description or an id, in any case.</summary>
    public string? Search { get; init; }

    /// <summary>Empty for every definition.</summary>
    public IReadOnlyList<string> DefinitionIds { get; init; } = [];

    /// <summary>Empty for every version.</summary>
    public IReadOnlyList<string> VersionIds { get; init; } = [];

    /// <summary>Null for both.</summary>
    public bool? IsSystem { get; init; }

    /// <summary><c>Created</c>, <c>Name</c> or <c>Version</c>; anything else counts as <c>Created</c>.</summary>
    public string OrderBy { get; init; } = "Created";

    public bool Descending { get; init; }

    public int Skip { get; init; }

    /// <summary>At most so many; 0 for all.</summary>
    public int Take { get; init; }
}

/// <summary>A page of versions.</summary>
/// <param name="Total">How many there are on all pages.</param>
public sealed record DefinitionPage(IReadOnlyList<DefinitionRow> Items, int Total);
