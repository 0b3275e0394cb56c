namespace Quiesce.Contracts.Bus;

/// <summary>Thaws whatever this deployment froze, in reverse order. Thawing what is not frozen is success.</summary>
public sealed record ThawGuestRequest();

/// <param name="FrozenMs">From before the freeze to after the thaw; 0 where nothing was frozen.</param>
/// <param name="ThawedByTimer">The dead-man timer had to do it, so the freeze did not hold (R4.30).</param>
public sealed record ThawGuestReply(double ThawMs, double FrozenMs, bool ThawedByTimer);
