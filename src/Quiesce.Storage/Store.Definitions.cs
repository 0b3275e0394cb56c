namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Adds a version. It takes the marks latest and published from the others of its definition as far as it carries them. False when version or version id exists already; nothing is written then.</summary>
    public Task<bool> AddDefinitionAsync(DefinitionRow row) => throw new NotImplementedException();

    /// <summary>Publishes one version in the place of all others of its definition. False when it does not exist.</summary>
    public Task<bool> PublishDefinitionAsync(string versionId) => throw new NotImplementedException();

    /// <summary>Takes a definition's published version back. False when it has none.</summary>
    public Task<bool> RetractDefinitionAsync(string definitionId) => throw new NotImplementedException();

    /// <summary>The latest version of every definition, by id.</summary>
    public Task<IReadOnlyList<DefinitionRow>> LatestDefinitionsAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>All versions of one definition, the newest first.</summary>
    public Task<IReadOnlyList<DefinitionRow>> DefinitionVersionsAsync(string definitionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>One version by its own id; null when it does not exist.</summary>
    public Task<DefinitionRow?> DefinitionVersionAsync(string versionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>One version by definition and number; null when it does not exist.</summary>
    public Task<DefinitionRow?> DefinitionVersionAsync(string definitionId, int version, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>The published version; null when there is none.</summary>
    public Task<DefinitionRow?> PublishedDefinitionAsync(string definitionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>The latest version, published or not; null when there is none.</summary>
    public Task<DefinitionRow?> LatestDefinitionAsync(string definitionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Deletes all versions. False when there is none, or when an unfinished instance runs one of them.</summary>
    public Task<bool> DeleteDefinitionAsync(string definitionId) => throw new NotImplementedException();
}
