using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Server.Studio;

/// <summary>An activity's descriptor as Studio's palette, canvas and property panels read it.</summary>
internal static class ActivityDescriptorJson
{
    /// <summary>They make a canvas and are chosen when a workflow is created, not dragged into one.</summary>
    private static readonly string[] Structural = ["Elsa.Flowchart", "Elsa.Sequence", "Elsa.StateMachine", "Elsa.Workflow"];

    private static readonly Dictionary<string, string> Hints = new(StringComparer.Ordinal)
    {
        ["single-line"] = "singleline", ["multi-line"] = "multiline", ["multi-text"] = "multitext", ["check-list"] = "checklist", ["radio-list"] = "radiolist", ["date-time-picker"] = "datetime-picker",
    };

    private static readonly string[] Drawn =
    [
        "singleline", "multiline", "checkbox", "dropdown", "radiolist", "checklist", "multitext", "dynamic-outcomes", "code-editor", "json-editor", "variable-picker", "input-picker", "output-picker",
        "outcome-picker", "workflow-definition-picker", "type-picker", "datetime-picker", "dictionary", "expression-editor", "http-status-codes", "switch-editor", "flow-switch-editor", "secret-picker",
    ];

    /// <param name="choices">What an input offers that only this server knows, such as its machines; null for what the descriptor says.</param>
    public static JsonObject Of(ActivityDescriptor descriptor, Func<InputDescriptor, IReadOnlyList<string>?>? choices = null) => new()
    {
        ["typeName"] = descriptor.TypeName,
        ["namespace"] = descriptor.Namespace,
        ["name"] = descriptor.ShortName,
        ["version"] = descriptor.Version,
        // Studio shows a category only up to its first slash, and two such groups under one title.
        ["category"] = descriptor.Category.Split('/')[0],
        ["displayName"] = descriptor.DisplayName ?? Words(descriptor.ShortName),
        ["description"] = descriptor.Description ?? "",
        ["kind"] = descriptor.Kind.ToString(),
        ["isBrowsable"] = descriptor.IsBrowsable && !Structural.Contains(descriptor.TypeName),
        ["isContainer"] = descriptor.IsContainer,
        ["isStart"] = descriptor.IsStart,
        ["isTerminal"] = descriptor.IsTerminal,
        ["runAsynchronously"] = descriptor.RunAsynchronously,
        ["ports"] = Ports(descriptor),
        ["inputs"] = new JsonArray([.. descriptor.Inputs.Select((input, order) => (JsonNode)Input(input, order, choices?.Invoke(input)))]),
        ["outputs"] = new JsonArray([.. descriptor.Outputs.Select((output, order) => (JsonNode)Output(output, order))]),
        ["customProperties"] = descriptor.CustomProperties?.DeepClone() ?? new JsonObject(),
        ["constructionProperties"] = descriptor.ConstructionProperties?.DeepClone() ?? new JsonObject(),
    };

    /// <summary>For a type that is not known here: enough to draw it, and to keep it as it is.</summary>
    public static JsonObject Unknown(string typeName, int version) => Of(new ActivityDescriptor
    {
        TypeName = typeName, Version = version, Category = "Unknown", IsBrowsable = false,
        Description = $"This server has no activity of the type {typeName}. It is kept as it is; a workflow that gets there ends with an incident.",
    });

    /// <summary>The input's editor settings, with the choices that only this server knows.</summary>
    public static JsonObject UiSpecifications(InputDescriptor input, IReadOnlyList<string>? choices)
    {
        var shown = choices is null ? input : input with { Options = choices };
        var hint = Hint(shown);
        var facts = EditorFacts.Of(shown with { UiHint = hint });
        foreach (var list in facts.Select(fact => fact.Value).OfType<JsonObject>().SelectMany(fact => fact.Select(member => member.Value).OfType<JsonObject>()))
            foreach (var item in (list["items"] as JsonArray ?? []).OfType<JsonObject>())
                if (item.Text("text") is { } text && text == item.Text("value"))
                    item["text"] = Words(text);
        return facts;
    }

