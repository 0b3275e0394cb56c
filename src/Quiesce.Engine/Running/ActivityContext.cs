using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>One execution of an activity, and what the activity may use while it runs.</summary>
public sealed partial class ActivityContext
{
    private JsonObject? state;
    private JsonObject? savedState;

    internal ActivityContext(BurstRun run, ActivityNode node, ActivityContext? parent, string id, DateTimeOffset startedAt)
    {
        Run = run;
        Node = node;
        Parent = parent;
        ActivityInstanceId = id;
        StartedAt = startedAt;
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    public string WorkflowInstanceId => Run.InstanceId;

    /// <summary>Id of this execution: each round of a loop has its own.</summary>
    public string ActivityInstanceId { get; }

    /// <summary>The activity in its graph.</summary>
    public ActivityNode Node { get; }

    public string ActivityId => Node.Id;

    /// <summary>The execution that scheduled this one.</summary>
    public ActivityContext? Parent { get; }

    /// <summary>Where this execution stands. An ended status never changes.</summary>
    public ActivityStatus Status { get; internal set; } = ActivityStatus.Running;

    /// <summary>What <see cref="Complete"/> was given.</summary>
    public IReadOnlyList<string> Outcomes { get; internal set; } = [];

    /// <summary>The tag that the parent gave when it scheduled this.</summary>
    public string? Tag { get; internal init; }

    /// <summary>The execution whose end led to this one; the container when it was scheduled from its beginning.</summary>
    public string? SchedulerId => Scheduler is SavedScheduler saved ? saved.Id : (Scheduler as ActivityContext)?.ActivityInstanceId;

    /// <summary>The activity of that execution.</summary>
    public string? SchedulerActivityId => Scheduler is SavedScheduler saved ? saved.ActivityId : (Scheduler as ActivityContext)?.Node.Id;

    /// <summary>How many executions led to this one.</summary>
    public int CallStackDepth { get; internal init; }

    public DateTimeOffset StartedAt { get; }

    public DateTimeOffset? CompletedAt { get; internal set; }

    /// <summary>The host's clock.</summary>
    public DateTimeOffset Now => Run.Now;

    /// <summary>The host's own object.</summary>
    public object? Host => Run.Context.Host;

    /// <summary>True while <see cref="IActivity.Cancelled"/> runs.</summary>
    public bool IsCancelling { get; internal set; }

    /// <summary>Correlation id of the instance.</summary>
    public string? CorrelationId
    {
        get => Run.CorrelationId;
        set => Run.CorrelationId = value;
    }

    /// <summary>Name of the instance.</summary>
    public string? WorkflowInstanceName
    {
        get => Run.Name;
        set => Run.Name = value;
    }

    /// <summary>The definition that this activity stands in.</summary>
    public WorkflowDefinition Definition => Node.Graph.Definition;

    /// <summary>The instance that started this one, if any.</summary>
    public string? ParentInstanceId => Run.ParentInstanceId;

    /// <summary>Properties of the instance; they survive suspensions.</summary>
    public IDictionary<string, JsonNode?> InstanceProperties => Run.Properties;

    /// <summary>Properties of this execution; they survive suspensions and end with it.</summary>
    public JsonObject State => state ??= savedState is null ? [] : (JsonObject)savedState.DeepClone();

    /// <summary>True when the instance was started by this very trigger, which then completes at once.</summary>
    public bool IsTriggerOfWorkflow => Run.TriggerActivityId == Node.Id && Run.IsStarting && Node.Graph.Host is null;

    /// <summary>Children that are queued, running or faulted.</summary>
    public int OpenChildren { get; internal set; }

    /// <summary>The request that an HTTP endpoint takes in this burst; null in any other.</summary>
    public HttpRequestData? HttpRequest => Run.HttpRequest;

    // An execution, or a SavedScheduler where that is no longer in memory. Two texts would cost every execution more.
    internal object? Scheduler { get; init; }

    internal BurstRun Run { get; }

    internal int Depth { get; }

    internal int FaultCount { get; set; }

    // Set while the execution winds down: what its children report then is of no interest.
    internal bool IsClosing { get; set; }

    internal bool IsTouched { get; set; }

    internal int InputsBurst { get; set; }

    internal object?[]? Inputs { get; set; }

    internal object?[]? Outputs { get; set; }

    internal int BookmarkCount { get; set; }

    /// <summary>One of its bookmarks waits for something that is in-process in a stock engine.</summary>
    internal bool IsInProcess { get; set; }

    // The activity's state as an object of its own; ScratchSaver turns it into JSON when the instance suspends.
    internal Scratch? Scratch { get; set; }

    internal IncidentException? Exception { get; set; }

    /// <summary>The body of a workflow used as an activity.</summary>
    internal WorkflowGraph? Body { get; set; }

    // What a script of this execution sees as "args" just now.
    internal Dictionary<string, object?>? ScriptArguments { get; set; }

    internal ActivityContext? FirstChild { get; private set; }

    internal ActivityContext? NextSibling { get; private set; }

    private ActivityContext? LastChild { get; set; }

    private ActivityContext? PreviousSibling { get; set; }

    internal bool HasState => state is not null || savedState is not null || Scratch is not null;

    /// <summary>A new id from the host's source.</summary>
    public string NewId() => Run.Context.NewId();

    /// <summary>Adds a record to the journal.</summary>
    public void Log(string eventName, string? message = null, JsonNode? payload = null) => Run.Log(this, eventName, message, payload);

    /// <summary>Asks for something to be done once the burst is committed.</summary>
    public void Emit(Effect effect) => Run.Effects.Add(effect);

    /// <summary>Writes a line to the output of the workflow.</summary>
    public void WriteLine(string text) => Run.Lines.Add(text);

    /// <summary>Finds a definition by the host's lookup.</summary>
    public WorkflowGraph? FindDefinition(DefinitionReference reference) => Run.Context.Definitions(reference);

    /// <summary>
    /// Queues a child of this execution. The queue is first in, first out; <see cref="IActivity.ChildCompleted"/> hears of the end. A missing
    /// child counts as completed at once.
    /// </summary>
    public void Schedule(ActivityNode? child, string? tag = null, params ReadOnlySpan<DynamicVariable> variables) =>
        Run.Schedule(this, child, tag, variables.IsEmpty ? null : variables.ToArray());

    /// <summary>Completes this execution; children still open are cancelled. Without outcomes it counts as <c>Done</c>. Does nothing unless it is running.</summary>
    public void Complete(params string[] outcomes) => Run.Complete(this, outcomes);

    /// <summary>Cancels the children that are still open, and what they queued.</summary>
    public void CancelChildren()
    {
        Run.CancelChildren(this);
        Run.DropQueued(this);
    }

    /// <summary>Creates a place to wait at: this execution stays open until the bookmark is resumed.</summary>
    /// <param name="name">What is waited for.</param>
    /// <param name="payload">Part of the hash; anything outside that knows name and payload can compute it.</param>
    /// <param name="includeActivityInstanceId">Makes the hash unique to this execution.</param>
    /// <param name="autoBurn">False keeps the bookmark after it was resumed.</param>
    /// <param name="dueAt">A timer: resumed by the store when due.</param>
    /// <param name="tag">Given back on resume.</param>
    public Bookmark CreateBookmark(
        string name,
        JsonNode? payload,
        bool includeActivityInstanceId = true,
        bool autoBurn = true,
        DateTimeOffset? dueAt = null,
        string? tag = null) => Run.CreateBookmark(this, name, payload, payload, includeActivityInstanceId ? ActivityInstanceId : null, autoBurn, dueAt, tag, false);

    /// <summary>Removes the bookmarks of this execution.</summary>
    public void ClearBookmarks() => Run.RemoveBookmarks(this);

    internal void Restore(JsonObject? saved) => savedState = saved;

    internal JsonObject? SaveState()
    {
        if (Scratch is not null)
            Scratch.Save(State);
        return state ?? savedState;
    }

    internal void Link(ActivityContext child)
    {
        child.PreviousSibling = LastChild;
        if (LastChild is null)
            FirstChild = child;
        else
            LastChild.NextSibling = child;
        LastChild = child;
    }

    internal void Unlink(ActivityContext child)
    {
        if (child.PreviousSibling is { } before)
            before.NextSibling = child.NextSibling;
        else if (FirstChild == child)
            FirstChild = child.NextSibling;
        if (child.NextSibling is { } after)
            after.PreviousSibling = child.PreviousSibling;
        else if (LastChild == child)
            LastChild = child.PreviousSibling;
        child.PreviousSibling = null;
        child.NextSibling = null;
    }
}

/// <summary>The execution that led to another, as far as a stored state tells.</summary>
internal sealed record SavedScheduler(string? Id, string? ActivityId);

/// <summary>State that an activity keeps as an object while its execution is in memory.</summary>
internal abstract class Scratch
{
    /// <summary>Writes the state into the properties that survive a suspension.</summary>
    public abstract void Save(JsonObject properties);
}
