using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>Deploys the throw-away runtime into the guest (§2). Removing it is owed from the moment the request is sent (R2.9).</summary>
public sealed class PrepareGuest : IActivity
{
    private const int ManifestSeconds = 7 * 24 * 3600;

    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Quiesce.PrepareGuest", Category = "Quiesce", DisplayName = "Prepare guest",
        Description = "Deploys the throw-away runtime into the guest and waits until it answers.",
        Outputs = [new OutputDescriptor("Transport", "String") { Description = "How the guest was reached." }, new OutputDescriptor("FailureCode", "String")],
        Outcomes = ["Done", "Failed"],
    };

    public void Execute(ActivityContext context)
    {
        var host = SessionHosts.Of(context);
        GuestOperation.Send(context, Verbs.PrepareGuest, null, new PrepareGuestRequest(host.Machine.GuestProcessing.GraceSeconds, ManifestSeconds),
            ContractsJson.Default.PrepareGuestRequest, TimeSpan.FromMinutes(15));
    }

    public void Resume(ActivityContext context, Resumption resumption)
    {
        var outcome = GuestOperation.Take(context, resumption);
        context.SetOutput("FailureCode", outcome.Failure?.Code);
        if (outcome.Read(ContractsJson.Default.PrepareGuestReply) is { } reply)
        {
            context.SetOutput("Transport", reply.Transport);
            foreach (var orphan in reply.Orphans)
                GuestOperation.Note(context, "warning", $"an earlier runtime ({orphan.DeploymentId}) had ended on its own at {orphan.EndedAt:u}: {orphan.Reason}{(orphan.PostScript is { ByOrphanRule: true } ? "; it ran the post-snapshot script" : "")}{(orphan.Thawed ? "; it thawed" : "")}");
        }

        context.Complete(outcome.Failure is null ? "Done" : "Failed");
    }
}
