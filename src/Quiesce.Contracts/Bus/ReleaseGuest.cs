namespace Quiesce.Contracts.Bus;

/// <summary>Removes the runtime and everything it brought. Removing a missing deployment is success (R2.6).</summary>
public sealed record ReleaseGuestRequest();

/// <param name="Removed">False where there was nothing to remove.</param>
/// <param name="Orphan">The record the runtime left if it had already ended by the orphan rule.</param>
public sealed record ReleaseGuestReply(bool Removed, OrphanRecord? Orphan);
