using System.Text.Json;
using System.Text.Json.Serialization;
using Quiesce.Agent.Orphans;
using Quiesce.Agent.Serving;
using Quiesce.Agent.Snapshots;

namespace Quiesce.Agent;

/// <summary>JSON of the agent's own files; nobody else reads them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(RuntimeState))]
[JsonSerializable(typeof(PointRecord))]
internal sealed partial class AgentJson : JsonSerializerContext;
