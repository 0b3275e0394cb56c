using System.Text.Json.Nodes;

namespace Quiesce.Engine;

// From a burst that has come to rest to everything that must be written.
internal sealed partial class BurstRun
{
    public BurstResult Finish(IReadOnlyList<string> consumed, IReadOnlyList<string> unmatched)
    {
        if (status == WorkflowStatus.Finished && bookmarks.Count > 0)
        {
            TellCancelled();
            bookmarks.Clear();
        }

        AddParentNotification();
        var inProcess = bookmarks.Exists(b => b.InProcess);
        return new()
        {
            State = Save(inProcess),
            Consumed = consumed,
            Unmatched = unmatched,
            Journal = journal,
            ActivityExecutions = Executions(),
            Bookmarks = [.. bookmarks],
            Effects = Effects,
            Lines = Lines,
        };
    }

    private void AddParentNotification()
    {
        if (ParentInstanceId is null || parentBookmarkHash is null || touched.Count == 0 && !isFirst)
            return;
        // A child that was cancelled from outside tells nobody: whoever cancelled it cascades.
        var ended = status == WorkflowStatus.Finished && subStatus != WorkflowSubStatus.Cancelled;
        var tellEnd = ended && (parentWait.HasFlag(ParentWait.Completion) || (isFirst && parentWait.HasFlag(ParentWait.FirstBurst)));
        var tellFirst = isFirst && status == WorkflowStatus.Running && parentWait.HasFlag(ParentWait.FirstBurst);
        if (!tellEnd && !tellFirst)
            return;
        Effects.Add(new NotifyParent
        {
            ParentInstanceId = ParentInstanceId,
            ChildInstanceId = InstanceId,
            Status = status,
            SubStatus = subStatus,
            Output = (JsonObject)Output.DeepClone(),
            BookmarkHash = parentBookmarkHash,
            FirstBurst = isFirst,
        });
    }

    private InstanceState Save(bool inProcess)
    {
        var contexts = new List<ContextState>();
        if (root is not null)
            Save(root, inProcess, contexts);
        return new()
        {
            Id = InstanceId,
            DefinitionId = graph.Definition.DefinitionId,
            DefinitionVersionId = definitionVersionId,
            DefinitionVersion = graph.Definition.Version,
            ParentInstanceId = ParentInstanceId,
            CorrelationId = CorrelationId,
            Name = Name,
            Status = status,
            SubStatus = subStatus,
            IsSystem = isSystem,
            Bookmarks = [.. bookmarks],
            Incidents = [.. incidents],
            LogSequence = sequence,
            Input = SavedInput(inProcess),
            Output = Output,
            Properties = Properties,
            CreatedAt = createdAt,
            UpdatedAt = Now,
            FinishedAt = finishedAt,
            TriggerActivityId = TriggerActivityId,
            ParentBookmarkHash = parentWait.HasFlag(ParentWait.Completion) ? parentBookmarkHash : null,
            HttpRequestId = inProcess ? HttpRequestId : null,
            Contexts = contexts,
        };
    }

    private JsonObject SavedInput(bool inProcess)
    {
        if (!inProcess)
            KeepPersistentInput();
        var json = new JsonObject();
        foreach (var (name, value) in Input)
            json[name] = Values.ToJson(value);
        return json;
    }

    private static void Save(ActivityContext context, bool inProcess, List<ContextState> into)
    {
        var isRoot = context.Parent is null;
        if (context.Status is ActivityStatus.Completed or ActivityStatus.Canceled && !isRoot)
            return;
        into.Add(new()
        {
            Id = context.ActivityInstanceId,
            ParentId = context.Parent?.ActivityInstanceId,
            NodeId = context.Node.NodeId,
            Tag = context.Tag,
            SchedulerId = context.SchedulerId,
            SchedulerActivityId = context.SchedulerActivityId,
            CallStackDepth = context.CallStackDepth,
            Status = context.Status,
            FaultCount = context.FaultCount,
            StartedAt = context.StartedAt,
            CompletedAt = context.CompletedAt,
            Properties = SavedProperties(context),
            DynamicVariables = context.Dynamic is null ? [] :
            [
                .. context.Dynamic
                    .Where(s => inProcess || s.Driver == StorageDriver.WorkflowInstance)
                    .Select(s => new DynamicVariableState(s.Id, s.Name, s.Type.Alias, Values.ToJson(s.Value), s.Driver != StorageDriver.WorkflowInstance)),
            ],
            BodyVersionId = context.Body?.Definition.Id,
            Volatile = inProcess ? Volatile(context) : null,
        });
        for (var child = context.FirstChild; child is not null; child = child.NextSibling)
            Save(child, inProcess, into);
    }

    private static JsonObject? SavedProperties(ActivityContext context)
    {
        var properties = context.SaveState();
        if (context.Slots is null || !context.Slots.Any(s => s.Driver == StorageDriver.WorkflowInstance))
            return properties;
        var values = new JsonObject();
        foreach (var slot in context.Slots)
            if (slot.Driver == StorageDriver.WorkflowInstance && slot.Value is not null)
                values[slot.Id] = Values.ToJson(slot.Value);
        var state = context.State;
        state["Variables"] = values;
        return state;
    }

    private static JsonObject? Volatile(ActivityContext context)
    {
        JsonObject? json = null;
        foreach (var slot in context.Slots ?? [])
            if (slot.Driver != StorageDriver.WorkflowInstance && slot.Value is not null)
                (json ??= [])[slot.Id] = Values.ToJson(slot.Value);
        return json;
    }

    private ActivityExecutionRecord[] Executions()
    {
        var records = new ActivityExecutionRecord[touched.Count];
        for (var i = 0; i < records.Length; i++)
            records[i] = new(touched[i], touched[i].Node.LogPersistence?.MaskOf(touched[i]));
        return records;
    }
}
