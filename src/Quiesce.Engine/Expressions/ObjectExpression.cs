using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>JSON text, deserialized into the wanted type; where any object will do it stays the text.</summary>
internal sealed class ObjectExpression(string text) : Expression
{
    public override bool IsConstant => true;

    public override object? Evaluate(ActivityContext context, ValueType type)
    {
        if (type.Kind is ValueKind.Object or ValueKind.String)
            return text;
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(text, documentOptions: JsonText.Reading);
        }
        catch (JsonException e)
        {
            throw new ActivityFaultException($"the Object expression is not JSON: {e.Message}", e);
        }

        return type.Kind == ValueKind.JsonNode ? node : ValueConverter.Convert(Values.FromJson(node), type);
    }
}
