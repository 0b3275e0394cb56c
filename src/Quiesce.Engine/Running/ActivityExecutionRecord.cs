using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>One execution of an activity that a burst touched, as it stands at the end of the burst.</summary>
public sealed record ActivityExecutionRecord
{
    // A burst makes a record of every execution and few are looked at twice, so it only refers to the execution, which nobody changes any more.
    private readonly object source;
    private readonly LogMask? mask;

    /// <summary>A record to fill in, as a store reads it.</summary>
    public ActivityExecutionRecord() => source = new Given();

    internal ActivityExecutionRecord(ActivityContext context, LogMask? mask)
    {
        source = context;
        this.mask = mask;
    }

    private ActivityExecutionRecord(ActivityExecutionRecord original) => source = new Given(original);

    private Given? given => source as Given;

    private ActivityContext? context => source as ActivityContext;

    /// <summary>The activity instance id.</summary>
    public string Id { get => given?.Id ?? context!.ActivityInstanceId; init => given!.Id = value; }

    public string WorkflowInstanceId { get => given?.WorkflowInstanceId ?? context!.WorkflowInstanceId; init => given!.WorkflowInstanceId = value; }

    public string ActivityId { get => given?.ActivityId ?? context!.Node.Id; init => given!.ActivityId = value; }

    public string ActivityNodeId { get => given?.ActivityNodeId ?? context!.Node.NodeId; init => given!.ActivityNodeId = value; }

    public string ActivityType { get => given?.ActivityType ?? context!.Node.TypeName; init => given!.ActivityType = value; }

    public int ActivityTypeVersion { get => given?.ActivityTypeVersion ?? context!.Node.Version; init => given!.ActivityTypeVersion = value; }

    public string? ActivityName { get => given is null ? context!.Node.Name : given.ActivityName; init => given!.ActivityName = value; }

    /// <summary>Evaluated inputs by Pascal-case name; sensitive ones and those that are excluded from the log are absent.</summary>
    public JsonObject? ActivityState { get => given is null ? context!.Node.InputsToJson(context.Inputs, mask?.Inputs) : given.ActivityState; init => given!.ActivityState = value; }

    /// <summary>Outputs by Pascal-case name; those that are excluded from the log are absent.</summary>
    public JsonObject? Outputs { get => given is null ? context!.Node.OutputsToJson(context.Outputs, mask?.Outputs) : given.Outputs; init => given!.Outputs = value; }

    /// <summary>The journal data, such as <c>Outcomes</c>.</summary>
    public JsonObject? Payload { get => given is null ? OutcomesJson.Write(context!.Outcomes) : given.Payload; init => given!.Payload = value; }

    /// <summary>What the activity keeps across suspensions, such as the attempts of an HTTP request; null when there is nothing, or it is excluded from the log.</summary>
    public JsonObject? Properties
    {
        get => given is not null ? given.Properties : mask?.InternalState == true ? null : (JsonObject?)context!.SaveState()?.DeepClone();
        init => given!.Properties = value;
    }

    /// <summary>Facts that others added; the engine adds none.</summary>
    public JsonObject? Metadata { get => given?.Metadata; init => given!.Metadata = value; }

    public IncidentException? Exception { get => given is null ? context!.Exception : given.Exception; init => given!.Exception = value; }

    public DateTimeOffset StartedAt { get => given?.StartedAt ?? context!.StartedAt; init => given!.StartedAt = value; }

    public DateTimeOffset? CompletedAt { get => given is null ? context!.CompletedAt : given.CompletedAt; init => given!.CompletedAt = value; }

    public bool HasBookmarks { get => given?.HasBookmarks ?? context!.BookmarkCount > 0; init => given!.HasBookmarks = value; }

    public ActivityStatus Status { get => given?.Status ?? context!.Status; init => given!.Status = value; }

    public int AggregateFaultCount { get => given?.AggregateFaultCount ?? context!.FaultCount; init => given!.AggregateFaultCount = value; }

    /// <summary>The execution whose end led to this one; in the first place the container.</summary>
    public string? SchedulingActivityExecutionId
    {
        get => given is null ? context!.SchedulerId : given.SchedulingActivityExecutionId;
        init => given!.SchedulingActivityExecutionId = value;
    }

    /// <summary>Its activity.</summary>
    public string? SchedulingActivityId
    {
        get => given is null ? context!.SchedulerActivityId : given.SchedulingActivityId;
        init => given!.SchedulingActivityId = value;
    }

    /// <summary>For the outermost execution of a child instance: the instance that started it.</summary>
    public string? SchedulingWorkflowInstanceId
    {
        get => given is null ? (context!.Parent is null ? context.ParentInstanceId : null) : given.SchedulingWorkflowInstanceId;
        init => given!.SchedulingWorkflowInstanceId = value;
    }

    /// <summary>How many executions led to this one.</summary>
    public int CallStackDepth { get => given?.CallStackDepth ?? context!.CallStackDepth; init => given!.CallStackDepth = value; }

    private sealed class Given
    {
        public Given()
        {
        }

        public Given(ActivityExecutionRecord from)
        {
            Id = from.Id;
            WorkflowInstanceId = from.WorkflowInstanceId;
            ActivityId = from.ActivityId;
            ActivityNodeId = from.ActivityNodeId;
            ActivityType = from.ActivityType;
            ActivityTypeVersion = from.ActivityTypeVersion;
            ActivityName = from.ActivityName;
            ActivityState = from.ActivityState;
            Outputs = from.Outputs;
            Payload = from.Payload;
            Exception = from.Exception;
            StartedAt = from.StartedAt;
            CompletedAt = from.CompletedAt;
            HasBookmarks = from.HasBookmarks;
            Status = from.Status;
            AggregateFaultCount = from.AggregateFaultCount;
            SchedulingActivityExecutionId = from.SchedulingActivityExecutionId;
            SchedulingActivityId = from.SchedulingActivityId;
            SchedulingWorkflowInstanceId = from.SchedulingWorkflowInstanceId;
            CallStackDepth = from.CallStackDepth;
            Properties = from.Properties;
            Metadata = from.Metadata;
        }

        public string Id { get; set; } = "";

        public string WorkflowInstanceId { get; set; } = "";

        public string ActivityId { get; set; } = "";

        public string ActivityNodeId { get; set; } = "";

        public string ActivityType { get; set; } = "";

        public int ActivityTypeVersion { get; set; } = 1;

        public string? ActivityName { get; set; }

        public JsonObject? ActivityState { get; set; }

        public JsonObject? Outputs { get; set; }

        public JsonObject? Payload { get; set; }

        public IncidentException? Exception { get; set; }

        public DateTimeOffset StartedAt { get; set; }

        public DateTimeOffset? CompletedAt { get; set; }

        public bool HasBookmarks { get; set; }

        public ActivityStatus Status { get; set; }

        public int AggregateFaultCount { get; set; }

        public string? SchedulingActivityExecutionId { get; set; }

        public string? SchedulingActivityId { get; set; }

        public string? SchedulingWorkflowInstanceId { get; set; }

        public int CallStackDepth { get; set; }

        public JsonObject? Properties { get; set; }

        public JsonObject? Metadata { get; set; }
    }
}
