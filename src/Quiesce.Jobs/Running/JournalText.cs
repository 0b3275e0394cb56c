using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>Journal records as the store keeps them: one JSON array per commit.</summary>
public static class JournalText
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Packs the records of one commit; null where there are none.</summary>
    public static JournalSegment? Pack(string instanceId, IReadOnlyList<JournalRecord> records)
    {
        if (records.Count == 0) return null;
        var buffer = new ArrayBufferWriter<byte>(256 * records.Count);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartArray();
            foreach (var record in records) Write(json, record);
            json.WriteEndArray();
        }

        return new JournalSegment(instanceId, records[0].Sequence, records.Count, Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>Reads a segment as the report wants it.</summary>
    public static IEnumerable<JournalEntry> Entries(JournalSegment segment)
    {
        foreach (var record in (JsonArray)JsonNode.Parse(segment.Json)!)
            yield return new JournalEntry((DateTimeOffset)record!["timestamp"]!, (string?)record["eventName"] ?? "", (string?)record["message"], record["payload"]);
    }

    private static void Write(Utf8JsonWriter json, JournalRecord record)
    {
        json.WriteStartObject();
        json.WriteString("id", record.Id);
        json.WriteString("activityInstanceId", record.ActivityInstanceId);
        if (record.ParentActivityInstanceId is not null) json.WriteString("parentActivityInstanceId", record.ParentActivityInstanceId);
        json.WriteString("activityId", record.ActivityId);
        json.WriteString("activityType", record.ActivityType);
        json.WriteNumber("activityTypeVersion", record.ActivityTypeVersion);
        if (record.ActivityName is not null) json.WriteString("activityName", record.ActivityName);
        json.WriteString("nodeId", record.NodeId);
        json.WriteString("timestamp", record.Timestamp);
        json.WriteNumber("sequence", record.Sequence);
        json.WriteString("eventName", record.EventName);
        if (record.Message is not null) json.WriteString("message", record.Message);
        if (record.Source is not null) json.WriteString("source", record.Source);
        if (record.Payload is { } payload)
        {
            json.WritePropertyName("payload");
            payload.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
