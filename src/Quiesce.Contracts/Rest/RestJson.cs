using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Quiesce.Contracts.Rest;

/// <summary>JSON of the REST API, of job files and of <c>--json</c>: camelCase, enum words, nulls written so that a reader finds every member.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(JobDocument))]
[JsonSerializable(typeof(MachineEntry))]
[JsonSerializable(typeof(SessionReport))]
[JsonSerializable(typeof(TaskReport))]
[JsonSerializable(typeof(IReadOnlyList<JobSummary>))]
[JsonSerializable(typeof(ApplyJob))]
[JsonSerializable(typeof(IReadOnlyList<Complaint>))]
[JsonSerializable(typeof(StartedSession))]
[JsonSerializable(typeof(ScheduleSettings))]
[JsonSerializable(typeof(SchedulePreview))]
[JsonSerializable(typeof(PreviewSchedule))]
[JsonSerializable(typeof(RetrySession))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<SessionSummary>))]
[JsonSerializable(typeof(IReadOnlyList<MachineSummary>))]
[JsonSerializable(typeof(MachineSummary))]
[JsonSerializable(typeof(MachineTest))]
[JsonSerializable(typeof(IReadOnlyList<RestorePoint>))]
[JsonSerializable(typeof(RestoreRequest))]
[JsonSerializable(typeof(Restored))]
[JsonSerializable(typeof(IReadOnlyList<WorkflowSummary>))]
[JsonSerializable(typeof(WorkflowSummary))]
[JsonSerializable(typeof(IReadOnlyList<KeySummary>))]
[JsonSerializable(typeof(NewKey))]
[JsonSerializable(typeof(CreatedKey))]
[JsonSerializable(typeof(LoginLink))]
[JsonSerializable(typeof(PageOf<JobSummary>))]
[JsonSerializable(typeof(PageOf<SessionSummary>))]
[JsonSerializable(typeof(PageOf<MachineSummary>))]
[JsonSerializable(typeof(PageOf<RestorePoint>))]
[JsonSerializable(typeof(PageOf<WorkflowSummary>))]
[JsonSerializable(typeof(PageOf<KeySummary>))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(Problem))]
public sealed partial class RestJson : JsonSerializerContext;
