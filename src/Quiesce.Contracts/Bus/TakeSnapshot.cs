namespace Quiesce.Contracts.Bus;

/// <summary>How snapshots are made, as a job states it.</summary>
/// <param name="Name"><c>directory</c>, <c>btrfs</c> or <c>command</c>.</param>
/// <param name="Target">Folder that takes the restore points; null for the provider's default beside the data.</param>
/// <param name="Create">For <c>command</c>: program and arguments.</param>
/// <param name="Delete">For <c>command</c>.</param>
/// <param name="Restore">For <c>command</c>.</param>
/// <param name="TimeoutSeconds">For <c>command</c>: the longest one command may take.</param>
public sealed record ProviderSettings(string Name, string? Target = null, IReadOnlyList<string>? Create = null, IReadOnlyList<string>? Delete = null, IReadOnlyList<string>? Restore = null, int TimeoutSeconds = 3600);

/// <summary>The critical section: freeze where the provider needs it, snapshot, thaw, with no round trip to the server inside.</summary>
/// <param name="RestorePointId">Names the point; creating the same id twice makes one.</param>
/// <param name="SourcePath">What is protected.</param>
/// <param name="Freeze"><c>auto</c> (freeze when the provider is not atomic by itself and the file system can be frozen), <c>always</c> or <c>never</c>.</param>
/// <param name="ThawAfterSeconds">The dead-man timer in the guest (R4.30).</param>
public sealed record TakeSnapshotRequest(string RestorePointId, string SourcePath, ProviderSettings Provider, string Freeze, int ThawAfterSeconds);

/// <summary>The snapshot exists.</summary>
/// <param name="Location">What restore and delete need to find it.</param>
/// <param name="Method">Such as <c>btrfs</c>, <c>reflink</c>, <c>copy</c>, <c>command</c>.</param>
/// <param name="Legs">Every leg in milliseconds.</param>
/// <param name="FileSystemsFrozen">Mount points that were frozen; empty where the provider is atomic by itself.</param>
/// <param name="ThawedByTimer">The freeze did not hold until the thaw: the point is only crash-consistent (R4.30).</param>
public sealed record TakeSnapshotReply(string RestorePointId, string Location, string Method, long? Bytes, SnapshotLegs Legs, IReadOnlyList<string> FileSystemsFrozen, bool ThawedByTimer);

/// <summary>The legs of the critical section, in milliseconds. <paramref name="FrozenMs"/> runs from before the freeze to after the thaw.</summary>
public sealed record SnapshotLegs(double PrepareMs, double FreezeMs, double SnapshotMs, double ThawMs, double FrozenMs);
