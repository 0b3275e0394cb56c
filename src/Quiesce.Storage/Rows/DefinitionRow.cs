using Dapper;

namespace Quiesce.Storage;

/// <summary>One version of a workflow definition. One that was in force never changes; sessions under way keep the one they began with. A draft is edited in place.</summary>
/// <param name="Json">The complete document; empty in a list where it was not asked for.</param>
/// <param name="SourceFile">The file it was loaded from, or null.</param>
/// <param name="SourceHash">The hash of that file's content then.</param>
/// <param name="Revision">Goes up with every change of the row, from 1.</param>
/// <param name="ContentHash">The hash of what the document means.</param>
/// <param name="ActivityType">The type name under which it can be used as an activity, or null.</param>
/// <param name="PublishedAt">When it was first put in force.</param>
[method: ExplicitConstructor]
public sealed record DefinitionRow(
    string DefinitionId, int Version, string VersionId, string? Name, string Json, string? SourceFile, string? SourceHash, bool IsLatest, bool IsPublished,
    DateTimeOffset CreatedAt, int Revision = 1, DateTimeOffset? SavedAt = null, string? SavedBy = null, string? ContentHash = null, string? ActivityType = null,
    DateTimeOffset? PublishedAt = null);

/// <summary>An edit of a definition as it was saved.</summary>
/// <param name="BasedOn">Version id and revision, joined with a colon, that the client had; null where it did not say.</param>
[method: ExplicitConstructor]
public sealed record DefinitionEditRow(
    string DefinitionId, string VersionId, int Revision, string? BasedOn, string ContentHash, DateTimeOffset SavedAt, string SavedBy, string Json);

/// <summary>A file of the workflows folder as it was last read or written.</summary>
/// <param name="Unwritten">Id of the version that is in force and not in the file yet; null where the file is up to date.</param>
/// <param name="Problem">Why it could not be written.</param>
[method: ExplicitConstructor]
public sealed record DefinitionFileRow(string Name, string DefinitionId, string Hash, string? Unwritten = null, string? Problem = null);

/// <summary>What is written of definitions in one transaction.</summary>
public sealed record DefinitionCommit
{
    /// <summary>New versions (revision 1) and changed ones (the revision before is expected). The marks latest and published are taken from the others of the definition as far as a row carries them.</summary>
    public IReadOnlyList<DefinitionRow> Put { get; init; } = [];

    /// <summary>Version ids. Where none is left as the latest, the highest version becomes it.</summary>
    public IReadOnlyList<string> Delete { get; init; } = [];

    public IReadOnlyList<DefinitionEditRow> Edits { get; init; } = [];

    public IReadOnlyList<DefinitionFileRow> Files { get; init; } = [];

    /// <summary>Names of files that no longer belong to a definition.</summary>
    public IReadOnlyList<string> ForgetFiles { get; init; } = [];
}

/// <summary>A job document. The revision goes up with every change.</summary>
[method: ExplicitConstructor]
public sealed record JobRow(string Name, string Json, long Revision, DateTimeOffset UpdatedAt);

/// <summary>A script as it was when the job was applied, under the hash of its content.</summary>
[method: ExplicitConstructor]
public sealed record ScriptRow(string Sha256, string Name, byte[] Content);

/// <summary>A machine and what its last test said.</summary>
[method: ExplicitConstructor]
public sealed record MachineRow(string Name, string Json, string? LastTestResult, DateTimeOffset? LastTestAt);
