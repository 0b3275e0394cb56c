using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Jobs;

/// <summary>
/// What a task owes its guest (design §7): which operation makes an obligation necessary, and which reply meets it. Pure; used by the activities and by the
/// compensation alike, so that a reply means the same before and after the end of the workflow.
/// </summary>
public static class Obligations
{
    private const string Key = "Quiesce:Obligations";
    /// <summary>Remove the runtime.</summary>
    public const string Release = "release";
    /// <summary>Run the post script, because the pre script was started.</summary>
    public const string Post = "post";
    /// <summary>Thaw.</summary>
    public const string Thaw = "thaw";
    /// <summary>Prefix: delete the snapshot of this id unless the task concludes that it is kept.</summary>
    public const string Snapshot = "snapshot:";

    /// <summary>What a request makes necessary, to be recorded in the commit that sends it.</summary>
    internal static IEnumerable<OweObligation> OwedBy(string verb, string? phase, JsonObject body, SessionHost? host)
    {
        switch (verb)
        {
            case Verbs.PrepareGuest:
                yield return new OweObligation(Release, Verbs.ReleaseGuest, "remove the runtime from the guest", []);
                break;
            case Verbs.RunScript when phase == "pre" && host is not null && Scripts.Request(host, "post", attempt: 1) is { } post:
                yield return new OweObligation(Post, Verbs.RunScript, "run the post-snapshot script", Serialize(post, ContractsJson.Default.RunScriptRequest));
                break;
            case Verbs.FreezeGuest:
                yield return new OweObligation(Thaw, Verbs.ThawGuest, "thaw the file systems", []);
                break;
            case Verbs.TakeSnapshot when body.Deserialize(ContractsJson.Default.TakeSnapshotRequest) is { } take:
                yield return new OweObligation(Snapshot + take.RestorePointId, Verbs.DeleteSnapshot, $"delete the half-made snapshot {take.RestorePointId}",
                    Serialize(new DeleteSnapshotRequest(take.RestorePointId, take.SourcePath, take.Provider, null), ContractsJson.Default.DeleteSnapshotRequest));
                break;
        }
    }

    /// <summary>Which of the open obligations a reply meets.</summary>
    internal static IReadOnlyList<string> MetBy(OperationOutcome outcome, IReadOnlyList<string> open)
    {
        var failure = outcome.Failure;
        return outcome.Verb switch
        {
            // Nothing was copied when nobody could connect; after any other failure the removal is still owed.
            Verbs.PrepareGuest when failure is { MayHaveStarted: false, LeftBehind: null, Code: FailureCodes.Connect or FailureCodes.Auth } => Those(open, Release),
            Verbs.RunScript when outcome.Phase == "pre" && !Started(outcome) => Those(open, Post),
            // R4.19 and promise 4: a post script that ran, or may have run, is not started again by us.
            Verbs.RunScript when outcome.Phase == "post" && Started(outcome) => Those(open, Post),
            // Nobody reached the guest, so nothing was begun there.
            Verbs.TakeSnapshot when failure is { MayHaveStarted: false, LeftBehind: null, Code: FailureCodes.Connect or FailureCodes.Auth or FailureCodes.Deploy or FailureCodes.Start } =>
                [.. open.Where(id => id.StartsWith(Snapshot, StringComparison.Ordinal))],
            Verbs.ThawGuest when failure is null => Those(open, Thaw),
            Verbs.DeleteSnapshot when failure is null => [.. open.Where(id => id.StartsWith(Snapshot, StringComparison.Ordinal))],
            Verbs.ReleaseGuest when failure is null => Those(open, Release, Thaw),
            _ => [],
        };
    }

    /// <summary>Whether a process was started in the guest, or may have been.</summary>
    internal static bool Started(OperationOutcome outcome) =>
        outcome.Read(ContractsJson.Default.RunScriptReply)?.Started ?? outcome.Failure?.MayHaveStarted ?? false;

    /// <summary>The ids that are open, oldest first.</summary>
    internal static IReadOnlyList<string> Open(IDictionary<string, JsonNode?> properties) =>
        properties.TryGetValue(Key, out var node) && node is JsonArray ids ? [.. ids.Select(id => (string)id!)] : [];

    internal static bool Add(IDictionary<string, JsonNode?> properties, string id)
    {
        var open = Open(properties);
        if (open.Contains(id)) return false;
        properties[Key] = new JsonArray([.. open.Append(id).Select(one => JsonValue.Create(one))]);
        return true;
    }

    internal static bool Remove(IDictionary<string, JsonNode?> properties, string id)
    {
        var open = Open(properties);
        if (!open.Contains(id)) return false;
        properties[Key] = new JsonArray([.. open.Where(one => one != id).Select(one => JsonValue.Create(one))]);
        return true;
    }

    private static IReadOnlyList<string> Those(IReadOnlyList<string> open, params string[] wanted) => [.. open.Where(wanted.Contains)];

    private static JsonObject Serialize<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => (JsonObject)JsonSerializer.SerializeToNode(value, type)!;
}
