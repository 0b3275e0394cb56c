using Dapper;

namespace Quiesce.Storage;

/// <summary>Which sessions a list shows; null means any.</summary>
public sealed record SessionFilter
{
    public string? Job { get; init; }

    /// <summary>True for those under way, false for those that ended.</summary>
    public bool? IsRunning { get; init; }

    /// <summary>A result, such as <c>Failed</c>.</summary>
    public string? Result { get; init; }

    public bool? IsCancelled { get; init; }
}

/// <summary>A session in a list, before anything more of it is read.</summary>
[method: ExplicitConstructor]
public sealed record SessionKey(string Id, DateTimeOffset? EndedAt);

/// <summary>One page of a list, and how many the filter matches in all.</summary>
public sealed record SessionKeys(IReadOnlyList<SessionKey> Items, int Total);
