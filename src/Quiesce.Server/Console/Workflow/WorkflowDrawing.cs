using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Quiesce.Engine;

namespace Quiesce.Server.Screens;

/// <summary>An activity of a drawing.</summary>
/// <param name="Id">The activity's id.</param>
/// <param name="NodeId">Its place in the whole definition, as records of an instance name it.</param>
/// <param name="Title">What it does.</param>
/// <param name="Note">What tells it from others that do the same, or its type.</param>
/// <param name="Inner">How many activities it holds inside.</param>
public sealed record DrawnActivity(string Id, string NodeId, string Title, string Note, int Inner, double X, double Y, double Width, double Height);

/// <summary>A connection of a drawing.</summary>
/// <param name="Port">The outcome that it leaves by; empty where there is only one.</param>
/// <param name="Path">As SVG draws it.</param>
public sealed record DrawnConnection(string From, string To, string Port, string Path, double LabelX, double LabelY);

/// <summary>A definition as the designer laid it out: the activities of its root and their connections. Immutable, one per version.</summary>
public sealed partial record WorkflowDrawing(string Name, int Version, IReadOnlyList<DrawnActivity> Activities, IReadOnlyList<DrawnConnection> Connections, double Width, double Height)
{
    private const double NodeWidth = 200, NodeHeight = 58, Margin = 16;

    /// <summary>Draws a definition. What has no place is put where the flow would lead; a root that is no flowchart is drawn as a chain.</summary>
    public static WorkflowDrawing Of(WorkflowGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var root = graph.ToDocument()["root"] as JsonObject ?? [];
        var children = root["activities"] is JsonArray list ? [.. list.OfType<JsonObject>()] : root.ContainsKey("id") ? new List<JsonObject> { root } : [];
        var links = LinksOf(root, children);
        var places = Places(children, links);
        var activities = children.Select((activity, index) => Draw(activity, graph, places[index])).ToList();
        var byId = activities.DistinctBy(activity => activity.Id).ToDictionary(activity => activity.Id, StringComparer.Ordinal);
        var connections = links.Where(link => byId.ContainsKey(link.From) && byId.ContainsKey(link.To))
            .Select(link => Draw(link, byId[link.From], byId[link.To], links.Count(other => other.From == link.From) > 1)).ToList();
        return new WorkflowDrawing(
            graph.Definition.Name ?? graph.Definition.DefinitionId, graph.Definition.Version, activities, connections,
            activities.Select(activity => activity.X + activity.Width).DefaultIfEmpty(0).Max() + Margin,
            activities.Select(activity => activity.Y + activity.Height).DefaultIfEmpty(0).Max() + Margin);
    }

    /// <summary>Positions of the designer, moved to the corner; without them a column per step of the flow.</summary>
    private static List<(double X, double Y)> Places(List<JsonObject> children, List<Link> links)
    {
        var stated = children.Select(child => child["metadata"]?["designer"]?["position"] is JsonObject at && Number(at["x"]) is { } x && Number(at["y"]) is { } y ? (X: x, Y: y) : ((double X, double Y)?)null).ToList();
        if (stated.Count > 0 && stated.All(place => place is not null) && stated.Distinct().Count() == stated.Count)
        {
            var (left, top) = (stated.Min(place => place!.Value.X), stated.Min(place => place!.Value.Y));
            return [.. stated.Select(place => (place!.Value.X - left + Margin, place.Value.Y - top + Margin))];
        }

        Dictionary<string, int> columns = new(StringComparer.Ordinal);
        Queue<string> next = new(children.Select(Id).Where(id => links.TrueForAll(link => link.To != id)).DefaultIfEmpty(children.Count > 0 ? Id(children[0]) : "").Distinct());
        foreach (var id in next)
            columns[id] = 0;
        while (next.TryDequeue(out var id))
            foreach (var link in links.Where(link => link.From == id && !columns.ContainsKey(link.To)))
            {
                columns[link.To] = columns[id] + 1;
                next.Enqueue(link.To);
            }

        Dictionary<int, int> rows = [];
        return [.. children.Select(child =>
        {
            var column = columns.GetValueOrDefault(Id(child));
            var row = rows[column] = rows.GetValueOrDefault(column, -1) + 1;
            return (Margin + column * (NodeWidth + 60), Margin + row * (NodeHeight + 40));
        })];
    }

