using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>The outbox rows of requests that workflows send over HTTP.</summary>
public static class HttpRequests
{
    /// <summary>The kind of such a row.</summary>
    public const string Kind = "http";

    /// <summary>The request of a row.</summary>
    public static SendHttp Read(OutboxRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return SendHttp.FromJson((JsonObject)JsonNode.Parse(row.Payload)!);
    }

    /// <summary>The row as which the reply waits for its instance; a second reply to the same request is the same row.</summary>
    public static StimulusRow Reply(OutboxRow row, HttpReply reply, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(reply);
        return new StimulusRow(row.Id, row.InstanceId, StimulusKinds.Reply, Engine.Activities.SendHttpRequest.HashOf(row.Id), null, reply.ToInput().ToJsonString(), now, null);
    }

    internal static OutboxRow Row(SendHttp send, string instanceId, DateTimeOffset now) => new(send.RequestId, instanceId, Kind, send.ToJson().ToJsonString(), 0, now, AwaitsReply: true);

    /// <summary>The request that a bookmark waits for; null when it waits for something else.</summary>
    internal static string? IdOf(Bookmark bookmark) => bookmark.Name == Engine.Activities.SendHttpRequest.TypeName ? (string?)bookmark.Payload?["requestId"] : null;
}
