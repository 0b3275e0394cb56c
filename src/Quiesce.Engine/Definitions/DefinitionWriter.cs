using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary><see cref="WorkflowDefinition"/> to text, in the form in which Elsa writes it.</summary>
internal static class DefinitionWriter
{
    public const string Schema = "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json";

    private static readonly string[] Order =
    [
        "$schema", "id", "definitionId", "tenantId", "name", "description", "createdAt", "version", "toolVersion", "variables", "inputs", "outputs",
        "outcomes", "customProperties", "isReadonly", "isSystem", "isLatest", "isPublished", "options", "usableAsActivity", "root",
    ];

    public static string Write(WorkflowDefinition definition) => Document(WorkflowGraph.Compile(definition, ActivityRegistry.Standard)).ToJsonString(JsonText.Pretty) + "\n";

    public static JsonObject Document(WorkflowGraph graph)
    {
        var source = graph.Definition.Document;
        var document = new JsonObject { ["$schema"] = Json.AsText(source["$schema"]) ?? Schema };
        foreach (var name in Order.Skip(1))
            if (name != "root" && source.Has(name))
                document[name] = source.Find(name)?.DeepClone();
        foreach (var (name, value) in source)
            if (!Order.Contains(name, StringComparer.OrdinalIgnoreCase) && name != "links")
                document[name] = value?.DeepClone();
        document["root"] = WrittenActivity.Write(graph);
        return document;
    }
}
