using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Instance state to JSON in Elsa's shape. Written straight to UTF-8: every suspension goes this way.</summary>
internal static class InstanceStateWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = JsonText.MaxDepth * 2, SkipValidation = true };

    public static byte[] WriteUtf8(InstanceState state)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            Write(writer, state);
        return buffer.WrittenSpan.ToArray();
    }

    public static JsonObject Write(InstanceState state) => (JsonObject)JsonNode.Parse(WriteUtf8(state), documentOptions: new() { MaxDepth = JsonText.MaxDepth * 2 })!;

    private static void Write(Utf8JsonWriter json, InstanceState state)
    {
        json.WriteStartObject();
        json.WriteString("id", state.Id);
        json.WriteString("definitionId", state.DefinitionId);
        json.WriteString("definitionVersionId", state.DefinitionVersionId);
        json.WriteNumber("definitionVersion", state.DefinitionVersion);
        json.WriteString("parentWorkflowInstanceId", state.ParentInstanceId);
        json.WriteString("correlationId", state.CorrelationId);
        json.WriteString("name", state.Name);
        json.WriteString("status", state.Status == WorkflowStatus.Running ? nameof(WorkflowStatus.Running) : nameof(WorkflowStatus.Finished));
        json.WriteString("subStatus", state.SubStatus.ToString());
        json.WriteBoolean("isExecuting", false);
        WriteList(json, "bookmarks", state.Bookmarks, Write);
        WriteList(json, "incidents", state.Incidents, static (j, i) => IncidentJson.Write(i).WriteTo(j));
        json.WriteBoolean("isSystem", state.IsSystem);
        WriteList<ContextState>(json, "completionCallbacks", [], Write);
        WriteList(json, "activityExecutionContexts", state.Contexts, Write);
        WriteList<ContextState>(json, "scheduledActivities", [], Write);
        json.WriteNumber("executionLogSequence", state.LogSequence);
        WriteNode(json, "input", state.Input);
        WriteNode(json, "output", state.Output);
        WriteNode(json, "properties", state.Properties);
        WriteTime(json, "createdAt", state.CreatedAt);
        WriteTime(json, "updatedAt", state.UpdatedAt);
        WriteTime(json, "finishedAt", state.FinishedAt);
        json.WriteString("triggerActivityId", state.TriggerActivityId);
        json.WriteString("parentBookmarkHash", state.ParentBookmarkHash);
        if (state.HttpRequestId is { } request)
            json.WriteString("httpRequestId", request);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Bookmark bookmark)
    {
        json.WriteStartObject();
        json.WriteString("id", bookmark.Id);
        json.WriteString("name", bookmark.Name);
        json.WriteString("hash", bookmark.Hash);
        WriteNode(json, "payload", bookmark.Payload);
        json.WriteString("activityId", bookmark.ActivityId);
        json.WriteString("activityNodeId", bookmark.ActivityNodeId);
        json.WriteString("activityInstanceId", bookmark.ActivityInstanceId);
        WriteTime(json, "createdAt", bookmark.CreatedAt);
        json.WriteBoolean("autoBurn", bookmark.AutoBurn);
        WriteTime(json, "dueAt", bookmark.DueAt);
        json.WriteString("tag", bookmark.Tag);
        json.WriteBoolean("inProcess", bookmark.InProcess);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ContextState context)
    {
        json.WriteStartObject();
        json.WriteString("id", context.Id);
        json.WriteString("parentContextId", context.ParentId);
        json.WriteString("scheduledActivityNodeId", context.NodeId);
        WriteNode(json, "properties", context.Properties);
        WriteList(json, "dynamicVariables", context.DynamicVariables, Write);
        json.WriteString("status", context.Status.ToString());
        json.WriteBoolean("isExecuting", false);
        json.WriteNumber("faultCount", context.FaultCount);
        WriteTime(json, "startedAt", context.StartedAt);
        WriteTime(json, "completedAt", context.CompletedAt);
        json.WriteString("tag", context.Tag);
        json.WriteNumber("callStackDepth", context.CallStackDepth);
        json.WriteString("schedulingActivityExecutionId", context.SchedulerId);
        json.WriteString("schedulingActivityId", context.SchedulerActivityId);
        json.WriteString("bodyVersionId", context.BodyVersionId);
        WriteNode(json, "volatile", context.Volatile);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DynamicVariableState variable)
    {
        json.WriteStartObject();
        json.WriteString("id", variable.Id);
        json.WriteString("name", variable.Name);
        json.WriteString("typeName", variable.TypeName);
        WriteNode(json, "value", variable.Value);
        json.WriteBoolean("isTransient", variable.IsTransient);
        json.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
            write(json, item);
        json.WriteEndArray();
    }

    private static void WriteNode(Utf8JsonWriter json, string name, JsonNode? node)
    {
        json.WritePropertyName(name);
        if (node is null)
            json.WriteNullValue();
        else
            node.WriteTo(json);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } given)
            json.WriteString(name, given);
        else
            json.WriteNull(name);
    }
}
