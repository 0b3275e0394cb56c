using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>Removes the runtime from the guest (R2.8). While the guest is still owed a thaw or a post script, removing it is left to the compensation, which does the others first.</summary>
public sealed class ReleaseGuest : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Quiesce.ReleaseGuest", Category = "Quiesce", DisplayName = "Release guest",
        Description = "Removes what was deployed into the guest.",
        Outcomes = ["Done", "Failed"],
    };

    public void Execute(ActivityContext context)
    {
        var open = Obligations.Open(context.InstanceProperties);
        if (!open.Contains(Obligations.Release))
        {
            context.Complete("Done");
            return;
        }

        if (open.Any(id => id != Obligations.Release))
        {
            GuestOperation.Note(context, "info", "the runtime stays until everything else that is owed to the guest is done");
            context.Complete("Done");
            return;
        }

        GuestOperation.Send(context, Verbs.ReleaseGuest, null, new ReleaseGuestRequest(), ContractsJson.Default.ReleaseGuestRequest, TimeSpan.FromMinutes(10));
    }

    public void Resume(ActivityContext context, Resumption resumption) =>
        context.Complete(GuestOperation.Take(context, resumption).Failure is null ? "Done" : "Failed");
}
