using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>A definition compiled against the activities of a host: immutable, shared by every burst and thread.</summary>
public sealed class WorkflowGraph
{
    public WorkflowDefinition Definition => throw new NotImplementedException();

    public ActivityRegistry Registry => throw new NotImplementedException();

    /// <summary>All nodes, the implicit <c>Elsa.Workflow</c> first.</summary>
    public IReadOnlyList<ActivityNode> Nodes => throw new NotImplementedException();

    /// <exception cref="DefinitionException">The document cannot be a workflow.</exception>
    public static WorkflowGraph Compile(WorkflowDefinition definition, ActivityRegistry registry) => throw new NotImplementedException();
}

/// <summary>One activity of a graph.</summary>
public sealed class ActivityNode
{
    public string Id => throw new NotImplementedException();

    public string NodeId => throw new NotImplementedException();

    public string TypeName => throw new NotImplementedException();

    public string? Name => throw new NotImplementedException();

    public object? Plan => throw new NotImplementedException();

    internal JsonObject? InputsToJson(object?[]? values) => throw new NotImplementedException();

    internal JsonObject? OutputsToJson(object?[]? values) => throw new NotImplementedException();
}

/// <summary>A node while it is compiled.</summary>
public sealed class NodeDraft
{
    /// <summary>The activity as it stands in the document.</summary>
    public JsonObject Json => throw new NotImplementedException();
}
