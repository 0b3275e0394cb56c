using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>Freezes the machine's file systems, for people who draw their own critical section. The guest's own timer thaws after the job's thawAfterSeconds (R4.30); a definition that can end without a thaw is refused.</summary>
public sealed class FreezeGuest : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Quiesce.FreezeGuest", Category = "Quiesce", DisplayName = "Freeze guest",
        Description = "Freezes the file systems that hold the job's source path. Every path from here must reach Thaw guest.",
        Outcomes = ["Done", "Failed"],
    };

    public void Execute(ActivityContext context)
    {
        var machine = SessionHosts.Of(context).Machine;
        GuestOperation.Send(context, Verbs.FreezeGuest, null, new FreezeGuestRequest([machine.SourcePath], machine.Snapshot.ThawAfterSeconds),
            ContractsJson.Default.FreezeGuestRequest, TimeSpan.FromMinutes(5));
    }

    public void Resume(ActivityContext context, Resumption resumption) =>
        context.Complete(GuestOperation.Take(context, resumption).Failure is null ? "Done" : "Failed");
}
