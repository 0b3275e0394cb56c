using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Binds the members of an activity to its descriptor: inputs, outputs, container variables.</summary>
internal static class InputBinder
{
    public static void Bind(ActivityNode node)
    {
        var descriptor = node.Descriptor;
        if (descriptor.Inputs.Count > 0)
        {
            node.Inputs = [.. descriptor.Inputs.Select(i => Binding(node, i))];
            node.ConstantInputs = Constants(node.Inputs);
        }

        if (descriptor.Outputs.Count > 0)
            node.OutputReferences = [.. descriptor.Outputs.Select(o => Reference(node.Json.Find(ActivityNames.Member(o.Name))))];
        if (descriptor.IsContainer)
            node.Variables = Variables(node);
    }

    /// <summary>The memory slot that receives an output.</summary>
    public static string? Reference(JsonNode? output) => (output as JsonObject)?.Find("memoryReference") is JsonObject reference ? reference.Text("id") : null;

    /// <summary>A variable as containers and <c>Elsa.SetVariable</c> write it: any type that is not known holds any object.</summary>
    public static VariableDefinition Variable(JsonObject json, string fallbackId, string fallbackName)
    {
        var alias = json.Text("typeName") ?? "Object";
        var type = ValueType.Find(alias);
        var value = json.Find("value");
        return new()
        {
            Id = json.Text("id") ?? fallbackId,
            Name = json.Text("name") is { Length: > 0 } name ? name : fallbackName,
            TypeName = type is null ? "Object" : alias,
            DefaultText = value is JsonObject or JsonArray ? value.ToJsonString(JsonText.Compact) : Json.AsText(value),
            Driver = VariableDefinition.ReadDriver(json.Text("storageDriverTypeName")),
            Type = type ?? ValueType.Object,
        };
    }

    private static InputBinding Binding(ActivityNode node, InputDescriptor input)
    {
        var type = ValueType.Find(input.TypeName) ?? ValueType.Object;
        if (!input.IsWrapped)
            return new(input, type, null, null, false);
        var member = ActivityNames.Member(input.Name);
        var expression = ExpressionReader.ReadInput(node.Json.Find(member));
        return new(input, type, expression, ValueConverter.Convert(input.DefaultValue, type), expression is not null);
    }

    private static object?[]? Constants(InputBinding[] inputs)
    {
        var values = new object?[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            var input = inputs[i];
            if (input.Expression is { IsConstant: false } && input.Descriptor.AutoEvaluate)
                return null;
            try
            {
                values[i] = input.Expression is null || !input.Descriptor.AutoEvaluate ? input.Default : input.Expression.Evaluate(null!, input.Type);
            }
            catch (ActivityFaultException)
            {
                // It will fail again when the activity is reached, and there it becomes an incident.
                return null;
            }
        }

        return values;
    }

    private static VariableDefinition[] Variables(ActivityNode node)
    {
        var items = Json.List(node.Json.Find("variables"));
        if (items is null)
            return [];
        var variables = new List<VariableDefinition>();
        foreach (var json in items.OfType<JsonObject>())
            variables.Add(Variable(json, $"{node.Id}:variable-{variables.Count + 1}", $"Variable{variables.Count + 1}"));
        return [.. variables];
    }
}
