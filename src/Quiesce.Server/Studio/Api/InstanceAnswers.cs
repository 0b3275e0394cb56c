using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Storage;

namespace Quiesce.Server.Studio;

/// <summary>Instances as Studio reads them.</summary>
internal static class InstanceAnswers
{
    private static readonly string[] Lists = ["bookmarks", "incidents", "completionCallbacks", "activityExecutionContexts", "scheduledActivities"];
    private static readonly string[] Objects = ["input", "output", "properties"];

    public static JsonObject Summary(InstanceSummary row) => Shape(
        row.Id, row.DefinitionId, row.DefinitionVersionId, row.DefinitionVersion, row.ParentId, row.Status, row.SubStatus, row.CorrelationId, row.Name, row.IncidentCount, row.CreatedAt, row.UpdatedAt, row.FinishedAt);

    /// <summary>The instance with its state; the collections of the state are never null.</summary>
    public static JsonObject Full(InstanceRow row)
    {
        var json = Shape(
            row.Id, row.DefinitionId, row.DefinitionVersionId, row.DefinitionVersion, row.ParentId, row.Status, row.SubStatus, row.CorrelationId, row.Name, row.IncidentCount, row.CreatedAt, row.UpdatedAt, row.FinishedAt);
        var state = row.State.Length == 0 ? [] : InstanceState.FromUtf8(row.State).ToJson();
        foreach (var name in Lists)
            if (state[name] is not JsonArray)
                state[name] = new JsonArray();
        foreach (var name in Objects)
            if (state[name] is not JsonObject)
                state[name] = new JsonObject();
        foreach (var context in state["activityExecutionContexts"]!.AsArray().OfType<JsonObject>())
        {
            foreach (var name in (string[])["properties", "metadata", "activityState"])
                if (context[name] is not JsonObject)
                    context[name] = new JsonObject();
            if (context["dynamicVariables"] is not JsonArray)
                context["dynamicVariables"] = new JsonArray();
        }

        // The row is what lists show; the state may be one burst younger or older only while a burst commits.
        foreach (var name in (string[])["id", "definitionId", "definitionVersionId", "status", "subStatus", "createdAt", "updatedAt", "finishedAt"])
            state[name] = json[name]?.DeepClone();
        state["definitionVersion"] = row.DefinitionVersion;
        json["workflowState"] = state;
        return json;
    }

    /// <summary>What the viewer asks every five seconds, and by which it notices a change.</summary>
    public static JsonObject ExecutionState(InstanceRow row)
    {
        var (status, subStatus) = Statuses(row.Status, row.SubStatus);
        return new JsonObject { ["status"] = status, ["workflowSubStatus"] = subStatus, ["subStatus"] = subStatus, ["updatedAt"] = StudioJson.Time(row.UpdatedAt) };
    }

    public static JsonObject Stats(Quiesce.Engine.ActivityStats stats) => new()
    {
        ["activityId"] = stats.ActivityId, ["activityNodeId"] = stats.ActivityNodeId, ["startedCount"] = stats.StartedCount, ["completedCount"] = stats.CompletedCount,
        ["uncompletedCount"] = stats.UncompletedCount, ["isBlocked"] = stats.IsBlocked, ["isFaulted"] = stats.IsFaulted, ["aggregateFaultCount"] = stats.AggregateFaultCount, ["metadata"] = new JsonObject(),
    };

    private static JsonObject Shape(
        string id, string definitionId, string versionId, int version, string? parentId, string rowStatus, string rowSubStatus, string? correlationId, string? name, int incidents, DateTimeOffset created,
        DateTimeOffset updated, DateTimeOffset? finished)
    {
        var (status, subStatus) = Statuses(rowStatus, rowSubStatus);
        return new JsonObject
        {
            ["id"] = id, ["definitionId"] = definitionId, ["definitionVersionId"] = versionId, ["version"] = version, ["parentWorkflowInstanceId"] = parentId, ["status"] = status, ["subStatus"] = subStatus,
            ["correlationId"] = correlationId, ["name"] = name, ["incidentCount"] = incidents, ["isSystem"] = false,
            ["createdAt"] = StudioJson.Time(created), ["updatedAt"] = StudioJson.Time(updated), ["finishedAt"] = StudioJson.Time(finished),
        };
    }

    /// <summary>An unknown word fails Studio's whole list.</summary>
    private static (string Status, string SubStatus) Statuses(string status, string subStatus)
    {
        var known = Enum.TryParse<WorkflowStatus>(status, out var parsed) ? parsed : WorkflowStatus.Running;
        return (known.ToString(), Enum.TryParse<WorkflowSubStatus>(subStatus, out var sub) ? sub.ToString() : known == WorkflowStatus.Finished ? nameof(WorkflowSubStatus.Finished) : nameof(WorkflowSubStatus.Executing));
    }
}
