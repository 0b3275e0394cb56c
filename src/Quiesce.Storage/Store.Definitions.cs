using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Adds a version. It takes the marks latest and published from the others of its definition as far as it carries them. False when version or version id exists already; nothing is written then.</summary>
    public Task<bool> AddDefinitionAsync(DefinitionRow row) =>
        WriteAsync(c =>
        {
            if (c.Db.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM definitions WHERE version_id = @VersionId OR (definition_id = @DefinitionId AND version = @Version))", row))
                return false;
            if (row.IsLatest)
                c.Db.Execute("UPDATE definitions SET is_latest = 0 WHERE definition_id = @DefinitionId", row);
            if (row.IsPublished)
                c.Db.Execute("UPDATE definitions SET is_published = 0 WHERE definition_id = @DefinitionId", row);
            c.Db.Execute(
                """
                INSERT INTO definitions (definition_id, version, version_id, name, json, source_file, source_hash, is_latest, is_published, created_at)
                VALUES (@DefinitionId, @Version, @VersionId, @Name, @Json, @SourceFile, @SourceHash, @IsLatest, @IsPublished, @CreatedAt)
                """, row);
            return true;
        });

    /// <summary>Publishes one version in the place of all others of its definition. False when it does not exist.</summary>
    public Task<bool> PublishDefinitionAsync(string versionId) =>
        WriteAsync(c =>
        {
            if (c.Db.ExecuteScalar<string?>("SELECT definition_id FROM definitions WHERE version_id = @versionId", new { versionId }) is not { } definitionId)
                return false;
            c.Db.Execute("UPDATE definitions SET is_published = CASE WHEN version_id = @versionId THEN 1 ELSE 0 END WHERE definition_id = @definitionId",
                new { versionId, definitionId });
            return true;
        });

    /// <summary>Takes a definition's published version back. False when it has none.</summary>
    public Task<bool> RetractDefinitionAsync(string definitionId) =>
        WriteAsync(c => c.Db.Execute("UPDATE definitions SET is_published = 0 WHERE definition_id = @definitionId AND is_published = 1", new { definitionId }) > 0);

    /// <summary>The latest version of every definition, by id.</summary>
    public Task<IReadOnlyList<DefinitionRow>> LatestDefinitionsAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<DefinitionRow>>(c => [.. c.Db.Query<DefinitionRow>("SELECT * FROM definitions WHERE is_latest = 1 ORDER BY definition_id")], ct);

    /// <summary>All versions of one definition, the newest first.</summary>
    public Task<IReadOnlyList<DefinitionRow>> DefinitionVersionsAsync(string definitionId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<DefinitionRow>>(c => [.. c.Db.Query<DefinitionRow>(
            "SELECT * FROM definitions WHERE definition_id = @definitionId ORDER BY version DESC", new { definitionId })], ct);

    /// <summary>One version by its own id; null when it does not exist.</summary>
    public Task<DefinitionRow?> DefinitionVersionAsync(string versionId, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<DefinitionRow>("SELECT * FROM definitions WHERE version_id = @versionId", new { versionId }), ct);

    /// <summary>One version by definition and number; null when it does not exist.</summary>
    public Task<DefinitionRow?> DefinitionVersionAsync(string definitionId, int version, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<DefinitionRow>(
            "SELECT * FROM definitions WHERE definition_id = @definitionId AND version = @version", new { definitionId, version }), ct);

    /// <summary>The published version; null when there is none.</summary>
    public Task<DefinitionRow?> PublishedDefinitionAsync(string definitionId, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<DefinitionRow>(
            "SELECT * FROM definitions WHERE definition_id = @definitionId AND is_published = 1", new { definitionId }), ct);

    /// <summary>The latest version, published or not; null when there is none.</summary>
    public Task<DefinitionRow?> LatestDefinitionAsync(string definitionId, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<DefinitionRow>(
            "SELECT * FROM definitions WHERE definition_id = @definitionId AND is_latest = 1", new { definitionId }), ct);

    /// <summary>Deletes all versions. False when there is none, or when an unfinished instance runs one of them.</summary>
    public Task<bool> DeleteDefinitionAsync(string definitionId) =>
        WriteAsync(c => c.Db.Execute(
            """
            DELETE FROM definitions WHERE definition_id = @definitionId
                AND NOT EXISTS (SELECT 1 FROM instances WHERE definition_id = @definitionId AND finished_at IS NULL)
            """,
            new { definitionId }) > 0);
}
