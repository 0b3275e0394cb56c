using System.Text.Json;
using System.Text.Json.Serialization;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.Contracts;

/// <summary>Source-generated JSON for everything that crosses the guest channel and the bus: camelCase, nulls left out, no reflection (the agent is trimmed).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ChannelMessage))]
[JsonSerializable(typeof(HelloBody))]
[JsonSerializable(typeof(ReadyLine))]
[JsonSerializable(typeof(ProbeReport))]
[JsonSerializable(typeof(EntrustedScript))]
[JsonSerializable(typeof(OperationRequest))]
[JsonSerializable(typeof(OperationProgress))]
[JsonSerializable(typeof(OperationReply))]
[JsonSerializable(typeof(OrphanRecord))]
[JsonSerializable(typeof(PrepareGuestRequest))]
[JsonSerializable(typeof(PrepareGuestReply))]
[JsonSerializable(typeof(RunScriptRequest))]
[JsonSerializable(typeof(RunScriptReply))]
[JsonSerializable(typeof(FreezeGuestRequest))]
[JsonSerializable(typeof(FreezeGuestReply))]
[JsonSerializable(typeof(ThawGuestRequest))]
[JsonSerializable(typeof(ThawGuestReply))]
[JsonSerializable(typeof(TakeSnapshotRequest))]
[JsonSerializable(typeof(TakeSnapshotReply))]
[JsonSerializable(typeof(DeleteSnapshotRequest))]
[JsonSerializable(typeof(DeleteSnapshotReply))]
[JsonSerializable(typeof(RestoreSnapshotRequest))]
[JsonSerializable(typeof(RestoreSnapshotReply))]
[JsonSerializable(typeof(DescribeSnapshotRequest))]
[JsonSerializable(typeof(DescribeSnapshotReply))]
[JsonSerializable(typeof(ReleaseGuestRequest))]
[JsonSerializable(typeof(ReleaseGuestReply))]
[JsonSerializable(typeof(TestMachineRequest))]
[JsonSerializable(typeof(TestMachineReply))]
[JsonSerializable(typeof(CancelOperationRequest))]
[JsonSerializable(typeof(CancelOperationReply))]
[JsonSerializable(typeof(StartJob))]
[JsonSerializable(typeof(StopJob))]
[JsonSerializable(typeof(SessionStarted))]
[JsonSerializable(typeof(SessionEnded))]
[JsonSerializable(typeof(TaskEnded))]
public sealed partial class ContractsJson : JsonSerializerContext;
