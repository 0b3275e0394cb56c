using System.Collections.Concurrent;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;
using Quiesce.Storage;

namespace Quiesce.Server.Screens;

/// <summary>Drawings by version, each made once: a version never changes.</summary>
internal sealed class WorkflowDrawings(DefinitionCatalog definitions, Instances instances)
{
    private const int Most = 200;

    private readonly ConcurrentDictionary<string, WorkflowDrawing> _drawings = new(StringComparer.Ordinal);

    /// <summary>The workflow that an instance runs, in the version that it began with; null where it has not begun or the version cannot be drawn.</summary>
    public async Task<WorkflowDrawing?> OfInstanceAsync(string instanceId, CancellationToken ct) =>
        await instances.GetAsync(instanceId, ct) is { } instance ? Of(definitions.RowByVersionId(instance.DefinitionVersionId)) : null;

    /// <summary>A version of a definition; null where it is gone or cannot be drawn.</summary>
    public WorkflowDrawing? OfVersion(string definitionId, int version) => Of(definitions.Row(definitionId, VersionSelector.Specific(version)));

    private WorkflowDrawing? Of(DefinitionRow? row)
    {
        if (row is null)
            return null;
        if (_drawings.TryGetValue(row.VersionId, out var known))
            return known;
        if (definitions.Graph(row) is not { } graph)
            return null;
        if (_drawings.Count >= Most)
            _drawings.Clear();
        return _drawings[row.VersionId] = WorkflowDrawing.Of(graph);
    }
}
