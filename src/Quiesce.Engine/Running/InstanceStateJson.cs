using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Instance state to JSON in Elsa's shape, and back.</summary>
internal static class InstanceStateJson
{
    public static byte[] WriteUtf8(InstanceState state) => JsonSerializer.SerializeToUtf8Bytes(Write(state), JsonText.Compact);

    public static InstanceState Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth * 2 });
            return Read(JsonNode.Parse(ref reader) as JsonObject ?? throw new FormatException("An instance state is a JSON object."));
        }
        catch (JsonException e)
        {
            throw new FormatException($"The instance state is not JSON: {e.Message}", e);
        }
    }

    public static JsonObject Write(InstanceState state) => new()
    {
        ["id"] = state.Id,
        ["definitionId"] = state.DefinitionId,
        ["definitionVersionId"] = state.DefinitionVersionId,
        ["definitionVersion"] = state.DefinitionVersion,
        ["parentWorkflowInstanceId"] = state.ParentInstanceId,
        ["correlationId"] = state.CorrelationId,
        ["name"] = state.Name,
        ["status"] = state.Status.ToString(),
        ["subStatus"] = state.SubStatus.ToString(),
        ["isExecuting"] = false,
        ["bookmarks"] = new JsonArray([.. state.Bookmarks.Select(Write)]),
        ["incidents"] = new JsonArray([.. state.Incidents.Select(IncidentJson.Write)]),
        ["isSystem"] = state.IsSystem,
        ["completionCallbacks"] = new JsonArray(),
        ["activityExecutionContexts"] = new JsonArray([.. state.Contexts.Select(Write)]),
        ["scheduledActivities"] = new JsonArray(),
        ["executionLogSequence"] = state.LogSequence,
        ["input"] = state.Input.DeepClone(),
        ["output"] = state.Output.DeepClone(),
        ["properties"] = state.Properties.DeepClone(),
        ["createdAt"] = Values.ToText(state.CreatedAt),
        ["updatedAt"] = Values.ToText(state.UpdatedAt),
        ["finishedAt"] = Values.ToText(state.FinishedAt),
        ["triggerActivityId"] = state.TriggerActivityId,
        ["parentBookmarkHash"] = state.ParentBookmarkHash,
    };

    public static InstanceState Read(JsonObject json) => new()
    {
        Id = json.Text("id") ?? throw new FormatException("The instance state has no \"id\"."),
        DefinitionId = json.Text("definitionId") ?? "",
        DefinitionVersionId = json.Text("definitionVersionId") ?? "",
        DefinitionVersion = json.Integer("definitionVersion") ?? 1,
        ParentInstanceId = json.Text("parentWorkflowInstanceId"),
        CorrelationId = json.Text("correlationId"),
        Name = json.Text("name"),
        Status = Word<WorkflowStatus>(json, "status"),
        SubStatus = Word<WorkflowSubStatus>(json, "subStatus"),
        IsSystem = json.Flag("isSystem") ?? false,
        Bookmarks = [.. Objects(json, "bookmarks").Select(ReadBookmark)],
        Incidents = [.. Objects(json, "incidents").Select(IncidentJson.Read)],
        LogSequence = long.TryParse(json.Text("executionLogSequence"), CultureInfo.InvariantCulture, out var n) ? n : 0,
        Input = Map(json, "input") ?? [],
        Output = Map(json, "output") ?? [],
        Properties = Map(json, "properties") ?? [],
        CreatedAt = Time(json, "createdAt") ?? default,
        UpdatedAt = Time(json, "updatedAt") ?? default,
        FinishedAt = Time(json, "finishedAt"),
        TriggerActivityId = json.Text("triggerActivityId"),
        ParentBookmarkHash = json.Text("parentBookmarkHash"),
        Contexts = [.. Objects(json, "activityExecutionContexts").Select(ReadContext)],
    };

    public static DateTimeOffset? Time(JsonObject json, string name) =>
        DateTimeOffset.TryParse(json.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static JsonObject Write(Bookmark bookmark) => new()
    {
        ["id"] = bookmark.Id,
        ["name"] = bookmark.Name,
        ["hash"] = bookmark.Hash,
        ["payload"] = bookmark.Payload?.DeepClone(),
        ["activityId"] = bookmark.ActivityId,
        ["activityNodeId"] = bookmark.ActivityNodeId,
        ["activityInstanceId"] = bookmark.ActivityInstanceId,
        ["createdAt"] = Values.ToText(bookmark.CreatedAt),
        ["autoBurn"] = bookmark.AutoBurn,
        ["dueAt"] = Values.ToText(bookmark.DueAt),
        ["tag"] = bookmark.Tag,
        ["inProcess"] = bookmark.InProcess,
    };

    private static Bookmark ReadBookmark(JsonObject json) => new()
    {
        Id = json.Text("id") ?? "",
        Name = json.Text("name") ?? "",
        Hash = json.Text("hash") ?? "",
        Payload = json["payload"]?.DeepClone(),
        ActivityId = json.Text("activityId") ?? "",
        ActivityNodeId = json.Text("activityNodeId") ?? "",
        ActivityInstanceId = json.Text("activityInstanceId") ?? "",
        CreatedAt = Time(json, "createdAt") ?? default,
        AutoBurn = json.Flag("autoBurn") ?? true,
        DueAt = Time(json, "dueAt"),
        Tag = json.Text("tag"),
        InProcess = json.Flag("inProcess") ?? false,
    };

    private static JsonObject Write(ContextState context) => new()
    {
        ["id"] = context.Id,
        ["parentContextId"] = context.ParentId,
        ["scheduledActivityNodeId"] = context.NodeId,
        ["properties"] = context.Properties?.DeepClone() ?? new JsonObject(),
        ["dynamicVariables"] = new JsonArray(
            [.. context.DynamicVariables.Select(v => new JsonObject { ["id"] = v.Id, ["name"] = v.Name, ["typeName"] = v.TypeName, ["value"] = v.Value?.DeepClone(), ["isTransient"] = v.IsTransient })]),
        ["status"] = context.Status.ToString(),
        ["isExecuting"] = false,
        ["faultCount"] = context.FaultCount,
        ["startedAt"] = Values.ToText(context.StartedAt),
        ["completedAt"] = Values.ToText(context.CompletedAt),
        ["tag"] = context.Tag,
        ["bodyVersionId"] = context.BodyVersionId,
        ["volatile"] = context.Volatile?.DeepClone(),
    };

    private static ContextState ReadContext(JsonObject json) => new()
    {
        Id = json.Text("id") ?? "",
        ParentId = json.Text("parentContextId"),
        NodeId = json.Text("scheduledActivityNodeId") ?? "",
        Properties = Map(json, "properties") is { Count: > 0 } properties ? properties : null,
        DynamicVariables =
        [
            .. Objects(json, "dynamicVariables")
                .Select(v => new DynamicVariableState(v.Text("id") ?? "", v.Text("name") ?? "", v.Text("typeName") ?? "Object", v["value"]?.DeepClone(), v.Flag("isTransient") ?? false)),
        ],
        Status = Word<ActivityStatus>(json, "status"),
        FaultCount = json.Integer("faultCount") ?? 0,
        StartedAt = Time(json, "startedAt") ?? default,
        CompletedAt = Time(json, "completedAt"),
        Tag = json.Text("tag"),
        BodyVersionId = json.Text("bodyVersionId"),
        Volatile = Map(json, "volatile"),
    };

    private static T Word<T>(JsonObject json, string name)
        where T : struct, Enum =>
        Enum.TryParse<T>(json.Text(name), out var word) ? word : throw new FormatException($"The instance state has no valid \"{name}\".");

    private static JsonObject? Map(JsonObject json, string name) => (JsonObject?)(json[name] as JsonObject)?.DeepClone();

    private static IEnumerable<JsonObject> Objects(JsonObject json, string name) => (json[name] as JsonArray ?? []).OfType<JsonObject>();
}
