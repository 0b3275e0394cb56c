using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>The domain's activities, one per verb, on top of Elsa's own.</summary>
public static class QuiesceActivities
{
    /// <summary>Elsa's activities and ours.</summary>
    public static ActivityRegistry Registry { get; } = ActivityRegistry.Standard.With(
        new CheckGate(), new ProtectMachines(), new ReportSession(),
        new SelectProxy(), new PrepareGuest(), new RunScript(), new TakeSnapshot(), new FreezeGuest(), new ThawGuest(), new DeleteSnapshot(), new ConcludeTask(), new ReleaseGuest());
}
