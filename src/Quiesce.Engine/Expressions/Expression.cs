using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>An expression of a document, ready to be evaluated; immutable.</summary>
internal abstract class Expression
{
    /// <summary>The same value whenever it is evaluated.</summary>
    public virtual bool IsConstant => false;

    /// <summary>The value, converted to the wanted type.</summary>
    public abstract object? Evaluate(ActivityContext context, ValueType type);
}

/// <summary>A value that was known when the graph was compiled.</summary>
internal sealed class ConstantExpression(object? value) : Expression
{
    public override bool IsConstant => true;

    public override object? Evaluate(ActivityContext context, ValueType type) => ValueConverter.Convert(value, type);
}

/// <summary>Compiles, and then fails whenever it is evaluated: what cannot be evaluated faults at run time, not at load.</summary>
internal sealed class FailingExpression(string message) : Expression
{
    public override object? Evaluate(ActivityContext context, ValueType type) => throw new ActivityFaultException(message);
}

/// <summary>The current value of the variable with an id, walking outwards.</summary>
internal sealed class VariableExpression(string? id) : Expression
{
    public override object? Evaluate(ActivityContext context, ValueType type) =>
        id is not null && context.FindVariableById(id) is { } slot ? ValueConverter.Convert(slot.Value, type) : null;
}

/// <summary>A workflow input by name.</summary>
internal sealed class InputExpression(string? name) : Expression
{
    public override object? Evaluate(ActivityContext context, ValueType type) =>
        name is null ? null : ValueConverter.Convert(context.GetWorkflowInput(name), type);
}

/// <summary>Reads expressions of documents.</summary>
internal static class ExpressionReader
{
    /// <summary>
    /// A wrapped input, or a bare scalar or array, which counts as a literal. Null means that there is no input: absent, null, without
    /// <c>typeName</c>, or without an expression type.
    /// </summary>
    public static Expression? ReadInput(JsonNode? node)
    {
        switch (node)
        {
            case null:
                return null;
            case JsonObject json:
                if (json.ContainsKey("_type") && !json.Has("expression"))
                    return ReadLiteral(Json.Unwrap(json));
                return json.Has("typeName") ? Read(json.Find("expression")) : null;
            default:
                return ReadLiteral(node);
        }
    }

    /// <summary>A bare expression <c>{type, value}</c>.</summary>
    public static Expression? Read(JsonNode? node)
    {
        if (node is not JsonObject json || !json.Has("type"))
            return null;
        var value = json.Find("value");
        return json.Text("type") switch
        {
            null or "Literal" => ReadLiteral(Json.Unwrap(value)),
            "Object" or "Json" => ReadObject(value),
            "Variable" => new VariableExpression(AsObject(value)?.Text("id")),
            "Input" => new InputExpression(AsObject(value)?.Text("name") ?? (value is JsonValue ? Json.AsText(value) : null)),
            "Delegate" => null,
            "JavaScript" => new JavaScriptExpression(Json.AsText(value) ?? ""),
            // Elsa's other languages: what they would have said is unknown, so the activity faults when it asks.
            "Liquid" or "CSharp" or "Python" or "Secret" => new FailingExpression(
                $"expressions of type '{json.Text("type")}' cannot be evaluated here. Use Literal, Object, Variable, Input or JavaScript."),
            // A type that nobody registered binds to no input, as in Elsa; the document keeps what it says.
            _ => null,
        };
    }

    private static ConstantExpression ReadLiteral(JsonNode? value) =>
        new(value is JsonObject or JsonArray ? value.ToJsonString(JsonText.Compact) : Values.FromJson(value));

    private static Expression ReadObject(JsonNode? value)
    {
        var text = value is JsonObject or JsonArray ? value.ToJsonString(JsonText.Compact) : Json.AsText(value);
        return string.IsNullOrWhiteSpace(text) ? new ConstantExpression(null) : new ObjectExpression(text);
    }

    private static JsonObject? AsObject(JsonNode? value) => value switch
    {
        JsonObject json => json,
        JsonValue text when Json.AsText(text) is { } content && content.TrimStart().StartsWith('{') => Values.TryParse(content) as JsonObject,
        _ => null,
    };
}
