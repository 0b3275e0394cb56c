using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>
/// Which values of an activity stay out of its execution records: for each input and output the first that decides of the property's own setting, the
/// activity's default and the workflow's; without any they are kept. Null on a node says that nobody set anything.
/// </summary>
internal sealed class LogPersistence
{
    private readonly LogChoice[][] inputs;
    private readonly LogChoice[][] outputs;
    private readonly LogChoice[] internalState;

    private LogPersistence(LogChoice[][] inputs, LogChoice[][] outputs, LogChoice[] internalState)
    {
        this.inputs = inputs;
        this.outputs = outputs;
        this.internalState = internalState;
    }

    public static LogPersistence? Of(ActivityNode node)
    {
        var activity = Trees(node.Json.Find("customProperties"));
        var workflow = Trees(node.Graph.Definition.Document.Find("customProperties"));
        if (activity.Count == 0 && workflow.Count == 0)
            return null;
        var defaults = Choices(activity, "default").Concat(Choices(workflow, "default")).ToArray();
        return new(
            [.. node.Descriptor.Inputs.Select(i => Property(activity, "inputs", i.Name, defaults))],
            [.. node.Descriptor.Outputs.Select(o => Property(activity, "outputs", o.Name, defaults))],
            [.. Choices(activity, "internalState"), .. defaults]);
    }

    /// <summary>What of an execution is left out. Expressions see what the activity sees.</summary>
    public LogMask MaskOf(ActivityContext context) => new(
        Array.ConvertAll(inputs, choices => IsExcluded(context, choices)),
        Array.ConvertAll(outputs, choices => IsExcluded(context, choices)),
        IsExcluded(context, internalState));

    private static bool IsExcluded(ActivityContext context, LogChoice[] choices)
    {
        foreach (var choice in choices)
            if (choice.IsExcluded(context) is { } decided)
                return decided;
        return false;
    }

    // The new form wins over the old one beside it.
    private static List<JsonNode> Trees(JsonNode? properties) => properties is not JsonObject json ? [] :
        new[] { json.Find("logPersistenceConfig"), json.Find("logPersistenceMode") }.OfType<JsonNode>().ToList();

    private static LogChoice[] Property(List<JsonNode> trees, string kind, string name, LogChoice[] defaults) =>
        [.. trees.Select(t => LogChoice.Read(((t as JsonObject)?.Find(kind) as JsonObject)?.Find(ActivityNames.Member(name)))).OfType<LogChoice>(), .. defaults];

    private static IEnumerable<LogChoice> Choices(List<JsonNode> trees, string name) =>
        trees.Select(t => LogChoice.Read(t is JsonObject json ? json.Find(name) : name == "default" ? t : null)).OfType<LogChoice>();
}

/// <summary>The values that an execution record leaves out.</summary>
internal sealed record LogMask(bool[] Inputs, bool[] Outputs, bool InternalState);

/// <summary>One setting: a word, or an expression that yields one.</summary>
internal sealed class LogChoice
{
    private readonly bool? excluded;
    private readonly Expression? expression;

    private LogChoice(bool? excluded, Expression? expression)
    {
        this.excluded = excluded;
        this.expression = expression;
    }

    /// <summary>Null when there is nothing that could decide.</summary>
    public static LogChoice? Read(JsonNode? node)
    {
        if (node is JsonValue)
            return Word(Json.AsText(node)) is { } word ? new(word, null) : null;
        if (node is not JsonObject json)
            return null;
        if (json.Text("evaluationMode") == "Expression")
            return ExpressionReader.Read(json.Find("expression")) is { } expression ? new(null, expression) : null;
        return Word(json.Text("strategyType")) is { } strategy ? new(strategy, null) : null;
    }

    /// <summary>Null: the next setting decides.</summary>
    public bool? IsExcluded(ActivityContext context)
    {
        if (expression is null)
            return excluded;
        try
        {
            return Word(Values.ToText(expression.Evaluate(context, ValueType.String)));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whoever wrote an expression meant to keep something out; a mistake in it must not let it in.
            return true;
        }
    }

    // "Exclude", "Elsa.Workflows.LogPersistence.Strategies.Exclude, Elsa.Workflows.Core", or the number of the mode.
    private static bool? Word(string? text) => text switch
    {
        null => null,
        "1" => false,
        "2" => true,
        _ when text.Contains("Exclude", StringComparison.OrdinalIgnoreCase) => true,
        _ when text.Contains("Include", StringComparison.OrdinalIgnoreCase) => false,
        _ => null,
    };
}
