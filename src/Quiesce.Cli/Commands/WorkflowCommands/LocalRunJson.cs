using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Cli.Commands.WorkflowCommands;

/// <summary>What <c>workflow run --json</c> prints: these members, in this order, with Elsa's words.</summary>
internal static class LocalRunJson
{
    // A workflow's values may be nested deeper than the 64 levels that are otherwise enough.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1024 };

    public static string Write(LocalRunResult result) => new JsonObject
    {
        ["status"] = result.Status,
        ["subStatus"] = result.SubStatus,
        ["lines"] = new JsonArray([.. result.Lines.Select(line => (JsonNode?)line)]),
        ["outputs"] = result.Outputs.DeepClone(),
        ["incidents"] = new JsonArray([.. result.Incidents.Select(i => new JsonObject { ["activityId"] = i.ActivityId, ["message"] = i.Message })]),
        ["bookmarks"] = new JsonArray([.. result.Bookmarks.Select(Bookmark)]),
        ["journal"] = new JsonArray([.. result.Journal.Select(e => new JsonObject { ["activityId"] = e.ActivityId, ["event"] = e.Event })]),
    }.ToJsonString(Options);

    private static JsonObject Bookmark(Bookmark bookmark) => new()
    {
        ["id"] = bookmark.Id,
        ["name"] = bookmark.Name,
        ["hash"] = bookmark.Hash,
        ["payload"] = bookmark.Payload?.DeepClone(),
        ["activityId"] = bookmark.ActivityId,
        ["activityNodeId"] = bookmark.ActivityNodeId,
        ["activityInstanceId"] = bookmark.ActivityInstanceId,
        ["createdAt"] = bookmark.CreatedAt.ToString("O"),
        ["autoBurn"] = bookmark.AutoBurn,
    };
}
