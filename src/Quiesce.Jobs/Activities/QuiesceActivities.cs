using Quiesce.Engine;
using Quiesce.Engine.Activities;
using Quiesce.Jobs.Triggers;

namespace Quiesce.Jobs.Activities;

/// <summary>The domain's activities, one per verb, on top of Elsa's own.</summary>
public static class QuiesceActivities
{
    private static readonly IActivity[] OfSessions =
    [
        new CheckGate(), new ProtectMachines(), new ReportSession(),
        new SelectProxy(), new PrepareGuest(), new RunScript(), new TakeSnapshot(), new FreezeGuest(), new ThawGuest(), new DeleteSnapshot(), new ConcludeTask(), new ReleaseGuest(),
    ];

    private static readonly HashSet<string> SessionTypes = [.. OfSessions.Select(activity => activity.Descriptor.TypeName)];

    /// <summary>Elsa's activities, ours, and those of the bus's messages.</summary>
    public static ActivityRegistry Registry { get; } = ActivityRegistry.Standard.With([.. OfSessions, .. MessageActivities.For(BusMessages.Descriptors)]);

    /// <summary>Whether an activity of this type works only inside a session.</summary>
    internal static bool NeedsSession(string typeName) => SessionTypes.Contains(typeName);
}
