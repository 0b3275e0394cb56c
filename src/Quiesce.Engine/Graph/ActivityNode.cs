using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>One activity of a graph.</summary>
public sealed class ActivityNode
{
    internal ActivityNode(WorkflowGraph graph, int index, JsonObject json, IActivity activity, ActivityNode? parent)
    {
        Graph = graph;
        Index = index;
        Json = json;
        Activity = activity;
        Descriptor = activity.Descriptor;
        Parent = parent;
    }

    public WorkflowGraph Graph { get; }

    public int Index { get; }

    /// <summary>The activity as it stands in the document. Read only.</summary>
    public JsonObject Json { get; }

    public IActivity Activity { get; }

    public ActivityDescriptor Descriptor { get; }

    public ActivityNode? Parent { get; }

    public string Id { get; internal set; } = "";

    /// <summary>Ids from the workflow activity down to this one, joined with colons.</summary>
    public string NodeId { get; internal set; } = "";

    /// <summary>The type in the document, also when it is unknown here.</summary>
    public string TypeName { get; internal init; } = "";

    public int Version { get; internal init; } = 1;

    public string? Name { get; internal init; }

    public bool CanStartWorkflow { get; internal init; }

    /// <summary>The container port that this node hangs on.</summary>
    public string? Port { get; internal init; }

    /// <summary>Position among the children of that port.</summary>
    public int Position { get; internal init; }

    /// <summary>What the activity's <see cref="IActivity.Prepare"/> made of it.</summary>
    public object? Plan { get; internal set; }

    internal JournalSubject Subject => field ??= new(Id, TypeName, Version, Name, NodeId);

    internal InputBinding[] Inputs { get; set; } = [];

    internal string?[] OutputReferences { get; set; } = [];

    internal VariableDefinition[] Variables { get; set; } = [];

    internal (string Port, ActivityNode?[] Nodes)[] Children { get; set; } = [];

    // Evaluated once, shared by all executions: most activities of most workflows have only constants.
    internal object?[]? ConstantInputs { get; set; }

    internal bool HasChildren { get; set; }

    internal LogPersistence? LogPersistence { get; set; }

    /// <summary>The child on an embedded port, or null.</summary>
    public ActivityNode? Child(string port) => ChildrenOf(port) is [var first, ..] ? first : null;

    /// <summary>The children of a list member such as <c>activities</c>; an entry is null where the document has no activity.</summary>
    public IReadOnlyList<ActivityNode?> ChildrenOf(string port)
    {
        foreach (var (name, nodes) in Children)
            if (name == port)
                return nodes;
        return [];
    }

    internal int InputIndex(string name) => IndexOf(Descriptor.Inputs, name);

    internal int OutputIndex(string name)
    {
        for (var i = 0; i < Descriptor.Outputs.Count; i++)
            if (Descriptor.Outputs[i].Name == name)
                return i;
        return -1;
    }

    internal JsonObject? InputsToJson(object?[]? values, bool[]? excluded)
    {
        if (values is null)
            return null;
        var json = new JsonObject();
        for (var i = 0; i < values.Length; i++)
            if (Descriptor.Inputs[i] is { IsWrapped: true, IsSensitive: false } input && excluded?[i] != true)
                json[input.Name] = Values.ToJson(values[i]);
        return json;
    }

    internal JsonObject? OutputsToJson(object?[]? values, bool[]? excluded)
    {
        if (values is null)
            return null;
        var json = new JsonObject();
        for (var i = 0; i < values.Length; i++)
            if (excluded?[i] != true)
                json[Descriptor.Outputs[i].Name] = Values.ToJson(values[i]);
        return json;
    }

    private static int IndexOf(IReadOnlyList<InputDescriptor> inputs, string name)
    {
        for (var i = 0; i < inputs.Count; i++)
            if (inputs[i].Name == name)
                return i;
        return -1;
    }
}

/// <summary>An input of a node: its expression, or the default where the document has none.</summary>
internal readonly record struct InputBinding(InputDescriptor Descriptor, ValueType Type, Expression? Expression, object? Default, bool IsGiven);
