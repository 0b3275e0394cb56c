namespace Quiesce.Contracts.Bus;

/// <summary>Deletes a restore point or what a broken creation left of it. Deleting what is not there is success.</summary>
/// <param name="Location">Null where creation never answered: the provider derives it from the id.</param>
public sealed record DeleteSnapshotRequest(string RestorePointId, string SourcePath, ProviderSettings Provider, string? Location);

/// <param name="Existed">Whether anything had to be removed.</param>
public sealed record DeleteSnapshotReply(bool Existed);
