using System.Text;

namespace Quiesce.Engine;

/// <summary>The functions that a script of a workflow may call, made when a script mentions them.</summary>
internal sealed class ScriptEnvironment(ActivityContext context, List<string>? outcomes)
{
    private BurstRun Run => context.Run;

    /// <summary>The function of that name, or null when a workflow offers none.</summary>
    public Func<object?[], object?>? Function(string name) => WorkflowFunction(name) ?? TextFunction(name) ?? Accessor(name);

    private Func<object?[], object?>? WorkflowFunction(string name) => name switch
    {
        "getVariable" => a => context.GetVariable(Text(a, 0)),
        "setVariable" => a => Do(() => context.SetVariable(Text(a, 0), At(a, 1))),
        "getInput" => a => context.GetWorkflowInput(Text(a, 0)),
        "getOutputFrom" => a => OutputFrom(Text(a, 0), At(a, 1) is { } output ? Values.ToText(output)! : "Result"),
        "getLastResult" => _ => LastResult(),
        "getWorkflowDefinitionId" => _ => Run.Definition.DefinitionId,
        "getWorkflowDefinitionVersionId" => _ => Run.Definition.Id,
        "getWorkflowDefinitionVersion" => _ => Run.Definition.Version,
        "getWorkflowInstanceId" => _ => context.WorkflowInstanceId,
        "getCorrelationId" => _ => context.CorrelationId,
        "setCorrelationId" => a => Do(() => context.CorrelationId = Values.ToText(At(a, 0))),
        "getWorkflowInstanceName" => _ => context.WorkflowInstanceName,
        "setWorkflowInstanceName" => a => Do(() => context.WorkflowInstanceName = Values.ToText(At(a, 0))),
        "setOutcome" when outcomes is not null => a => Do(() => SetOutcomes([At(a, 0)])),
        "setOutcomes" when outcomes is not null => a => Do(() => SetOutcomes(Values.Items(At(a, 0)) ?? [])),
        "newGuid" => _ => Guid.NewGuid(),
        "newGuidString" or "getGuidString" => _ => Guid.NewGuid().ToString(),
        "newShortGuid" or "getShortGuid" => _ => Convert.ToBase64String(Guid.NewGuid().ToByteArray()).Replace('/', '_').Replace('+', '-')[..22],
        _ => null,
    };

    private static Func<object?[], object?>? TextFunction(string name) => name switch
    {
        "isNullOrWhiteSpace" => a => string.IsNullOrWhiteSpace(Values.ToText(At(a, 0))),
        "isNullOrEmpty" => a => string.IsNullOrEmpty(Values.ToText(At(a, 0))),
        "toJson" => a => Values.ToJson(At(a, 0))?.ToJsonString(JsonText.Compact) ?? "null",
        "parseGuid" => a => Guid.Parse(Text(a, 0)),
        "bytesToString" => a => Encoding.UTF8.GetString(Bytes(a)),
        "bytesFromString" => a => Encoding.UTF8.GetBytes(Text(a, 0)),
        "bytesToBase64" or "streamToBase64" => a => Convert.ToBase64String(Bytes(a)),
        "bytesFromBase64" => a => Convert.FromBase64String(Text(a, 0)),
        "stringToBase64" => a => Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(a, 0))),
        "stringFromBase64" => a => Encoding.UTF8.GetString(Convert.FromBase64String(Text(a, 0))),
        "streamToBytes" => a => Bytes(a),
        _ => null,
    };

    // get{Name}, set{Name} and get{Output}From{Activity}. Names with anything but letters and digits have none: use getVariable.
    private Func<object?[], object?>? Accessor(string word)
    {
        if (word.Length < 4 || word.Contains('_', StringComparison.Ordinal) || word.Contains('$', StringComparison.Ordinal))
            return null;
        var name = word[3..];
        if (word.StartsWith("get", StringComparison.Ordinal))
        {
            if (context.ScriptArguments?.Keys.FirstOrDefault(k => Pascal(k) == name) is { } argument)
                return _ => context.ScriptArguments?.GetValueOrDefault(argument);
            if (DeclaredInput(name) is { } input)
                return _ => context.GetWorkflowInput(input);
            if (Variable(name) is { } variable)
                return _ => context.GetVariable(variable);
            return OutputAccessor(name);
        }

        return word.StartsWith("set", StringComparison.Ordinal) && Variable(name) is { } target ? a => Do(() => context.SetVariable(target, At(a, 0))) : null;
    }

    private string? DeclaredInput(string pascal) =>
        context.Composite().Parent is null ? context.Definition.Inputs.FirstOrDefault(i => IsPlain(i.Name) && Pascal(i.Name) == pascal)?.Name : null;

    private string? Variable(string pascal) => context.VariablesInScope().FirstOrDefault(s => IsPlain(s.Name) && Pascal(s.Name) == pascal)?.Name;

    private Func<object?[], object?>? OutputAccessor(string name)
    {
        var split = name.IndexOf("From", 1, StringComparison.Ordinal);
        if (split <= 0)
            return null;
        var (output, activity) = (name[..split], name[(split + 4)..]);
        var byName = (context.Definition.ToolVersion ?? "3").Split('.')[0] is var major && int.TryParse(major, out var n) && n >= 3;
        var node = context.Node.Graph.Nodes.FirstOrDefault(x => (byName ? x.Name : x.Id) is { } label && Pascal(label) == activity);
        return node is null ? null : _ => OutputFrom(node.Id, output);
    }

    // The first record of the activity in the nearest container, in this burst. What an outer container's activities put out is not seen.
    private object? OutputFrom(string activity, string output)
    {
        for (var scope = context; scope is not null; scope = scope.Node.Descriptor.IsContainer ? null : scope.Parent)
            foreach (var record in Run.Outputs)
                if (record.Context.Parent == scope
                    && (record.Context.Node.Id == activity || record.Context.Node.Name == activity)
                    && string.Equals(record.Name, output, StringComparison.OrdinalIgnoreCase))
                    return record.Value;
        return null;
    }

    private object? LastResult()
    {
        for (var i = Run.Outputs.Count - 1; i >= 0; i--)
            if (Run.Outputs[i].Name == "Result")
                return Run.Outputs[i].Value;
        return null;
    }

    private void SetOutcomes(IEnumerable<object?> names)
    {
        outcomes!.Clear();
        outcomes.AddRange(names.Select(n => Values.ToText(n) ?? ""));
    }

    private static string Pascal(string name) => ActivityNames.Pascalize(name);

    private static bool IsPlain(string name) => name.All(char.IsAsciiLetterOrDigit);

    private static object? At(object?[] arguments, int index) => index < arguments.Length ? arguments[index] : null;

    private static string Text(object?[] arguments, int index) => Values.ToText(At(arguments, index)) ?? "";

    private static byte[] Bytes(object?[] arguments) => ValueConverter.Convert(At(arguments, 0), ValueType.Find("ByteArray")!) as byte[] ?? [];

    private static object? Do(Action action)
    {
        action();
        return null;
    }
}
