using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>One burst under way. Used by one thread.</summary>
internal sealed partial class BurstRun
{
    private readonly WorkflowGraph graph;
    private readonly Queue<WorkItem> queue = new();
    private readonly List<JournalRecord> journal = new(32);
    private readonly List<ActivityContext> touched = new(16);
    private readonly List<Bookmark> bookmarks = [];
    private readonly List<Incident> incidents = [];
    private readonly List<OutputRecord> outputs = [];
    private ActivityContext? root;
    private WorkflowStatus status = WorkflowStatus.Running;
    private WorkflowSubStatus subStatus = WorkflowSubStatus.Pending;
    private long sequence;
    private int executed;
    private int burst = 1;
    private bool isFirst;
    private bool isSystem;
    private string? parentBookmarkHash;
    private ParentWait parentWait;
    private DateTimeOffset createdAt;
    private DateTimeOffset? finishedAt;
    private string definitionVersionId = "";

    // A field that is read only would be measured on a copy.
    private MemoryGauge memory;

    private BurstRun(WorkflowGraph graph, BurstContext context)
    {
        this.graph = graph;
        Context = context;
        memory = new(context.MaxMemoryBytes);
    }

    public BurstContext Context { get; }

    public string InstanceId { get; private set; } = "";

    /// <summary>The definition of the instance, not of a workflow used as an activity inside it.</summary>
    public WorkflowDefinition Definition => graph.Definition;

    public string? Name { get; set; }

    public string? CorrelationId { get; set; }

    public string? ParentInstanceId { get; private set; }

    public string? TriggerActivityId { get; private set; }

    /// <summary>True while the first stimulus of the instance, its start, is being used.</summary>
    public bool IsStarting { get; private set; }

    public Dictionary<string, object?> Input { get; private set; } = new(StringComparer.OrdinalIgnoreCase);

    public JsonObject Output { get; private set; } = [];

    public JsonObject Properties { get; private set; } = [];

    /// <summary>The request that came with the stimulus of this burst.</summary>
    public HttpRequestData? HttpRequest { get; private set; }

    /// <summary>The request that can still be answered; unlike its content it survives what a stock engine does in-process.</summary>
    public string? HttpRequestId { get; private set; }

    public List<Effect> Effects { get; } = [];

    public List<string> Lines { get; } = [];

    public DateTimeOffset Now => Context.Time.GetUtcNow();

    public IReadOnlyList<OutputRecord> Outputs => outputs;

    public void Log(ActivityContext context, string eventName, string? message, JsonNode? payload) =>
        journal.Add(Record(context, eventName, Now, message, payload));

    public void RecordOutput(ActivityContext context, string name, object? value) => outputs.Add(new(context, name, value));

    /// <summary>Uses one stimulus, if anybody waits for it, until nothing is queued any more.</summary>
    public bool TryUse(Stimulus stimulus)
    {
        if (stimulus.Kind == StimulusKind.Retry)
            return Retry(stimulus);
        if (status != WorkflowStatus.Running)
            return false;
        switch (stimulus.Kind)
        {
            case StimulusKind.Cancel:
                CancelWorkflow(stimulus.Reason);
                return true;
            case StimulusKind.Resume:
                return Resume(stimulus);
            default:
                return false;
        }
    }

    public void Start()
    {
        IsStarting = true;
        subStatus = WorkflowSubStatus.Executing;
        queue.Enqueue(new(graph.Workflow, null, null, null, null, null, null, null));
        Drain();
        IsStarting = false;
    }

    private bool Resume(Stimulus stimulus)
    {
        var matched = bookmarks.FindAll(b => stimulus.BookmarkId is { } id ? b.Id == id : b.Hash == stimulus.BookmarkHash);
        if (matched.Count == 0)
            return false;
        foreach (var bookmark in matched)
        {
            // An earlier one of the same stimulus may have ended the instance or cancelled this branch.
            if (status != WorkflowStatus.Running || !bookmarks.Contains(bookmark) || !open.TryGetValue(bookmark.ActivityInstanceId, out var context))
                continue;
            if (context.Status != ActivityStatus.Running)
            {
                bookmarks.Remove(bookmark);
                Disown(context, bookmark);
                continue;
            }

            BeginBurst(bookmark, stimulus);
            queue.Enqueue(new(context.Node, context.Parent, context, null, null, null, bookmark, stimulus.Input));
            Drain();
        }

        return true;
    }

