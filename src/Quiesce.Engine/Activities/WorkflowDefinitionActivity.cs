namespace Quiesce.Engine.Activities;

/// <summary>
/// What stands behind every type that the registry does not know: a workflow used as an activity, if the host has one of that name, version or
/// id; otherwise a fault, and only when it is reached.
/// </summary>
internal sealed class WorkflowDefinitionActivity : IActivity
{
    private static readonly string[] CommonMembers = ["id", "nodeId", "name", "type", "version", "customProperties", "metadata"];

    // A workflow that uses itself must end by a condition soon; each level is a copy of its whole graph.
    private const int MaxRecursion = 8;

    public static WorkflowDefinitionActivity Instance { get; } = new();

    public ActivityDescriptor Descriptor { get; } = new() { TypeName = "Elsa.NotFoundActivity", IsBrowsable = false, Category = "Workflows" };

    public object? Prepare(NodeDraft draft)
    {
        var plan = new Members(new(StringComparer.OrdinalIgnoreCase), new(StringComparer.OrdinalIgnoreCase));
        foreach (var (name, value) in draft.Json)
        {
            if (value is null || CommonMembers.Contains(name))
                continue;
            if (InputBinder.Reference(value) is { } reference)
                plan.References[name] = reference;
            if (ExpressionReader.ReadInput(value) is { } expression)
                plan.Inputs[name] = expression;
        }

        return plan;
    }

    public void Execute(ActivityContext context)
    {
        var body = Resolve(context.Node, context.Run.Context.Definitions)
            ?? throw new ActivityFaultException(
                $"There is no activity of type '{context.Node.TypeName}' (version {context.Node.Version}). Install what provides it, or load the workflow that is used as this activity.");
        if (context.Node.Graph.Nesting >= context.Run.Context.MaxNesting || context.Node.Graph.Occurrences(body.Definition) > MaxRecursion)
            throw new ActivityFaultException(
                $"Workflows are used as activities too deep: '{body.Definition.Name ?? body.Definition.DefinitionId}' uses itself, directly or through others. Start it with Elsa.ExecuteWorkflow instead.");
        context.Body = context.Node.Graph.BodyFor(context.Node, body);
        OpenScope(context, body.Definition);
        context.Schedule(context.Body.Workflow);
    }

    public void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        foreach (var output in context.Body!.Definition.Outputs)
        {
            var value = context.Dynamic?.Find(s => s.Id == output.Name)?.Value;
            context.Run.RecordOutput(context, output.Name, value);
            if (((Members)context.Node.Plan!).References.TryGetValue(ActivityNames.Camelize(output.Name), out var reference))
                context.Parent!.SetMemory(reference, value, convert: true);
        }

        context.Complete([.. child.Outcomes]);
    }

    private static void OpenScope(ActivityContext context, WorkflowDefinition definition)
    {
        var expressions = ((Members)context.Node.Plan!).Inputs;
        var slots = new List<VariableSlot>();
        foreach (var input in definition.Inputs)
        {
            object? value = null;
            if (expressions.TryGetValue(ActivityNames.Camelize(input.Name), out var expression))
                value = Evaluate(context, expression, input);
            slots.Add(new(input.Name, input.Name, input.Type, StorageDriver.WorkflowInstance) { Value = value });
        }

        foreach (var output in definition.Outputs)
            slots.Add(new(output.Name, output.Name, output.Type, StorageDriver.WorkflowInstance));
        foreach (var slot in slots)
            context.AddDynamic(slot);
    }

    private static object? Evaluate(ActivityContext context, Expression expression, InputDefinition input)
    {
        try
        {
            return expression.Evaluate(context, input.Type);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new ActivityFaultException($"Failed to evaluate activity input '{input.Name}': {e.Message}", e);
        }
    }

    /// <summary>
    /// The workflow that an activity of a type that is not registered stands for: the version id it names, else that version of the type, else the
    /// type's latest, else the published or latest version of the definition id it names.
    /// </summary>
    public static WorkflowGraph? Resolve(ActivityNode node, DefinitionLookup definitions)
    {
        var json = node.Json;
        if (json.Text("workflowDefinitionVersionId") is { Length: > 0 } versionId && definitions(new() { VersionId = versionId }) is { } exact)
            return exact;
        if (json.Find("version") is not null && definitions(new() { TypeName = node.TypeName, Version = VersionSelector.Specific(node.Version) }) is { } numbered)
            return numbered;
        if (definitions(new() { TypeName = node.TypeName, Version = VersionSelector.Latest }) is { } latest)
            return latest;
        return json.Text("workflowDefinitionId") is not { Length: > 0 } definitionId
            ? null
            : definitions(new() { DefinitionId = definitionId, Version = VersionSelector.Published })
                ?? definitions(new() { DefinitionId = definitionId, Version = VersionSelector.Latest });
    }

    // What may be an input or bind an output, by member; which of them are is known only once the body is.
    private sealed record Members(Dictionary<string, Expression> Inputs, Dictionary<string, string> References);
}
