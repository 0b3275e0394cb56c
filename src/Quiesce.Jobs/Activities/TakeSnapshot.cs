using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>The critical section: freeze, snapshot, thaw, carried out at the edge with no round trip inside (design §6). Deleting a half-made snapshot is owed until the task concludes.</summary>
public sealed class TakeSnapshot : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Quiesce.TakeSnapshot", Category = "Quiesce", DisplayName = "Take snapshot",
        Description = "Freezes where the provider needs it, takes the snapshot and thaws, as one step at the edge.",
        Inputs =
        [
            new InputDescriptor("Provider", "String") { DefaultValue = SnapshotProvider.Job, UiHint = UiHints.DropDown, Options = SnapshotProvider.Names, Description = "Job: as the job says. The commands of 'command' and the target folder are the job's in any case." },
            new InputDescriptor("Freeze", "String") { DefaultValue = "Job", UiHint = "dropdown", Options = ["Job", "Auto", "Always", "Never"], Description = "Job: as the job says." },
        ],
        Outputs = [new OutputDescriptor("RestorePointId", "String"), new OutputDescriptor("Location", "String"), new OutputDescriptor("FrozenMs", "Double")],
        Outcomes = ["Done", "Failed"],
    };

    public void Execute(ActivityContext context)
    {
        var host = SessionHosts.Of(context);
        var machine = host.Machine;
        var wish = context.GetInput<string>("Freeze")?.ToLowerInvariant() ?? "job";
        var freeze = FactsOf.Read(context.InstanceProperties).Prepared ? wish == "job" ? machine.Snapshot.Freeze : wish : "never";
        var provider = SnapshotProvider.Choose(context, machine, freeze);
        var request = new TakeSnapshotRequest(RestorePointIds.Of(host), machine.SourcePath, provider, freeze, machine.Snapshot.ThawAfterSeconds);
        GuestOperation.Send(context, Verbs.TakeSnapshot, null, request, ContractsJson.Default.TakeSnapshotRequest, TimeSpan.FromSeconds(machine.Snapshot.TimeoutSeconds + 900));
    }

    public void Resume(ActivityContext context, Resumption resumption)
    {
        var outcome = GuestOperation.Take(context, resumption);
        if (outcome.Failure is null && outcome.Read(ContractsJson.Default.TakeSnapshotReply) is { } reply)
        {
            context.SetOutput("RestorePointId", reply.RestorePointId);
            context.SetOutput("Location", reply.Location);
            context.SetOutput("FrozenMs", reply.Legs.FrozenMs);
            context.Emit(new RecordRestorePoint(reply.RestorePointId, reply.Location, reply.Method, reply.Bytes));
            context.Complete("Done");
            return;
        }

        context.Complete("Failed");
    }

    public void Cancelled(ActivityContext context) => GuestOperation.CancelAtTheEdge(context);
}
