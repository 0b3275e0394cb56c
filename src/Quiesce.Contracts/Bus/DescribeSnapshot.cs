namespace Quiesce.Contracts.Bus;

/// <summary>Looks whether a restore point is there and what it is.</summary>
public sealed record DescribeSnapshotRequest(string RestorePointId, string SourcePath, ProviderSettings Provider, string? Location);

/// <param name="Exists">False where the point is gone.</param>
/// <param name="Complete">False for one that a broken creation left.</param>
public sealed record DescribeSnapshotReply(bool Exists, bool Complete, string? Location, string? Method, long? Bytes);
