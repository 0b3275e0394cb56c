using System.Text.Json.Nodes;

namespace Quiesce.Jobs.Definitions;

/// <summary>The words in which changes are told.</summary>
internal static class DefinitionWords
{
    private const int LongestValue = 80;
    private static readonly string[] CommonMembers = ["name", "version", "displayText", "description", "showDescription", "canStartWorkflow", "runAsynchronously"];

    /// <summary>An activity as a person knows it: what stands on it, and its id.</summary>
    public static string Label(JsonObject activity)
    {
        var shown = (activity["metadata"] is JsonObject metadata ? ActivityJson.Text(metadata["displayText"]) : null) ?? ActivityJson.Text(activity["name"]);
        return shown is null || shown == activity.Id() ? $"'{activity.Id()}'" : $"'{shown}' ({activity.Id()})";
    }

    public static string Added(DefinitionPart part) => part.Kind switch
    {
        PartKind.Activity => $"activity {Label(part.Owner!)} added ({ActivityJson.Text(part.Value)})",
        PartKind.Connection => $"connection {Connection(part)} added",
        PartKind.Variable => $"variable '{part.Name}' added ({ActivityJson.Text(part.Value!["typeName"]) ?? "Object"})",
        PartKind.Input or PartKind.Output => $"{Word(part)} '{part.Name}' added ({ActivityJson.Text(part.Value!["type"]) ?? "Object"})",
        _ => $"{Subject(part)} set to {Value(part.Value)}",
    };

    public static string Removed(DefinitionPart part) => part.Kind switch
    {
        PartKind.Activity => $"activity {Label(part.Owner!)} removed",
        PartKind.Connection => $"connection {Connection(part)} removed",
        PartKind.Variable or PartKind.Input or PartKind.Output => $"{Word(part)} '{part.Name}' removed",
        _ => $"{Subject(part)} removed (was {Value(part.Value)})",
    };

    public static string Changed(DefinitionPart was, DefinitionPart now) => was.Kind switch
    {
        PartKind.Activity => $"activity {Label(now.Owner!)} is now {Value(now.Value)} (was {Value(was.Value)})",
        PartKind.Connection => $"connection {Connection(now)} is drawn differently",
        PartKind.Variable or PartKind.Input or PartKind.Output => $"{Word(now)} '{now.Name}' changed: {Members(was.Value!.AsObject(), now.Value!.AsObject())}",
        PartKind.Member when now.Name == "activities" => $"activities of {Label(now.Owner!)} now run in the order {Value(now.Value)}",
        _ => $"{Subject(now)} changed from {Value(was.Value)} to {Value(now.Value)}",
    };

    /// <summary>A value on one line, as somebody would say it.</summary>
    public static string Value(JsonNode? node)
    {
        var text = node switch
        {
            null => "nothing",
            JsonObject json when json["expression"] is JsonObject expression => Expression(expression),
            JsonObject json when json["memoryReference"] is JsonObject reference => $"→ {ActivityJson.Text(reference["id"])}",
            JsonArray list when list.All(item => item is JsonValue) => string.Join(", ", list.Select(Value)),
            _ => ActivityJson.Text(node) is { } own ? (own.Length == 0 ? "\"\"" : own) : node.ToJsonString(DefinitionDocument.Compact),
        };
        text = text.ReplaceLineEndings(" ");
        return text.Length <= LongestValue ? text : string.Concat(text.AsSpan(0, LongestValue), "…");
    }

    private static string Expression(JsonObject expression) => ActivityJson.Text(expression["type"]) switch
    {
        null or "Literal" or "Object" or "Json" => Value(expression["value"]),
        var type => $"{type} `{Value(expression["value"])}`",
    };

    private static string Subject(DefinitionPart part) => part.Kind switch
    {
        PartKind.Document => part.Name,
        PartKind.Option => $"option {part.Name}",
        PartKind.Property => $"custom property {part.Name}",
        PartKind.Layout => $"layout of {Label(part.Owner!)}",
        _ => $"{(CommonMembers.Contains(part.Name) ? part.Name : part.Value is JsonObject value && value.ContainsKey("memoryReference") && !value.ContainsKey("expression") ? $"output {Pascal(part.Name)}" : $"input {Pascal(part.Name)}")} of {Label(part.Owner!)}",
    };

    private static string Connection(DefinitionPart part)
    {
        var ends = part.Name.Split('→');
        var (source, target) = (ends[0], ends[^1]);
        var (dot, port) = (source.LastIndexOf('.'), target.LastIndexOf('.'));
        return $"{source[..Math.Max(dot, 0)]} —{source[(dot + 1)..]}→ {(port > 0 && target[(port + 1)..] == "In" ? target[..port] : target)}";
    }

    private static string Members(JsonObject was, JsonObject now) => string.Join(", ", was.Select(member => member.Key).Union(now.Select(member => member.Key))
        .Where(name => !JsonNode.DeepEquals(was[name], now[name])).Select(name => $"{name} from {Value(was[name])} to {Value(now[name])}"));

    private static string Word(DefinitionPart part) => part.Kind switch { PartKind.Variable => "variable", PartKind.Input => "workflow input", _ => "workflow output" };

    private static string Pascal(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];
}
