using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>So many edits of each definition are kept.</summary>
    private const int EditsKept = 12;

    private const string DefinitionMembers = "definition_id, version, version_id, name, source_file, source_hash, is_latest, is_published, created_at, revision, saved_at, saved_by, content_hash, activity_type, published_at";

    // Old versions are many and are asked for one by one: their documents stay where they are.
    private const string DefinitionHeads = $"SELECT {DefinitionMembers}, CASE WHEN is_latest = 1 OR is_published = 1 THEN json ELSE '' END AS json FROM definitions WHERE deleted_at IS NULL";

    private const string WholeDefinitions = $"SELECT {DefinitionMembers}, json FROM definitions";

    /// <summary>Writes all of it or nothing. False when a row is not what it was computed from (a new version or version id exists already, a changed one has another revision); nothing is written then.</summary>
    public Task<bool> CommitDefinitionsAsync(DefinitionCommit commit) =>
        WriteAsync(c =>
        {
            foreach (var row in commit.Put)
                if (c.Db.ExecuteScalar<int>("SELECT COALESCE((SELECT revision FROM definitions WHERE version_id = @VersionId AND deleted_at IS NULL), 0)", row) != row.Revision - 1
                    || c.Db.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM definitions WHERE definition_id = @DefinitionId AND version = @Version AND version_id <> @VersionId)", row))
                    return false;
            foreach (var row in commit.Put)
                Put(c, row);
            foreach (var versionId in commit.Delete)
                Delete(c, versionId);
            foreach (var edit in commit.Edits)
                Add(c, edit);
            foreach (var file in commit.Files)
                c.Db.Execute(
                    """
                    INSERT INTO definition_files (name, definition_id, hash, unwritten, problem) VALUES (@Name, @DefinitionId, @Hash, @Unwritten, @Problem)
                    ON CONFLICT (name) DO UPDATE SET definition_id = @DefinitionId, hash = @Hash, unwritten = @Unwritten, problem = @Problem
                    """, file);
            foreach (var name in commit.ForgetFiles)
                c.Db.Execute("DELETE FROM definition_files WHERE name = @name", new { name });
            return true;
        });

    /// <summary>Every version of every definition, the newest first; documents only of those that are latest or published.</summary>
    public Task<IReadOnlyList<DefinitionRow>> DefinitionHeadsAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<DefinitionRow>>(c => [.. c.Db.Query<DefinitionRow>(DefinitionHeads + " ORDER BY definition_id, version DESC")], ct);

    /// <summary>The same of one definition.</summary>
    public Task<IReadOnlyList<DefinitionRow>> DefinitionHeadsAsync(string definitionId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<DefinitionRow>>(c => [.. c.Db.Query<DefinitionRow>(DefinitionHeads + " AND definition_id = @definitionId ORDER BY version DESC", new { definitionId })], ct);

    /// <summary>One version with its document, also a deleted one that is kept; null when it does not exist.</summary>
    public Task<DefinitionRow?> DefinitionVersionAsync(string versionId, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<DefinitionRow>(WholeDefinitions + " WHERE version_id = @versionId", new { versionId }), ct);

    /// <summary>One version by definition and number, also a deleted one that is kept; null when it does not exist.</summary>
    public Task<DefinitionRow?> DefinitionVersionAsync(string definitionId, int version, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<DefinitionRow>(WholeDefinitions + " WHERE definition_id = @definitionId AND version = @version", new { definitionId, version }), ct);

    /// <summary>The highest version number that is taken, be it by a deleted version; 0 for none.</summary>
    public Task<int> HighestDefinitionVersionAsync(string definitionId, CancellationToken ct) =>
        ReadAsync(c => c.Db.ExecuteScalar<int>("SELECT COALESCE(MAX(version), 0) FROM definitions WHERE definition_id = @definitionId", new { definitionId }), ct);

    /// <summary>The last edits of a definition, the newest first.</summary>
    public Task<IReadOnlyList<DefinitionEditRow>> DefinitionEditsAsync(string definitionId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<DefinitionEditRow>>(c => [.. c.Db.Query<DefinitionEditRow>(
            "SELECT definition_id, version_id, revision, based_on, content_hash, saved_at, saved_by, json FROM definition_edits WHERE definition_id = @definitionId ORDER BY seq DESC", new { definitionId })], ct);

    /// <summary>The files of the workflows folder as they were last read or written.</summary>
    public Task<IReadOnlyList<DefinitionFileRow>> DefinitionFilesAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<DefinitionFileRow>>(c => [.. c.Db.Query<DefinitionFileRow>("SELECT name, definition_id, hash, unwritten, problem FROM definition_files ORDER BY name")], ct);

    /// <summary>Removes deleted versions that no instance can refer to any more; how many.</summary>
    public Task<int> PurgeDeletedDefinitionsAsync() =>
        WriteAsync(c => c.Db.Execute(
            """
            DELETE FROM definitions WHERE deleted_at IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM instances i WHERE i.definition_version_id = definitions.version_id)
                AND NOT EXISTS (SELECT 1 FROM instances i WHERE i.finished_at IS NULL AND i.created_at <= definitions.deleted_at)
            """));

    private static void Put(PreparedConnection c, DefinitionRow row)
    {
        if (row.IsLatest)
            c.Db.Execute("UPDATE definitions SET is_latest = 0 WHERE definition_id = @DefinitionId", row);
        if (row.IsPublished)
            c.Db.Execute("UPDATE definitions SET is_published = 0 WHERE definition_id = @DefinitionId", row);
        c.Db.Execute(
            $"""
            INSERT INTO definitions ({DefinitionMembers}, json)
            VALUES (@DefinitionId, @Version, @VersionId, @Name, @SourceFile, @SourceHash, @IsLatest, @IsPublished, @CreatedAt, @Revision, @SavedAt, @SavedBy, @ContentHash, @ActivityType, @PublishedAt, @Json)
            ON CONFLICT (version_id) DO UPDATE SET name = @Name, source_file = @SourceFile, source_hash = @SourceHash, is_latest = @IsLatest, is_published = @IsPublished, revision = @Revision,
                saved_at = @SavedAt, saved_by = @SavedBy, content_hash = @ContentHash, activity_type = @ActivityType, published_at = @PublishedAt, json = @Json
            """, row);
    }

    /// <summary>What an instance refers to, or one under way might (a child's version is in its parent's state only), is marked instead of removed.</summary>
    private void Delete(PreparedConnection c, string versionId)
    {
        if (c.Db.ExecuteScalar<string?>("SELECT definition_id FROM definitions WHERE version_id = @versionId", new { versionId }) is not { } definitionId)
            return;
        var isReferred = c.Db.ExecuteScalar<bool>(
            "SELECT EXISTS (SELECT 1 FROM instances WHERE definition_version_id = @versionId) OR EXISTS (SELECT 1 FROM instances WHERE finished_at IS NULL)", new { versionId });
        if (isReferred)
            c.Db.Execute("UPDATE definitions SET deleted_at = @at, is_latest = 0, is_published = 0 WHERE version_id = @versionId", new { versionId, at = Now });
        else
            c.Db.Execute("DELETE FROM definitions WHERE version_id = @versionId", new { versionId });
        c.Db.Execute("DELETE FROM definition_edits WHERE version_id = @versionId", new { versionId });
        c.Db.Execute(
            """
            UPDATE definitions SET is_latest = 1 WHERE definition_id = @definitionId AND deleted_at IS NULL
                AND version = (SELECT MAX(version) FROM definitions WHERE definition_id = @definitionId AND deleted_at IS NULL)
                AND NOT EXISTS (SELECT 1 FROM definitions WHERE definition_id = @definitionId AND deleted_at IS NULL AND is_latest = 1)
            """, new { definitionId });
    }

    private static void Add(PreparedConnection c, DefinitionEditRow edit)
    {
        c.Db.Execute(
            """
            INSERT INTO definition_edits (definition_id, version_id, revision, based_on, content_hash, saved_at, saved_by, json)
            VALUES (@DefinitionId, @VersionId, @Revision, @BasedOn, @ContentHash, @SavedAt, @SavedBy, @Json)
            """, edit);
        c.Db.Execute(
            "DELETE FROM definition_edits WHERE definition_id = @DefinitionId AND seq <= (SELECT seq FROM definition_edits WHERE definition_id = @DefinitionId ORDER BY seq DESC LIMIT 1 OFFSET @kept)",
            new { edit.DefinitionId, kept = EditsKept });
    }
}