    private static JsonArray Ports(ActivityDescriptor descriptor)
    {
        var ports = new JsonArray();
        // The body of a workflow used as an activity; it is opened by a double click and is no slot to drop things into.
        if (descriptor.CustomProperties?.ContainsKey("WorkflowDefinitionVersionId") == true && !descriptor.Ports.Any(port => port.Name == "Root"))
            ports.Add((JsonNode)Port("Root", "Root", "Embedded", isBrowsable: false));
        foreach (var port in descriptor.Ports)
            ports.Add((JsonNode)Port(port.Name, port.DisplayName ?? Words(port.Name), port.Kind.ToString(), isBrowsable: true));
        var outcomes = descriptor.Outcomes.Count > 0 ? descriptor.Outcomes : descriptor.IsTerminal || descriptor.Ports.Any(port => port.Kind == PortKind.Flow) ? [] : ["Done"];
        foreach (var outcome in outcomes)
            ports.Add((JsonNode)Port(outcome, Words(outcome), "Flow", isBrowsable: true));
        return ports;
    }

    private static JsonObject Port(string name, string displayName, string type, bool isBrowsable) => new() { ["name"] = name, ["displayName"] = displayName, ["type"] = type, ["isBrowsable"] = isBrowsable };

    private static JsonObject Input(InputDescriptor input, int order, IReadOnlyList<string>? choices) => new()
    {
        ["name"] = input.Name,
        ["typeName"] = input.TypeName,
        ["displayName"] = input.DisplayName ?? Words(input.Name),
        ["description"] = input.Description ?? "",
        ["order"] = input.Order ?? order,
        ["isBrowsable"] = input.IsBrowsable,
        ["isSynthetic"] = false,
        ["isWrapped"] = input.IsWrapped,
        ["uiHint"] = Hint(choices is null ? input : input with { Options = choices }),
        ["category"] = input.Category,
        ["defaultValue"] = Default(input.DefaultValue),
        ["defaultSyntax"] = input.DefaultSyntax,
        ["isReadOnly"] = false,
        ["isSensitive"] = input.IsSensitive,
        ["isSerializable"] = true,
        ["autoEvaluate"] = input.AutoEvaluate,
        ["storageDriverType"] = null,
        ["uiSpecifications"] = UiSpecifications(input, choices),
    };

    private static JsonObject Output(OutputDescriptor output, int order) => new()
    {
        ["name"] = output.Name, ["typeName"] = output.TypeName, ["displayName"] = output.DisplayName ?? Words(output.Name), ["description"] = output.Description ?? "", ["order"] = order,
        ["isBrowsable"] = true, ["isSynthetic"] = false, ["isSerializable"] = true,
    };

    private static string Hint(InputDescriptor input)
    {
        var hint = Hints.GetValueOrDefault(input.UiHint, input.UiHint);
        if (hint == UiHints.SingleLine && input.Options.Count > 0)
            return UiHints.DropDown;
        return Drawn.Contains(hint) ? hint : UiHints.SingleLine;
    }

    private static JsonNode? Default(object? value) => value switch
    {
        null => null,
        TimeSpan span => JsonValue.Create(span.ToString("c", CultureInfo.InvariantCulture)),
        Enum name => JsonValue.Create(name.ToString()),
        _ => JsonSerializer.SerializeToNode(value),
    };

    /// <summary>"TakeSnapshot" → "Take snapshot"; what has other characters than letters stays as it is.</summary>
    public static string Words(string name)
    {
        if (name.Length < 2 || !name.All(char.IsAsciiLetter) || name.All(char.IsAsciiLetterUpper))
            return name;
        var text = new System.Text.StringBuilder(name.Length + 4).Append(name[0]);
        for (var i = 1; i < name.Length; i++)
            if (char.IsAsciiLetterUpper(name[i]) && char.IsAsciiLetterLower(name[i - 1]))
                text.Append(' ').Append(char.ToLowerInvariant(name[i]));
            else
                text.Append(name[i]);
        return text.ToString();
    }
}
