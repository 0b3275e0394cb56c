using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>Chooses who talks to the guest (R1.x). Linux guests and this machine are served by the controller itself (R1.3).</summary>
public sealed class SelectProxy : IActivity
{
    /// <summary>The name of the controller's own guest channel.</summary>
    public const string Controller = "controller";

    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Quiesce.SelectProxy", Category = "Quiesce", DisplayName = "Select proxy",
        Description = "Chooses the guest interaction proxy for the machine of this task.",
        Outputs = [new OutputDescriptor("Proxy", "String") { Description = "Name of the chosen proxy." }],
        Outcomes = ["Selected", "None"],
    };

    public void Execute(ActivityContext context)
    {
        var host = SessionHosts.Of(context);
        if (host.Machine.Machine.Platform == "windows")
        {
            // R1.10 ends at the controller, which reaches Windows guests over OpenSSH; there is no other proxy in one process.
            GuestOperation.Note(context, "info", "no guest interaction proxy is registered: the controller itself serves this Windows guest");
        }

        GuestOperation.Record(context, SessionEvents.ProxySelected, new JsonObject { ["proxy"] = Controller });
        context.SetOutput("Proxy", Controller);
        context.Complete("Selected");
    }
}
