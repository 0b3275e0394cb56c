using System.Text.Json;

namespace Quiesce.Contracts.Bus;

/// <summary>Something happened that others may want to know (R5.3). Published once its commit is durable; nobody has to answer.</summary>
/// <param name="Id">The same for every copy of the same notice.</param>
/// <param name="InstanceId">The workflow instance that tells it.</param>
/// <param name="Kind">What happened.</param>
public sealed record Notice(string Id, string InstanceId, string Kind, JsonElement Body);
