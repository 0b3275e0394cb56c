using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Engine;
using Quiesce.Jobs.Definitions;

namespace Quiesce.Server.Studio;

/// <summary>TypeScript declarations for the code editor: what a script of this definition may call.</summary>
internal static class ScriptTypes
{
    private const string Always = """
        declare function getVariable(name: string): any;
        declare function setVariable(name: string, value: any): void;
        declare function getInput(name: string): any;
        declare function getOutputFrom(activityIdOrName: string, outputName?: string): any;
        declare function getLastResult(): any;
        declare function getWorkflowDefinitionId(): string;
        declare function getWorkflowDefinitionVersionId(): string;
        declare function getWorkflowDefinitionVersion(): number;
        declare function getWorkflowInstanceId(): string;
        declare function getCorrelationId(): string | null;
        declare function setCorrelationId(value: string | null): void;
        declare function getWorkflowInstanceName(): string | null;
        declare function setWorkflowInstanceName(value: string | null): void;
        declare function isNullOrWhiteSpace(value: string | null | undefined): boolean;
        declare function isNullOrEmpty(value: string | null | undefined): boolean;
        declare function toJson(value: any): string;
        declare function parseGuid(value: string): string;
        declare function newGuid(): string;
        declare function newGuidString(): string;
        declare function newShortGuid(): string;
        declare function bytesToString(value: any): string;
        declare function bytesFromString(value: string): any;
        declare function bytesToBase64(value: any): string;
        declare function bytesFromBase64(value: string): any;
        declare function stringToBase64(value: string): string;
        declare function stringFromBase64(value: string): string;

        """;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/scripting/javascript/type-definitions/{definitionId}", ForAsync).ForViewers();

    /// <summary>For a definition that is not saved yet, what every script may call.</summary>
    private static async Task<IResult> ForAsync(string definitionId, HttpContext context, DefinitionCatalog catalog)
    {
        var request = await StudioJson.ReadAsync(context);
        var graph = catalog.Row(definitionId, VersionSelector.Latest) is { } row ? catalog.Graph(row) : null;
        return TypedResults.Text(Of(graph, request.Text("activityTypeName")), "text/plain", Encoding.UTF8);
    }

    public static string Of(WorkflowGraph? graph, string? activityType)
    {
        var text = new StringBuilder(Always);
        if (activityType == "Elsa.RunJavaScript")
            text.AppendLine("declare function setOutcome(name: string): void;").AppendLine("declare function setOutcomes(names: string[]): void;");
        if (graph is null)
            return text.ToString();
        var declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in graph.Definition.Inputs)
            Declare(text, declared, $"get{Accessor(input.Name)}(): {Type(input.TypeName)}", input.Name);
        foreach (var variable in Variables(graph))
        {
            Declare(text, declared, $"get{Accessor(variable.Name)}(): {Type(variable.Type)}", variable.Name);
            Declare(text, declared, $"set{Accessor(variable.Name)}(value: {Type(variable.Type)}): void", variable.Name);
        }

        foreach (var node in graph.Nodes.Where(node => node.Name is not null))
            foreach (var output in node.Descriptor.Outputs)
                Declare(text, declared, $"get{output.Name}From{Accessor(node.Name!)}(): {Type(output.TypeName)}", node.Name!);
        text.AppendLine("declare const variables: {");
        foreach (var variable in Variables(graph).Where(one => IsWord(one.Name)).DistinctBy(one => one.Name))
            text.Append("  ").Append(variable.Name).Append(": ").Append(Type(variable.Type)).AppendLine(";");
        return text.AppendLine("};").ToString();
    }

    private static IEnumerable<(string Name, string Type)> Variables(WorkflowGraph graph)
    {
        foreach (var variable in graph.Definition.Variables)
            yield return (variable.Name, variable.TypeName);
        foreach (var node in graph.Nodes)
            foreach (var variable in (node.Json["variables"] as JsonArray ?? []).OfType<JsonObject>())
                if (variable.Text("name") is { } name)
                    yield return (name, variable.Text("typeName") ?? "Object");
    }

    private static void Declare(StringBuilder text, HashSet<string> declared, string signature, string name)
    {
        // An underscore or a sign in a name leaves no accessor; getVariable and getInput take any name.
        if (IsWord(Accessor(name)) && declared.Add(signature.Split('(')[0]))
            text.Append("declare function ").Append(signature).AppendLine(";");
    }

    private static bool IsWord(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(char.IsAsciiLetterOrDigit);

    private static string Accessor(string name)
    {
        var pascal = string.Concat(name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return pascal;
    }

    private static string Type(string alias) => alias.TrimEnd('?') switch
    {
        "String" or "Guid" or "DateTime" or "DateTimeOffset" or "TimeSpan" => "string",
        "Boolean" => "boolean",
        "Int16" or "Int32" or "Int64" or "Long" or "Single" or "Double" or "Decimal" => "number",
        var list when list.EndsWith("[]", StringComparison.Ordinal) => Type(list[..^2]) + "[]",
        var list when list.EndsWith('>') && list.Contains('<', StringComparison.Ordinal) => Type(list[(list.IndexOf('<', StringComparison.Ordinal) + 1)..^1]) + "[]",
        _ => "any",
    };
}
