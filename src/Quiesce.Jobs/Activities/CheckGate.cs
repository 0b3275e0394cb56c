using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>The start gate of a session: Closed before any guest is touched when something stands against it (R6.3).</summary>
public sealed class CheckGate : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Quiesce.CheckGate", Category = "Quiesce", DisplayName = "Check gate",
        Description = "Lets the session through, or closes before any guest is touched.",
        Outputs = [new OutputDescriptor("Reason", "String")],
        Outcomes = ["Open", "Closed"],
    };

    public void Execute(ActivityContext context)
    {
        var reason = SessionHosts.Of(context).GateReason;
        context.SetOutput("Reason", reason);
        if (reason is not null)
        {
            context.InstanceProperties[ProtectMachines.GateClosed] = reason;
            GuestOperation.Note(context, "error", reason);
        }

        context.Complete(reason is null ? "Open" : "Closed");
    }
}
