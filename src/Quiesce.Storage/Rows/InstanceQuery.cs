namespace Quiesce.Storage;

/// <summary>Which instances a list shows, and in which order. An empty list or null means any.</summary>
public sealed record InstanceQuery
{
    /// <summary>From 0.</summary>
    public int Page { get; init; }

    public int PageSize { get; init; } = 50;

    /// <summary>Part of an id, name, correlation id or definition id, whatever the case.</summary>
    public string? SearchTerm { get; init; }

    public IReadOnlyList<string> Ids { get; init; } = [];

    public IReadOnlyList<string> DefinitionIds { get; init; } = [];

    public string? DefinitionVersionId { get; init; }

    /// <summary>Number of the definition's version.</summary>
    public int? Version { get; init; }

    public string? CorrelationId { get; init; }

    public string? ParentId { get; init; }

    public string? SessionId { get; init; }

    public bool? HasIncidents { get; init; }

    public bool? IsSystem { get; init; }

    /// <summary><c>Running</c> or <c>Finished</c>.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];

    /// <summary>Such as <c>Suspended</c>.</summary>
    public IReadOnlyList<string> SubStatuses { get; init; } = [];

    public IReadOnlyList<TimestampFilter> Timestamps { get; init; } = [];

    public InstanceOrder OrderBy { get; init; } = InstanceOrder.Created;

    public bool Descending { get; init; } = true;
}

/// <summary>What a list of instances is ordered by.</summary>
public enum InstanceOrder
{
    Created,
    LastExecuted,
    Finished,
    Name,
}

/// <summary>The moments of an instance.</summary>
public enum InstanceMoment
{
    CreatedAt,
    UpdatedAt,
    FinishedAt,
}

/// <summary>How two moments compare.</summary>
public enum MomentComparison
{
    Is,
    IsNot,
    LessThan,
    GreaterThan,
    LessThanOrEqual,
    GreaterThanOrEqual,
}

/// <summary>One moment of an instance, compared with another. A moment that has not come matches nothing but IsNot.</summary>
public sealed record TimestampFilter(InstanceMoment Column, MomentComparison Operator, DateTimeOffset Timestamp);
