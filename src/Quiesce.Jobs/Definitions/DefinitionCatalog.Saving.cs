using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Definitions;

public sealed partial class DefinitionCatalog
{
    /// <summary>A definition has changed, and that is durable. With its id.</summary>
    public event Action<string>? Changed;

    /// <summary>The versions that a query asks for.</summary>
    public DefinitionPage Query(DefinitionQuery query) => throw new NotImplementedException();

    /// <summary>The version that a selector picks, with its document; null where there is none.</summary>
    public DefinitionRow? Row(string definitionId, VersionSelector version) => Row(definitionId, Selects(version));

    /// <summary>One version with its document, also a deleted one as long as instances of it are kept; null where there is none.</summary>
    public DefinitionRow? RowByVersionId(string versionId) => _versions.Values.SelectMany(rows => rows).FirstOrDefault(row => row.VersionId == versionId);

    /// <summary>The compiled version; null where it does not compile with this program.</summary>
    public WorkflowGraph? Graph(DefinitionRow row) => Compiled(row);

    /// <summary>Keeps a document as draft or puts it in force. The same save again changes nothing and answers the same row.</summary>
    /// <exception cref="DefinitionException">It is no workflow, or may not be published; the message names every complaint.</exception>
    /// <exception cref="RefusedException">Conflict: it is based on something older than what is kept, the definition is read-only, or activities would be lost.</exception>
    public Task<SavedDefinition> SaveAsync(SaveDefinition save, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Puts the latest version in force. Where it is already, nothing changes.</summary>
    /// <exception cref="DefinitionException">It may not be published; the message names every complaint.</exception>
    /// <exception cref="RefusedException">Not found.</exception>
    public Task<SavedDefinition> PublishAsync(string definitionId, string by, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Takes the version in force back; it stays as draft. Sessions and instances under way keep it.</summary>
    /// <exception cref="RefusedException">Not found; conflict: none is in force.</exception>
    public Task<DefinitionRow> RetractAsync(string definitionId, string by, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Copies an old version into a new draft.</summary>
    /// <exception cref="RefusedException">Not found.</exception>
    public Task<DefinitionRow> RevertAsync(string definitionId, int version, string by, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Deletes a definition with all its versions. Instances keep those that they run.</summary>
    /// <exception cref="RefusedException">Not found; conflict: a job uses it.</exception>
    public Task DeleteAsync(string definitionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Deletes one version; the highest that remains becomes the latest.</summary>
    /// <exception cref="RefusedException">Not found.</exception>
    public Task DeleteVersionAsync(string versionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>The definitions that use this one as an activity, directly or through others, by id.</summary>
    /// <exception cref="RefusedException">Not found.</exception>
    public IReadOnlyList<string> Consumers(string definitionId) => throw new NotImplementedException();

    /// <summary>Points those that use this definition as an activity at its version in force.</summary>
    /// <returns>The definitions that changed.</returns>
    public Task<IReadOnlyList<string>> UpdateReferencesAsync(string definitionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>The definitions that can be used as activities, one descriptor a version; only those in force are to be offered.</summary>
    public IReadOnlyList<ActivityDescriptor> WorkflowActivities() => throw new NotImplementedException();

    private void Tell(string definitionId) => Changed?.Invoke(definitionId);
}
