using Dapper;

namespace Quiesce.Storage;

/// <summary>One version of a workflow definition. Versions never change; sessions under way keep the one they began with.</summary>
/// <param name="SourceFile">The file it was loaded from, or null.</param>
/// <param name="SourceHash">The hash of that file's content then: another hash means a new version.</param>
[method: ExplicitConstructor]
public sealed record DefinitionRow(
    string DefinitionId, int Version, string VersionId, string? Name, string Json, string? SourceFile, string? SourceHash, bool IsLatest, bool IsPublished,
    DateTimeOffset CreatedAt);

/// <summary>A job document. The revision goes up with every change.</summary>
[method: ExplicitConstructor]
public sealed record JobRow(string Name, string Json, long Revision, DateTimeOffset UpdatedAt);

/// <summary>A script as it was when the job was applied, under the hash of its content.</summary>
[method: ExplicitConstructor]
public sealed record ScriptRow(string Sha256, string Name, byte[] Content);

/// <summary>A machine and what its last test said.</summary>
[method: ExplicitConstructor]
public sealed record MachineRow(string Name, string Json, string? LastTestResult, DateTimeOffset? LastTestAt);
