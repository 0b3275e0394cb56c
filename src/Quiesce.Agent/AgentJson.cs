using System.Text.Json.Serialization;
using Quiesce.Agent.Orphans;
using Quiesce.Agent.Serving;
using Quiesce.Agent.Snapshots;

namespace Quiesce.Agent;

/// <summary>How the agent writes its own files; nobody else reads them. Writing is on the way to <c>ready</c>, so it is generated without what reading needs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(RuntimeState))]
[JsonSerializable(typeof(PointRecord))]
internal sealed partial class AgentJson : JsonSerializerContext;

/// <summary>How the agent reads them back: after a death, or to describe a point.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(RuntimeState))]
[JsonSerializable(typeof(PointRecord))]
internal sealed partial class AgentReadJson : JsonSerializerContext;
