using System.Text.Json.Nodes;

namespace Quiesce.Contracts.Rest;

/// <summary>A workflow in a list: the version in force, or the latest where none is.</summary>
/// <param name="Problem">Why the file on disk is not in force, or the version in force not in the file; null where both agree.</param>
public sealed record WorkflowSummary(string Id, string? Name, int Version, string VersionId, bool IsPublished, string? File, string? Problem, DateTimeOffset CreatedAt)
{
    /// <summary>The newest version; higher than <see cref="Version"/> while a draft is worked on.</summary>
    public int LatestVersion { get; init; }

    /// <summary>Who saved the newest version, where that is known.</summary>
    public string? SavedBy { get; init; }

    public DateTimeOffset? SavedAt { get; init; }

    /// <summary>The edit counter of <see cref="VersionId"/>.</summary>
    public int Revision { get; init; }

    /// <summary>What was taken over nevertheless.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>One version of a workflow.</summary>
/// <param name="Revision">The edit counter: a draft is edited in place.</param>
/// <param name="UpdatedConsumers">Workflows that were pointed at it when it was published.</param>
public sealed record WorkflowVersion(string Id, int Version, string VersionId, int Revision, string? Name, bool IsLatest, bool IsPublished, DateTimeOffset CreatedAt, DateTimeOffset? SavedAt, string? SavedBy)
{
    public IReadOnlyList<string> UpdatedConsumers { get; init; } = [];

    /// <summary>What was taken over nevertheless.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Two definitions to be compared: each a document, or the name of a stored one: <c>id</c>, <c>id@3</c>, <c>id@latest</c>, <c>id@published</c>.</summary>
public sealed record CompareWorkflows(JsonNode A, JsonNode B);

/// <summary>One change between two definitions.</summary>
/// <param name="Kind"><c>added</c>, <c>removed</c>, <c>changed</c> or <c>layout</c>.</param>
/// <param name="Path">The place in the document.</param>
/// <param name="Text">The change as a sentence without a full stop.</param>
public sealed record WorkflowChange(string Kind, string Path, string Text);

/// <summary>The file that a workflow is written to when it is published.</summary>
public sealed record WorkflowFile(string Id, string File);
