using System.Text.Json.Nodes;
using Quiesce.Engine;
using static Quiesce.Tests.Engine.Documents;

namespace Quiesce.Tests.Engine;

/// <summary>Activities that a host defines: they send an operation and wait for its reply.</summary>
public class HostActivityTests
{
    private static readonly ActivityRegistry Registry = ActivityRegistry.Standard.With(new RunScript());

    [Fact]
    public void Host_activity_emits_waits_and_takes_the_reply()
    {
        var instance = new StoredInstance(Flow(), registry: Registry);

        var sent = Assert.IsType<SendOperation>(Assert.Single(instance.Start().Effects));
        instance.Give(Stimulus.Resume("reply", RunScript.HashOf(sent.OperationId), input: new JsonObject { ["exitCode"] = 0 }));

        Assert.Equal(["0"], instance.Lines);
        Assert.Contains(instance.Journal, j => j.EventName == "Script ended" && j.Payload!["exitCode"]!.GetValue<int>() == 0);
    }

    [Fact]
    public void Host_activity_is_told_when_the_workflow_is_cancelled()
    {
        var instance = new StoredInstance(Flow(), registry: Registry);
        instance.Start();

        var result = instance.Give(Stimulus.Cancel("c"));

        Assert.IsType<KillOperation>(Assert.Single(result.Effects));
    }

    [Fact]
    public void Host_activity_is_told_when_a_faster_branch_ends_the_flowchart()
    {
        var definition = Workflow(
            """
            {"id":"f","type":"Elsa.Flowchart","activities":[{"id":"s","type":"Elsa.Start"},{"id":"run","type":"Test.RunScript"},{"id":"e","type":"Elsa.End"}],
             "connections":[{"source":{"activity":"s","port":"Done"},"target":{"activity":"run"}},{"source":{"activity":"s","port":"Done"},"target":{"activity":"e"}}]}
            """);
        var instance = new StoredInstance(definition, registry: Registry);

        var result = instance.Start();

        Assert.IsType<KillOperation>(result.Effects[1]);
        Assert.Empty(result.Bookmarks);
        Assert.Equal(WorkflowSubStatus.Finished, result.State.SubStatus);
    }

    [Fact]
    public void Host_activity_that_throws_on_resume_is_an_incident()
    {
        var instance = new StoredInstance(Flow(), registry: Registry);
        var sent = (SendOperation)instance.Start().Effects[0];

        var result = instance.Give(Stimulus.Resume("reply", RunScript.HashOf(sent.OperationId)));

        Assert.Equal("run", Assert.Single(result.State.Incidents).ActivityId);
        Assert.Equal(WorkflowSubStatus.Faulted, result.State.SubStatus);
        Assert.Empty(result.Bookmarks);
    }

    private static WorkflowDefinition Flow() => Workflow(
        """
        {"id":"f","type":"Elsa.Flowchart","activities":[{"id":"run","type":"Test.RunScript","path":"pre.sh","exitCode":{"typeName":"Int32","memoryReference":{"id":"code"}}},
          {"id":"w","type":"Elsa.WriteLine","text":{"typeName":"String","expression":{"type":"Variable","value":{"id":"code"}}}}],
         "connections":[{"source":{"activity":"run","port":"Done"},"target":{"activity":"w"}}]}
        """,
        """ "variables":[{"id":"code","name":"code","typeName":"Int32"}] """);

    private sealed record SendOperation(string OperationId, string? Path) : Effect;

    private sealed record KillOperation : Effect;

    private sealed class RunScript : IActivity
    {
        public ActivityDescriptor Descriptor { get; } = new() { TypeName = "Test.RunScript", Inputs = [new("Path", "String")], Outputs = [new("ExitCode", "Int32")], Outcomes = ["Done", "Failed"] };

        public static string HashOf(string operationId) => Bookmark.HashOf("Test.Operation", Payload(operationId));

        public void Execute(ActivityContext context)
        {
            var id = context.NewId();
            context.Emit(new SendOperation(id, context.GetInput<string>("Path")));
            context.CreateBookmark("Test.Operation", Payload(id), includeActivityInstanceId: false);
        }

        public void Resume(ActivityContext context, Resumption resumption)
        {
            var input = resumption.Input ?? throw new InvalidOperationException("The reply is empty.");
            context.Log("Script ended", null, input.DeepClone());
            context.SetOutput("ExitCode", input["exitCode"]!.GetValue<int>());
            context.Complete("Done");
        }

        public void Cancelled(ActivityContext context) => context.Emit(new KillOperation());

        private static JsonObject Payload(string id) => new() { ["OperationId"] = id };
    }
}
