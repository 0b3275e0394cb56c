using System.Text.Json.Nodes;

namespace Quiesce.Jobs.Definitions;

/// <summary>Follows the connections of one flowchart from everywhere it may start.</summary>
internal sealed class FlowchartWalk(JsonObject flowchart)
{
    private readonly List<JsonObject> _activities = [.. flowchart.Children("activities")];
    private readonly ILookup<string, (string Port, string Target)> _connections = Connections(flowchart).ToLookup(line => line.Source, line => (line.Port, line.Target));

    /// <summary>The ways out of the flowchart: wherever an outcome leads nowhere, and every terminal activity.</summary>
    public IReadOnlyList<Way> Leave(Trail? trail, Func<JsonObject, Trail?, IReadOnlyList<Way>> leave)
    {
        var byId = _activities.GroupBy(activity => activity.Id()).ToDictionary(group => group.Key, group => group.First());
        var (left, seen, open) = (new List<Way>(), new HashSet<(string, bool)>(), new Queue<(JsonObject Activity, Trail? State)>());
        foreach (var start in Starts())
            Enqueue(start, trail);
        if (_activities.Count == 0)
            left.Add(new Way(Way.Done, trail));

        while (open.TryDequeue(out var next))
            foreach (var way in leave(next.Activity, next.State))
                if (way.Leaves)
                    left.Add(way.Outcome == Way.End ? way with { Outcome = Way.Done } : way);
                else
                    Follow(next.Activity.Id(), way);
        return Way.Distinct(left);

        void Follow(string source, Way way)
        {
            var state = way.Frozen?.By(way.Outcome);
            var targets = _connections[source].Where(line => way.Outcome == Way.Any || line.Port == way.Outcome).Select(line => line.Target).Where(byId.ContainsKey).ToList();
            foreach (var target in targets)
                Enqueue(byId[target], state);
            if (targets.Count == 0)
                left.Add(new Way(Way.Done, state));
        }

        void Enqueue(JsonObject activity, Trail? state)
        {
            if (seen.Add((activity.Id(), state is null)))
                open.Enqueue((activity, state));
        }
    }

    /// <summary>The one that is chosen without a trigger, and every trigger that may start an instance.</summary>
    private IEnumerable<JsonObject> Starts()
    {
        var targets = _connections.SelectMany(lines => lines).Select(line => line.Target).ToHashSet();
        var first = _activities.Find(activity => activity.Type() == "Elsa.Start") ?? _activities.Find(ActivityJson.CanStart)
            ?? _activities.Find(activity => !targets.Contains(activity.Id())) ?? _activities.FirstOrDefault();
        return _activities.Where(ActivityJson.CanStart).Prepend(first).OfType<JsonObject>().Distinct();
    }

    private static IEnumerable<(string Source, string Port, string Target)> Connections(JsonObject flowchart)
    {
        foreach (var line in flowchart.Children("connections"))
        {
            var (source, port) = End(line, "source", "Source");
            var (target, _) = End(line, "target", "Target");
            if (source is not null && target is not null)
                yield return (source, port ?? Way.Done, target);
        }
    }

    /// <summary>One end of a connection, in the nested form or in the flat form of old files.</summary>
    private static (string? Activity, string? Port) End(JsonObject line, string name, string pascal) => (line[name] ?? line[pascal]) switch
    {
        JsonObject end => (ActivityJson.Text(end["activity"] ?? end["Activity"]), ActivityJson.Text(end["port"] ?? end["Port"])),
        JsonValue id => (ActivityJson.Text(id), ActivityJson.Text(line[name + "Port"])),
        _ => (null, null),
    };
}
