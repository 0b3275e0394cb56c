using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>Concludes the session (R5.2) and publishes that it finished (R5.3). The report itself is a function of the journal and needs no activity.</summary>
public sealed class ReportSession : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Quiesce.ReportSession", Category = "Quiesce", DisplayName = "Report session",
        Description = "Concludes the session and tells that it finished.",
        Outputs = [new OutputDescriptor("Result", "String"), new OutputDescriptor("Message", "String")],
        Outcomes = ["Done"],
    };

    public void Execute(ActivityContext context)
    {
        var host = SessionHosts.Of(context);
        var (result, message) = SessionConclusion.Of(context.InstanceProperties, host);
        context.SetOutput("Result", result.ToString());
        context.SetOutput("Message", message);
        context.Emit(new PublishNotice($"{context.WorkflowInstanceId}:finished", "SessionFinished", new JsonObject
        {
            ["sessionId"] = host.SessionId, ["job"] = host.Job.Name, ["result"] = result.ToString(), ["message"] = message,
        }));
        context.Complete("Done");
    }
}
