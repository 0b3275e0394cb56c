using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>
/// One version of a workflow: an Elsa 3 definition document, immutable. The document is kept as it was read, so that what the engine
/// does not understand survives a round trip.
/// </summary>
public sealed class WorkflowDefinition
{
    internal WorkflowDefinition(string source, JsonObject document)
    {
        Source = source;
        Document = document;
    }

    /// <summary>Where the text came from, for messages.</summary>
    public string Source { get; }

    /// <summary>The whole document. Read only by agreement: clone it before changing anything.</summary>
    public JsonObject Document { get; }

    /// <summary>Id of this version; empty when the file gives none.</summary>
    public string Id { get; internal init; } = "";

    /// <summary>Id shared by all versions; empty when the file gives none.</summary>
    public string DefinitionId { get; internal init; } = "";

    public string? Name { get; internal init; }

    public string? Description { get; internal init; }

    public int Version { get; internal init; } = 1;

    public bool IsPublished { get; internal init; }

    public bool IsLatest { get; internal init; }

    public bool IsReadonly { get; internal init; }

    public bool IsSystem { get; internal init; }

    public string? ToolVersion { get; internal init; }

    public IReadOnlyList<VariableDefinition> Variables { get; internal init; } = [];

    public IReadOnlyList<InputDefinition> Inputs { get; internal init; } = [];

    public IReadOnlyList<OutputDefinition> Outputs { get; internal init; } = [];

    public IReadOnlyList<string> Outcomes { get; internal init; } = [];

    public WorkflowOptions Options { get; internal init; } = new();

    /// <summary>The activity that the workflow runs; an empty <c>Elsa.Sequence</c> when the file has none.</summary>
    public JsonObject Root { get; internal init; } = new();

    /// <summary>The activity type name under which other workflows can use this one: its name in Pascal case, without namespace.</summary>
    public string ActivityTypeName => ActivityNames.Pascalize(Name ?? DefinitionId);

    /// <summary>Things that were tolerated while reading, for a person to see.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>Reads a document.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">File name or other origin, for messages.</param>
    /// <exception cref="DefinitionException">The text is not JSON, not a workflow, too deep or too large.</exception>
    public static WorkflowDefinition Read(string json, string source) => DefinitionReader.Read(json, source);

    /// <summary>The document in the form in which Elsa writes it: pretty-printed, members in a stable order, node ids computed anew.</summary>
    /// <exception cref="DefinitionException">The document does not compile, so it has no node ids.</exception>
    public string Write() => DefinitionWriter.Write(this);
}
