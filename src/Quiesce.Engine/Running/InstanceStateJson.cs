using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>JSON in Elsa's shape to instance state; the way back is <see cref="InstanceStateWriter"/>.</summary>
internal static class InstanceStateJson
{
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
        HttpRequestId = json.Text("httpRequestId"),
        Contexts = [.. Objects(json, "activityExecutionContexts").Select(ReadContext)],
    };

    public static DateTimeOffset? Time(JsonObject json, string name) =>
        DateTimeOffset.TryParse(json.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

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
        CallStackDepth = json.Integer("callStackDepth") ?? 0,
        SchedulerId = json.Text("schedulingActivityExecutionId"),
        SchedulerActivityId = json.Text("schedulingActivityId"),
        BodyVersionId = json.Text("bodyVersionId"),
        Volatile = Map(json, "volatile"),
    };

    private static T Word<T>(JsonObject json, string name)
        where T : struct, Enum =>
        Enum.TryParse<T>(json.Text(name), out var word) ? word : throw new FormatException($"The instance state has no valid \"{name}\".");

    private static JsonObject? Map(JsonObject json, string name) => (JsonObject?)(json[name] as JsonObject)?.DeepClone();

    private static IEnumerable<JsonObject> Objects(JsonObject json, string name) => (json[name] as JsonArray ?? []).OfType<JsonObject>();
}
