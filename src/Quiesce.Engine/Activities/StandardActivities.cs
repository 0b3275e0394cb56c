namespace Quiesce.Engine.Activities;

/// <summary>Elsa's own activities, each once.</summary>
internal static class StandardActivities
{
    public static IEnumerable<IActivity> Create() =>
    [
        new Flowchart(), new StateMachine(), new Sequence(), new Parallel(), new Fork(), new FlowNode(),
        new If(), new Switch(), new FlowDecision(), new FlowSwitch(), new FlowFork(), new FlowJoin(),
        new For(), new ForEach(), new ParallelForEach(), new While(), new Break(),
        new Start(), new End(), new Complete(), new Finish(), new Fault(),
        new SetVariable(), new SetName(), new SetOutput(), new Correlate(), new WriteLine(), new ReadLine(), new RunJavaScript(),
        new Delay(), new Timer(), new Cron(), new StartAt(), new Event(), new PublishEventActivity(), new RunTask(),
        new DispatchWorkflow(), new ExecuteWorkflow(), new BulkDispatchWorkflows(),
        new HttpEndpoint(), new WriteHttpResponse(), new WriteFileHttpResponse(), new SendHttpRequest(), new FlowSendHttpRequest(), new DownloadHttpFile(),
    ];
}
