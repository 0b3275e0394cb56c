using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>Thaws what this task froze. Thawing what is not frozen is success; a freeze that did not hold until now makes the point crash-consistent (R4.30).</summary>
public sealed class ThawGuest : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Quiesce.ThawGuest", Category = "Quiesce", DisplayName = "Thaw guest",
        Description = "Thaws what Freeze guest froze.",
        Outcomes = ["Done", "Failed"],
    };

    public void Execute(ActivityContext context) =>
        GuestOperation.Send(context, Verbs.ThawGuest, null, new ThawGuestRequest(), ContractsJson.Default.ThawGuestRequest, TimeSpan.FromMinutes(5));

    public void Resume(ActivityContext context, Resumption resumption) =>
        context.Complete(GuestOperation.Take(context, resumption).Failure is null ? "Done" : "Failed");
}
