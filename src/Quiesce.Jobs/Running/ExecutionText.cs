using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>Execution records as the store keeps them: one JSON array per commit, what is empty left out. A later record of the same execution replaces an earlier one.</summary>
internal static class ExecutionText
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Makes the ids of a burst: each begins with the tag of its instance, so that an execution is found by its id alone.</summary>
    public static Func<string> IdsOf(string instanceId)
    {
        var tag = InstanceTag.Of(instanceId);
        return () => string.Create(CultureInfo.InvariantCulture, $"{tag:x8}{Random.Shared.NextInt64(long.MinValue, long.MaxValue):x16}");
    }

    /// <summary>Packs the records of one commit; null where there are none.</summary>
    public static byte[]? Pack(IReadOnlyList<ActivityExecutionRecord> records)
    {
        if (records.Count == 0) return null;
        var buffer = new ArrayBufferWriter<byte>(384 * records.Count);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartArray();
            foreach (var record in records) Write(json, record);
            json.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An exception as records show it.</summary>
    public static JsonObject Of(IncidentException exception) => new()
    {
        ["type"] = exception.Type, ["message"] = exception.Message, ["stackTrace"] = exception.StackTrace, ["innerException"] = exception.InnerException is { } inner ? Of(inner) : null,
    };

    private static void Write(Utf8JsonWriter json, ActivityExecutionRecord record)
    {
        json.WriteStartObject();
        json.WriteString("id", record.Id);
        json.WriteString("activityId", record.ActivityId);
        json.WriteString("activityNodeId", record.ActivityNodeId);
        json.WriteString("activityType", record.ActivityType);
        if (record.ActivityTypeVersion != 1) json.WriteNumber("activityTypeVersion", record.ActivityTypeVersion);
        if (record.ActivityName is { } name) json.WriteString("activityName", name);
        json.WriteString("status", Name(record.Status));
        json.WriteString("startedAt", record.StartedAt);
        if (record.CompletedAt is { } completedAt) json.WriteString("completedAt", completedAt);
        if (record.HasBookmarks) json.WriteBoolean("hasBookmarks", true);
        if (record.AggregateFaultCount != 0) json.WriteNumber("aggregateFaultCount", record.AggregateFaultCount);
        if (record.SchedulingActivityExecutionId is { } scheduledBy) json.WriteString("schedulingActivityExecutionId", scheduledBy);
        if (record.SchedulingActivityId is { } activity) json.WriteString("schedulingActivityId", activity);
        if (record.SchedulingWorkflowInstanceId is { } instance) json.WriteString("schedulingWorkflowInstanceId", instance);
        if (record.CallStackDepth != 0) json.WriteNumber("callStackDepth", record.CallStackDepth);
        Write(json, "activityState", record.ActivityState);
        Write(json, "outputs", record.Outputs);
        Write(json, "payload", record.Payload);
        Write(json, "properties", record.Properties);
        if (record.Exception is { } exception)
        {
            json.WritePropertyName("exception");
            Of(exception).WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, JsonObject? part)
    {
        if (part is null || part.Count == 0) return;
        json.WritePropertyName(name);
        part.WriteTo(json);
    }

    private static string Name(ActivityStatus status) => status switch
    {
        ActivityStatus.Pending => nameof(ActivityStatus.Pending),
        ActivityStatus.Running => nameof(ActivityStatus.Running),
        ActivityStatus.Completed => nameof(ActivityStatus.Completed),
        ActivityStatus.Canceled => nameof(ActivityStatus.Canceled),
        _ => nameof(ActivityStatus.Faulted),
    };
}
