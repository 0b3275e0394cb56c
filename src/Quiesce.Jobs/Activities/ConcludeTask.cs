using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>Concludes the task by the outcome tables (§2.7, §4.4): keep the restore point, or discard it.</summary>
public sealed class ConcludeTask : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Quiesce.ConcludeTask", Category = "Quiesce", DisplayName = "Conclude task",
        Description = "Decides by the job's modes what the task came to, and whether its restore point is kept.",
        Outputs = [new OutputDescriptor("Result", "String"), new OutputDescriptor("Consistency", "String"), new OutputDescriptor("Reason", "String")],
        Outcomes = ["Keep", "Discard"],
    };

    public void Execute(ActivityContext context)
    {
        var host = SessionHosts.Of(context);
        var facts = FactsOf.Read(context.InstanceProperties);
        var verdict = Outcome.Decide(facts, host.Machine.GuestProcessing.Mode, host.Machine.ScriptMode);
        context.Log(SessionEvents.TaskConcluded, null, new JsonObject
        {
            ["result"] = verdict.Result.ToString(), ["consistency"] = verdict.Consistency.ToString(), ["reason"] = verdict.Reason, ["keep"] = verdict.Keep,
        });
        context.SetOutput("Result", verdict.Result.ToString());
        context.SetOutput("Consistency", verdict.Consistency.ToString());
        context.SetOutput("Reason", verdict.Reason);
        if (verdict.Keep && facts.Snapshot is { Taken: true, RestorePointId: { } point }) GuestOperation.Meet(context, Obligations.Snapshot + point);
        // Nothing to discard where nothing was made: a failed preparation must not cost another trip to the guest.
        var made = Obligations.Open(context.InstanceProperties).Any(id => id.StartsWith(Obligations.Snapshot, StringComparison.Ordinal));
        context.Complete(verdict.Keep || !made ? "Keep" : "Discard");
    }
}
