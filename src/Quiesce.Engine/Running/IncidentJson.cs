using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Exceptions as the journal and the instance state write them.</summary>
internal static class IncidentJson
{
    public static JsonObject Payload(IncidentException e) => new()
    {
        ["Exception"] = e.Type,
        ["Message"] = e.Message,
        ["StackTrace"] = e.StackTrace,
        ["InnerException"] = e.InnerException is { } inner ? Payload(inner) : null,
    };

    public static JsonObject? Write(IncidentException? e) => e is null ? null : new()
    {
        ["type"] = e.Type,
        ["message"] = e.Message,
        ["stackTrace"] = e.StackTrace,
        ["innerException"] = Write(e.InnerException),
    };

    public static IncidentException? Read(JsonNode? node) => node is not JsonObject json ? null : new(
        json.Text("type") ?? "", json.Text("message") ?? "", json.Text("stackTrace"), Read(json.Find("innerException")));

    public static JsonObject Write(Incident incident) => new()
    {
        ["activityId"] = incident.ActivityId,
        ["activityNodeId"] = incident.ActivityNodeId,
        ["activityInstanceId"] = incident.ActivityInstanceId,
        ["activityType"] = incident.ActivityType,
        ["message"] = incident.Message,
        ["exception"] = Write(incident.Exception),
        ["timestamp"] = Values.ToText(incident.Timestamp),
    };

    public static Incident Read(JsonObject json) => new()
    {
        ActivityId = json.Text("activityId") ?? "",
        ActivityNodeId = json.Text("activityNodeId") ?? "",
        ActivityInstanceId = json.Text("activityInstanceId") ?? "",
        ActivityType = json.Text("activityType") ?? "",
        Message = json.Text("message") ?? "",
        Exception = Read(json.Find("exception")),
        Timestamp = InstanceStateJson.Time(json, "timestamp") ?? default,
    };
}