    private void CancelWorkflow(string? reason)
    {
        TellCancelled();
        bookmarks.Clear();
        queue.Clear();
        status = WorkflowStatus.Finished;
        subStatus = WorkflowSubStatus.Cancelled;
        finishedAt = Now;
        if (root is not null)
            Log(root, JournalEvents.WorkflowCancelled, reason, null);
    }

    private void Drain()
    {
        while (queue.TryDequeue(out var item))
        {
            // What a cancelled or completed owner queued is dropped here, instead of being searched for.
            if (item.Owner is { Status: ActivityStatus.Canceled or ActivityStatus.Completed } or { IsClosing: true })
                continue;
            Context.CancellationToken.ThrowIfCancellationRequested();
            if (++executed > Context.MaxActivities)
            {
                FaultWorkflow(new ActivityFaultException(
                    $"the burst executed {Context.MaxActivities:N0} activities without waiting for anything: probably an endless loop. Look for a loop whose condition never changes around activity '{item.Node.Id}'."));
                return;
            }

            Execute(item);
            if (memory.IsDue && memory.IsTooMuch(touched, Kept()))
            {
                FaultWorkflow(new ActivityFaultException(
                    $"the values of the workflow take more than {Context.MaxMemoryBytes / (1024 * 1024):N0} MiB of memory. Keep less in variables, inputs and outputs; the last was activity '{item.Node.Id}'."));
                return;
            }
        }

        if (status == WorkflowStatus.Running && bookmarks.Count > Context.MaxBookmarks)
            FaultWorkflow(new ActivityFaultException(
                $"the workflow waits at {bookmarks.Count:N0} bookmarks; at most {Context.MaxBookmarks:N0} are kept. Let fewer branches wait side by side; the last was activity '{bookmarks[^1].ActivityId}'."));

        if (status == WorkflowStatus.Running)
        {
            var ended = root is null or { Status: ActivityStatus.Completed or ActivityStatus.Canceled };
            if (ended)
            {
                status = WorkflowStatus.Finished;
                subStatus = WorkflowSubStatus.Finished;
                finishedAt = Now;
            }
            else
            {
                subStatus = WorkflowSubStatus.Suspended;
            }
        }
    }

    // What outlives the executions: lines, outputs, and what others are asked to do.
    private IEnumerable<object?> Kept() =>
        Lines.Concat<object?>(Input.Values).Append(Output).Append(Properties).Concat(Effects.Select(e => e switch
        {
            PublishMessage message => message.Body,
            PublishEvent published => published.Payload,
            TaskRequested task => task.Payload,
            StartWorkflow start => start.Input,
            SendHttp { Body: { } body } => (object?)body.Text ?? body.Bytes,
            RespondHttp { Body: { } body } => (object?)body.Text ?? body.Bytes,
            _ => null,
        }));

    private JournalRecord Record(ActivityContext context, string eventName, DateTimeOffset at, string? message, object? payload) => new()
    {
        ActivityInstanceId = context.ActivityInstanceId,
        ParentActivityInstanceId = context.Parent?.ActivityInstanceId,
        Subject = context.Node.Subject,
        Timestamp = at,
        Sequence = ++sequence,
        EventName = eventName,
        Message = message,
        RawPayload = payload,
    };
}

/// <summary>Something to execute: a child of an owner, or an execution to resume.</summary>
internal readonly record struct WorkItem(
    ActivityNode Node,
    ActivityContext? Owner,
    ActivityContext? Existing,
    string? Tag,
    DynamicVariable[]? Variables,
    ActivityContext? Scheduler,
    Bookmark? Bookmark,
    JsonObject? Input);

/// <summary>An output set in this burst, for scripts that ask for it.</summary>
internal readonly record struct OutputRecord(ActivityContext Context, string Name, object? Value);
