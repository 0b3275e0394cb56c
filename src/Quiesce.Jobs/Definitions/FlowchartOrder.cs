using System.Text.Json.Nodes;

namespace Quiesce.Jobs.Definitions;

/// <summary>A designer stores the activities and connections of a flowchart in an order of its own. The order says what is scheduled first, so that what was there before keeps its place.</summary>
internal static class FlowchartOrder
{
    /// <summary>Puts what both hold into the order of before, behind it what is new.</summary>
    public static void Restore(JsonObject root, JsonObject before)
    {
        var flowcharts = ActivityTree.Of(before).Where(entry => entry.Json.Type() == "Elsa.Flowchart").ToDictionary(entry => entry.Path, entry => entry.Json, StringComparer.Ordinal);
        foreach (var (path, json) in ActivityTree.Of(root))
            if (json.Type() == "Elsa.Flowchart" && flowcharts.TryGetValue(path, out var old))
            {
                Order(json, old, "activities", item => item.Id());
                Order(json, old, "connections", Connection);
            }
    }

    /// <summary>A connection by its two ends, as text.</summary>
    public static string Connection(JsonObject line) => $"{End(line, "source", Way.Done)}→{End(line, "target", "In")}";

    private static string End(JsonObject line, string name, string port) => line[name] switch
    {
        JsonObject end => $"{ActivityJson.Text(end["activity"])}.{ActivityJson.Text(end["port"]) ?? port}",
        { } id => $"{ActivityJson.Text(id)}.{ActivityJson.Text(line[name + "Port"]) ?? port}",
        null => "",
    };

    private static void Order(JsonObject json, JsonObject before, string member, Func<JsonObject, string> key)
    {
        if (json[member] is not JsonArray list || before[member] is not JsonArray old || list.Any(item => item is not JsonObject))
            return;
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in old.OfType<JsonObject>())
            places.TryAdd(key(item), places.Count);
        var ordered = list.OfType<JsonObject>().OrderBy(item => places.GetValueOrDefault(key(item), int.MaxValue)).ToList();
        if (ordered.SequenceEqual(list.OfType<JsonObject>(), ReferenceEqualityComparer.Instance))
            return;
        list.Clear();
        foreach (var item in ordered)
            list.Add((JsonNode)item);
    }
}
