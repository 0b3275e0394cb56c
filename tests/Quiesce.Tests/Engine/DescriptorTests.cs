using System.Reflection;
using Quiesce.Engine;

namespace Quiesce.Tests.Engine;

/// <summary>What the designer is told about each activity, against the catalogue of the format's reference.</summary>
public class DescriptorTests
{
    private static readonly string[] Hints = [.. typeof(UiHints).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetValue(null)!)];

    // type: inputs (a * marks a plain member) -> outputs | embedded ports | outcomes
    private static readonly Dictionary<string, string> Catalogue = new()
    {
        ["Elsa.Flowchart"] = "-> | |",
        ["Elsa.Sequence"] = "-> | |",
        ["Elsa.Parallel"] = "-> | |",
        ["Elsa.Fork"] = "JoinMode* -> | |",
        ["Elsa.FlowNode"] = "-> | Body |",
        ["Elsa.StateMachine"] = "States* Transitions* InitialState* -> | |",
        ["Elsa.If"] = "Condition -> Result | Then Else |",
        ["Elsa.Switch"] = "Cases* Mode -> Output | Default |",
        ["Elsa.FlowDecision"] = "Condition -> | | True False",
        ["Elsa.FlowSwitch"] = "Cases* Mode -> | | Default",
        ["Elsa.FlowFork"] = "Branches -> | |",
        ["Elsa.FlowJoin"] = "Mode -> | |",
        ["Elsa.ForEach"] = "Items -> CurrentValue | Body |",
        ["Elsa.ParallelForEach"] = "Items -> | Body |",
        ["Elsa.For"] = "Start End Step OuterBoundInclusive -> CurrentValue | Body |",
        ["Elsa.While"] = "Condition -> | Body |",
        ["Elsa.Break"] = "-> | |",
        ["Elsa.Start"] = "-> | |",
        ["Elsa.End"] = "-> | |",
        ["Elsa.Complete"] = "Outcomes -> | |",
        ["Elsa.Finish"] = "-> | |",
        ["Elsa.Fault"] = "Code Category FaultType Message -> | |",
        ["Elsa.SetVariable"] = "Variable* Value -> | |",
        ["Elsa.SetName"] = "Value -> | |",
        ["Elsa.SetOutput"] = "OutputName OutputValue -> | |",
        ["Elsa.Correlate"] = "CorrelationId -> | |",
        ["Elsa.WriteLine"] = "Text -> | |",
        ["Elsa.ReadLine"] = "-> Result | |",
        ["Elsa.RunJavaScript"] = "Script PossibleOutcomes -> Result | |",
        ["Elsa.Delay"] = "TimeSpan -> | |",
        ["Elsa.Timer"] = "Interval -> | |",
        ["Elsa.Cron"] = "CronExpression -> | |",
        ["Elsa.StartAt"] = "DateTime -> | |",
        ["Elsa.Event"] = "EventName -> Result | |",
        ["Elsa.PublishEvent"] = "EventName CorrelationId IsLocalEvent Payload -> | |",
        ["Elsa.RunTask"] = "TaskName Payload -> TaskId Result | |",
        ["Elsa.DispatchWorkflow"] = "WorkflowDefinitionId CorrelationId Input WaitForCompletion StartNewTrace ChannelName -> Result | |",
        ["Elsa.ExecuteWorkflow"] = "WorkflowDefinitionId CorrelationId Input WaitForCompletion -> Result | |",
        ["Elsa.BulkDispatchWorkflows"] =
            "WorkflowDefinitionId Items DefaultItemInputKey CorrelationIdFunction Input WaitForCompletion StartNewTrace ChannelName -> | ChildCompleted ChildFaulted | Completed Done",
        ["Elsa.HttpEndpoint"] =
            "Path SupportedMethods Authorize Policy RequestTimeout RequestSizeLimit FileSizeLimit AllowedFileExtensions BlockedFileExtensions AllowedMimeTypes ExposeRequestTooLargeOutcome* "
            + "ExposeFileTooLargeOutcome* ExposeInvalidFileExtensionOutcome* ExposeInvalidFileMimeTypeOutcome* -> Result ParsedContent Files File RouteData QueryStringData Headers | |",
        ["Elsa.WriteHttpResponse"] = "StatusCode Content ContentType ResponseHeaders -> | |",
        ["Elsa.WriteFileHttpResponse"] = "ContentType Filename EntityTag Content -> | |",
        ["Elsa.SendHttpRequest"] =
            "Url Method Content ContentType Authorization DisableAuthorizationHeaderValidation RequestHeaders EnableResiliency ExpectedStatusCodes* -> "
            + "StatusCode ParsedContent ResponseHeaders Result | UnmatchedStatusCode FailedToConnect Timeout |",
        ["Elsa.FlowSendHttpRequest"] =
            "Url Method Content ContentType Authorization DisableAuthorizationHeaderValidation RequestHeaders EnableResiliency ExpectedStatusCodes -> "
            + "StatusCode ParsedContent ResponseHeaders Result | | 200 Unmatched_status_code Failed_to_connect Timeout Done",
        ["Elsa.DownloadHttpFile"] =
            "Url Method Content ContentType Authorization DisableAuthorizationHeaderValidation RequestHeaders EnableResiliency ExpectedStatusCodes -> "
            + "StatusCode Result ResponseContentBytes ResponseHeaders | | 200 Unmatched_status_code Failed_to_connect Timeout Done",
    };

    public static TheoryData<string> Types => [.. ActivityRegistry.Standard.All.Select(a => a.Descriptor.TypeName)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Activity_has_the_members_of_the_reference(string type)
    {
        var descriptor = ActivityRegistry.Standard.Find(type)!.Descriptor;
        string Names(IEnumerable<string> names) => string.Concat(names.Select(n => n.Replace(' ', '_') + " "));

        var members = Names(descriptor.Inputs.Select(i => i.IsWrapped ? i.Name : i.Name + "*")) + "-> " + Names(descriptor.Outputs.Select(o => o.Name))
            + "| " + Names(descriptor.Ports.Where(p => p.Kind == PortKind.Embedded).Select(p => p.Name)) + "| " + Names(descriptor.Outcomes);

        Assert.Equal(Catalogue[type], members.TrimEnd());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Activity_can_be_shown_in_a_designer(string type)
    {
        var descriptor = ActivityRegistry.Standard.Find(type)!.Descriptor;

        Assert.Equal(1, descriptor.Version);
        Assert.EndsWith(".", descriptor.Description, StringComparison.Ordinal);
        Assert.DoesNotContain('/', descriptor.Category);
        Assert.All(descriptor.Inputs, i => Assert.Contains(i.UiHint, Hints));
        Assert.All(descriptor.Inputs.Where(i => i.UiHint is UiHints.DropDown or UiHints.CheckList), i => Assert.NotEmpty(i.Options));
        Assert.All(descriptor.Inputs, i => Assert.Contains(i.DefaultSyntax, HostFacts.Expressions.Where(e => e.IsBrowsable).Select(e => e.Type)));
        Assert.Distinct(descriptor.Inputs.Select(i => i.Name));
    }

    [Fact]
    public void The_whole_catalogue_is_there() => Assert.Equal(Catalogue.Keys.Order(), ActivityRegistry.Standard.All.Select(a => a.Descriptor.TypeName).Order());

    [Fact]
    public void Only_triggers_are_of_the_kind_that_starts_workflows() =>
        Assert.Equal(
            ["Elsa.Cron", "Elsa.Event", "Elsa.HttpEndpoint", "Elsa.StartAt", "Elsa.Timer"],
            ActivityRegistry.Standard.All.Select(a => a.Descriptor).Where(d => d.Kind == ActivityKind.Trigger).Select(d => d.TypeName).Order());

    [Fact]
    public void Canvases_are_not_dragged_onto_a_canvas() =>
        Assert.Equal(
            ["Elsa.Flowchart", "Elsa.Sequence", "Elsa.StateMachine"],
            ActivityRegistry.Standard.All.Select(a => a.Descriptor).Where(d => !d.IsBrowsable).Select(d => d.TypeName).Order());

    [Fact]
    public void What_may_be_chosen_is_read_back()
    {
        Assert.All(HostFacts.StorageDrivers, d => Assert.NotEqual(StorageDriver.None, VariableDefinition.ReadDriver(d.TypeName)));
        Assert.Distinct(HostFacts.VariableTypes.Select(t => t.TypeName));
        var variables = HostFacts.VariableTypes.Select((t, i) => $$"""{"id":"v{{i}}","name":"v{{i}}","typeName":"{{t.TypeName}}"}""");
        Assert.Empty(Documents.Workflow(Documents.Line("x"), $"\"variables\":[{string.Join(',', variables)}]").Warnings);
    }
}
