using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>Deletes the snapshot of this task, whole or half-made. Deleting what is not there is success.</summary>
public sealed class DeleteSnapshot : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Quiesce.DeleteSnapshot", Category = "Quiesce", DisplayName = "Delete snapshot",
        Description = "Deletes the snapshot that this task took.",
        Outcomes = ["Done", "Failed"],
    };

    public void Execute(ActivityContext context)
    {
        var host = SessionHosts.Of(context);
        var location = FactsOf.Read(context.InstanceProperties).Snapshot?.Location;
        GuestOperation.Send(context, Verbs.DeleteSnapshot, null, new DeleteSnapshotRequest(RestorePointIds.Of(host), host.Machine.SourcePath, SnapshotProvider.Of(context.InstanceProperties, host.Machine), location),
            ContractsJson.Default.DeleteSnapshotRequest, TimeSpan.FromSeconds(host.Machine.Snapshot.TimeoutSeconds + 300));
    }

    public void Resume(ActivityContext context, Resumption resumption) =>
        context.Complete(GuestOperation.Take(context, resumption).Failure is null ? "Done" : "Failed");
}