    private static List<Link> LinksOf(JsonObject root, List<JsonObject> children)
    {
        if (root["connections"] is not JsonArray connections)
            return [.. children.Zip(children.Skip(1), (from, to) => new Link(Id(from), "", Id(to)))];
        List<Link> links = [];
        foreach (var connection in connections.OfType<JsonObject>())
            if (Text(connection["source"]?["activity"]) is { } from && Text(connection["target"]?["activity"]) is { } to)
                links.Add(new Link(from, Text(connection["source"]?["port"]) ?? "", to));
        return links;
    }

    private static DrawnActivity Draw(JsonObject activity, WorkflowGraph graph, (double X, double Y) place)
    {
        var id = Id(activity);
        var node = graph.FindActivity(id);
        var type = Text(activity["type"]) ?? "";
        var name = Text(activity["name"]);
        // Names such as RunScript1 are the designer's, not a person's.
        var given = Text(activity["metadata"]?["displayText"]) ?? (name is null || NumberedName().IsMatch(name) ? null : InWords(name));
        var title = given ?? node?.Descriptor.DisplayName ?? InWords(type[(type.LastIndexOf('.') + 1)..]);
        var note = ReadableId().IsMatch(id) ? InWords(id) : type;
        var inner = node is null ? 0 : graph.Nodes.Count(other => other.NodeId.StartsWith(node.NodeId + ":", StringComparison.Ordinal));
        return new DrawnActivity(id, node?.NodeId ?? id, title, string.Equals(note, title, StringComparison.OrdinalIgnoreCase) ? type : note, inner, place.X, place.Y, NodeWidth, NodeHeight);
    }

    private static DrawnConnection Draw(Link link, DrawnActivity from, DrawnActivity to, bool isOneOfSeveral)
    {
        var (fromX, fromY) = (from.X + from.Width, from.Y + from.Height / 2);
        var (toX, toY) = (to.X, to.Y + to.Height / 2);
        string path;
        double labelX, labelY;
        if (toX >= fromX)
        {
            var bend = Math.Max(20, (toX - fromX) / 2);
            path = string.Create(CultureInfo.InvariantCulture, $"M{fromX} {fromY}C{fromX + bend} {fromY} {toX - bend} {toY} {toX} {toY}");
            (labelX, labelY) = ((fromX + toX) / 2, (fromY + toY) / 2 - 5);
        }
        else
        {
            // Straight up or down, or back: out of the bottom, into the nearest side.
            var (startX, startY) = (from.X + from.Width / 2, toY >= fromY ? from.Y + from.Height : from.Y);
            var (endX, endY) = (to.X + to.Width / 2, toY > fromY ? to.Y : to.Y + to.Height);
            var middle = (startY + endY) / 2;
            path = string.Create(CultureInfo.InvariantCulture, $"M{startX} {startY}C{startX} {middle} {endX} {middle} {endX} {endY}");
            (labelX, labelY) = ((startX + endX) / 2 + 4, middle - 3);
        }

        return new DrawnConnection(link.From, link.To, isOneOfSeveral ? link.Port : "", path, labelX, labelY);
    }

    private static string Id(JsonObject activity) => Text(activity["id"]) ?? "";

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number) && Math.Abs(number) < 1_000_000 ? number : null;

    private static string InWords(string name)
    {
        var words = Hump().Replace(name, " $1").ToLowerInvariant().Trim();
        return words.Length == 0 ? name : char.ToUpperInvariant(words[0]) + words[1..];
    }

    [GeneratedRegex("^[A-Za-z]+[0-9]+$")]
    private static partial Regex NumberedName();

    [GeneratedRegex("^[a-z][A-Za-z]{2,30}$")]
    private static partial Regex ReadableId();

    [GeneratedRegex("([A-Z])")]
    private static partial Regex Hump();

    private sealed record Link(string From, string Port, string To);
}
