namespace Quiesce.Contracts.Bus;

/// <summary>Restores a point into a new or empty folder on the guest that holds it.</summary>
public sealed record RestoreSnapshotRequest(string RestorePointId, string SourcePath, ProviderSettings Provider, string Location, string Target);

/// <param name="Target">Absolute path that now holds the data.</param>
public sealed record RestoreSnapshotReply(string Target, string Method, long? Bytes, double DurationMs);
