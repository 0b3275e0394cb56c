using System.Text.Json;
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
public sealed partial class RestJson : JsonSerializerContext;
