using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>A node while its graph is compiled: its children are there, its plan is not.</summary>
public sealed class NodeDraft
{
    private readonly ActivityNode node;

    internal NodeDraft(ActivityNode node) => this.node = node;

    /// <summary>The activity as it stands in the document.</summary>
    public JsonObject Json => node.Json;

    public string ActivityId => node.Id;

    /// <summary>The child on an embedded port, or null.</summary>
    public ActivityNode? Child(string port) => node.Child(port);

    /// <summary>The children of a list member.</summary>
    public IReadOnlyList<ActivityNode?> ChildrenOf(string port) => node.ChildrenOf(port);

    /// <summary>The complaint that ends the compilation.</summary>
    public DefinitionException Refuse(string reason) => new(node.Graph.Definition.Source, reason, activityId: node.Id);

    internal ActivityNode Node => node;
}
