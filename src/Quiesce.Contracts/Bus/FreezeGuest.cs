namespace Quiesce.Contracts.Bus;

/// <summary>Freezes the block-device-backed, writable file systems that hold the paths, deepest first, root last (R4.28). The thaw timer is armed first.</summary>
public sealed record FreezeGuestRequest(IReadOnlyList<string> Paths, int ThawAfterSeconds);

/// <param name="FileSystems">Mount points frozen, in the order of freezing.</param>
public sealed record FreezeGuestReply(IReadOnlyList<string> FileSystems, double FreezeMs);
