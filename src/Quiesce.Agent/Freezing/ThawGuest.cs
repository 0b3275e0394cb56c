using Quiesce.Agent.Serving;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Freezing;

/// <summary>Thaws whatever this deployment froze; where nothing is frozen that is success too.</summary>
internal static class ThawGuest
{
    public static ThawGuestReply Run(Runtime runtime)
    {
        var outcome = runtime.Freeze.Thaw();
        return new ThawGuestReply(outcome.ThawMs, outcome.FrozenMs, outcome.ByTimer);
    }
}
