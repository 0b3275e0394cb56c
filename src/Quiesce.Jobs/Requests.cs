using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>The payload of an outbox row that asks for an operation, and the request that is sent for it.</summary>
public static class Requests
{
    /// <summary>The kind of an outbox row that asks for an operation.</summary>
    public const string OperationKind = "operation";
    /// <summary>The kind of an outbox row that tells the world something.</summary>
    public const string NoticeKind = "notice";

    /// <summary>Packs an operation. Scripts stay references by hash: their bytes are in the store.</summary>
    public static string Payload(string verb, string? phase, string sessionId, Guest guest, JsonNode body, string? obligation = null) => new JsonObject
    {
        ["verb"] = verb, ["phase"] = phase, ["sessionId"] = sessionId, ["obligation"] = obligation,
        ["guest"] = JsonSerializer.SerializeToNode(guest, ContractsJson.Default.Guest), ["body"] = body.DeepClone(),
    }.ToJsonString();

    /// <summary>Makes the message of a row, with the bytes of the scripts it names.</summary>
    /// <exception cref="RefusedException">A script's content is not in the store any more.</exception>
    public static async Task<OperationRequest> MessageAsync(OutboxRow row, Store store, int attempt, CancellationToken cancellationToken)
    {
        var payload = JsonNode.Parse(row.Payload)!;
        var body = (JsonObject)payload["body"]!;
        if (body["script"] is JsonObject script) await FillAsync(script, store, cancellationToken).ConfigureAwait(false);
        if (body["entrusted"]?["script"] is JsonObject entrusted) await FillAsync(entrusted, store, cancellationToken).ConfigureAwait(false);
        return new OperationRequest(1, row.Id, row.InstanceId, (string?)payload["sessionId"] ?? "", payload["guest"].Deserialize(ContractsJson.Default.Guest)!,
            (string?)payload["verb"] ?? "", JsonSerializer.SerializeToElement(body), attempt);
    }

    /// <summary>Verb, phase and obligation of a row.</summary>
    internal static (string Verb, string? Phase, string? Obligation) Read(OutboxRow row)
    {
        var payload = JsonNode.Parse(row.Payload);
        return ((string?)payload?["verb"] ?? "", (string?)payload?["phase"], (string?)payload?["obligation"]);
    }

    private static async Task FillAsync(JsonObject script, Store store, CancellationToken cancellationToken)
    {
        var hash = (string?)script["sha256"] ?? "";
        var row = await store.ScriptAsync(hash, cancellationToken).ConfigureAwait(false)
            ?? throw new RefusedException(ProblemCodes.NotFound, $"the script '{(string?)script["name"]}' with hash {hash} is not in the store any more; apply the job again and start it anew");
        script["content"] = Convert.ToBase64String(row.Content);
    }
}
