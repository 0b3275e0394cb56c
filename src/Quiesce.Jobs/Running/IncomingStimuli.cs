using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>The engine's stimuli for the rows that wait for an instance.</summary>
internal static class IncomingStimuli
{
    /// <summary>All but the lines and variables of the operator, which move nothing.</summary>
    public static IReadOnlyList<Stimulus> Of(ClaimedInstance claimed) => [.. claimed.Stimuli.Where(Moves).Select(row => Of(row, claimed.Instance))];

    /// <summary>Whether a row moves its instance.</summary>
    public static bool Moves(StimulusRow row) => row.Kind is not (StimulusKinds.Note or StimulusKinds.Variables);

    /// <summary>The state with the variables that operators have set since.</summary>
    public static InstanceState? Variables(InstanceDraft draft, ClaimedInstance claimed, WorkflowGraph graph, InstanceState? state)
    {
        if (state is null) return null;
        foreach (var row in claimed.Stimuli)
            if (row.Kind == StimulusKinds.Variables && draft.Consumed.Add(row.Id)) state = InstanceVariables.Set(graph, state, JsonNode.Parse(row.Payload!) as JsonObject ?? []);
        return state;
    }

    /// <summary>Takes the lines for the operator into the journal.</summary>
    public static void Notes(InstanceDraft draft, ClaimedInstance claimed)
    {
        foreach (var row in claimed.Stimuli)
            if (row.Kind == StimulusKinds.Note && draft.Consumed.Add(row.Id)) draft.Log(SessionEvents.Note, null, JsonNode.Parse(row.Payload!) as JsonObject);
    }

    /// <summary>The HTTP requests among them.</summary>
    public static IEnumerable<string> Requests(ClaimedInstance claimed) => claimed.Stimuli.Where(row => row.Kind == StimulusKinds.Http).Select(row => row.Id);

    private static Stimulus Of(StimulusRow row, InstanceRow instance)
    {
        var payload = row.Payload is null ? null : JsonNode.Parse(row.Payload) as JsonObject;
        return row.Kind switch
        {
            StimulusKinds.Start => new Stimulus
            {
                Id = row.Id, Kind = StimulusKind.Start, InstanceId = instance.Id, Input = payload?["input"]?.DeepClone() as JsonObject, CorrelationId = instance.CorrelationId,
                Name = instance.Name, ParentInstanceId = instance.ParentId, ParentBookmarkHash = (string?)payload?["parentBookmarkHash"],
                ParentWait = (ParentWait)((int?)payload?["parentWait"] ?? 0), Properties = payload?["properties"]?.DeepClone() as JsonObject,
                TriggerActivityId = (string?)payload?["triggerActivityId"], Http = payload?["http"] is JsonObject first ? HttpRequestData.FromJson(first) : null,
            },
            StimulusKinds.Cancel => Stimulus.Cancel(row.Id, (string?)payload?["reason"]),
            StimulusKinds.Retry => Stimulus.Retry(row.Id, payload?["activityIds"] is JsonArray ids ? [.. ids.Select(id => (string)id!)] : null),
            StimulusKinds.Http => Stimulus.Resume(row.Id, row.BookmarkHash, row.BookmarkId, []) with { Http = HttpRequestData.FromJson(payload!) },
            StimulusKinds.Timer => Stimulus.Resume(row.Id, bookmarkId: row.BookmarkId),
            _ => Stimulus.Resume(row.Id, row.BookmarkHash, row.BookmarkId, payload),
        };
    }
}
