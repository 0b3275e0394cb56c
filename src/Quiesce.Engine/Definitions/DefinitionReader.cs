using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Text to <see cref="WorkflowDefinition"/>.</summary>
internal static class DefinitionReader
{
    private const int MaxLength = 16 * 1024 * 1024;

    public static WorkflowDefinition Read(string json, string source)
    {
        var document = Parse(json, source);
        try
        {
            return Bind(document, source, MayHoldNotFound(json));
        }
        catch (FormatException e)
        {
            throw new DefinitionException(source, e.Message, inner: e);
        }
    }

    // Looking at every object of a document costs more than looking through its text once; an escape could spell the name otherwise.
    private static bool MayHoldNotFound(string json) =>
        json.Contains("NotFoundActivity", StringComparison.Ordinal) || json.Contains("\\u", StringComparison.Ordinal);

    private static JsonObject Parse(string json, string source)
    {
        if (json.Length > MaxLength)
            throw new DefinitionException(source, $"the document has {json.Length:N0} characters; at most {MaxLength:N0} are read. Split the workflow.");
        try
        {
            // A byte order mark is what editors put before the text; it is not part of it.
            var node = JsonNode.Parse(json.AsSpan().TrimStart('\uFEFF').ToString(), documentOptions: JsonText.Reading);
            var document = node as JsonObject
                ?? throw new DefinitionException(source, "the document is not a JSON object. A workflow definition starts with '{' and has a \"root\".");
            Touch(document);
            return document;
        }
        catch (JsonException e)
        {
            var line = e.LineNumber is { } n ? (int)Math.Min(n + 1, int.MaxValue) : (int?)null;
            throw new DefinitionException(source, $"this is not JSON that can be read: {Reason(e)} Correct the text and load it again.", line, inner: e);
        }
        catch (InvalidOperationException e)
        {
            throw new DefinitionException(source, $"a text in it is not Unicode: {e.Message} Look for \\ud8 to \\udf escapes that stand alone.", inner: e);
        }
    }

    // The reader's own words, without advice to programmers and with the column counted from one, as editors do.
    private static string Reason(JsonException e)
    {
        var text = e.Message.Split(" Path:")[0].Split(" LineNumber:")[0].Replace(" Change the reader options.", "", StringComparison.Ordinal);
        return e.BytePositionInLine is { } column && column < int.MaxValue ? $"{text.TrimEnd('.')} (column {column + 1})." : text;
    }

    // JSON is read lazily: half a surrogate pair, say, would otherwise be noticed by whoever happens to look at it while a workflow runs.
    private static void Touch(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject json:
                foreach (var (_, value) in json)
                    Touch(value);
                break;
            case JsonArray array:
                foreach (var item in array)
                    Touch(item);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                value.GetValue<string>();
                break;
        }
    }

    private static WorkflowDefinition Bind(JsonObject document, string source, bool mayHoldNotFound)
    {
        var warnings = new List<string>();
        var rootNode = document.Find("root");
        if (rootNode is not null and not JsonObject)
            throw new DefinitionException(source, "\"root\" is not an activity object. Give it an object with a \"type\".");
        var root = (mayHoldNotFound ? NotFoundActivities.Restore(rootNode as JsonObject) : rootNode as JsonObject) ?? new JsonObject { ["type"] = "Elsa.Sequence", ["version"] = 1 };
        var options = Options(document, source);
        return new(source, document)
        {
            Id = document.Text("id") ?? "",
            DefinitionId = document.Text("definitionId") ?? "",
            Name = document.Text("name")?.Trim(),
            Description = document.Text("description")?.Trim(),
            Version = document.Integer("version") ?? 1,
            IsPublished = document.Flag("isPublished") ?? false,
            IsLatest = document.Flag("isLatest") ?? false,
            IsReadonly = document.Flag("isReadonly") ?? false,
            IsSystem = document.Flag("isSystem") ?? false,
            ToolVersion = document.Text("toolVersion"),
            Variables = Variables(document, source, warnings),
            Inputs = [.. Objects(document, "inputs").Select(Input)],
            Outputs = [.. Objects(document, "outputs").Select(o => new OutputDefinition(o.Text("name") ?? "", o.Text("type") ?? "Object")
            {
                DisplayName = o.Text("displayName"),
                Description = o.Text("description"),
                Type = ValueType.Find(o.Text("type")) ?? ValueType.Object,
            })],
            Outcomes = [.. document.ListOf("outcomes").Select(Json.AsText).OfType<string>()],
            Options = options,
            Root = root,
            Warnings = warnings,
        };
    }

    private static InputDefinition Input(JsonObject json) => new(json.Text("name") ?? "", json.Text("type") ?? "Object")
    {
        DisplayName = json.Text("displayName"),
        Description = json.Text("description"),
        Category = json.Text("category"),
        UiHint = json.Text("uiHint"),
        Driver = VariableDefinition.ReadDriver(json.Text("storageDriverType")),
        Type = ValueType.Find(json.Text("type")) ?? ValueType.Object,
    };

    private static WorkflowOptions Options(JsonObject document, string source)
    {
        var node = document.Find("options");
        if (node is not null and not JsonObject)
            throw new DefinitionException(source, "\"options\" is not an object. Remove it or give it one.");
        var json = node as JsonObject ?? [];
        return new()
        {
            UsableAsActivity = json.Flag("usableAsActivity") ?? document.Flag("usableAsActivity") ?? false,
            AutoUpdateConsumingWorkflows = json.Flag("autoUpdateConsumingWorkflows") ?? false,
            ActivityCategory = json.Text("activityCategory"),
            ActivationStrategyType = json.Text("activationStrategyType"),
            IncidentStrategy = json.Text("incidentStrategyType")?.Contains("ContinueWithIncidents", StringComparison.Ordinal) == true
                ? IncidentStrategy.ContinueWithIncidents
                : IncidentStrategy.Fault,
            CommitStrategyName = json.Text("commitStrategyName"),
        };
    }

    private static List<VariableDefinition> Variables(JsonObject document, string source, List<string> warnings)
    {
        var variables = new List<VariableDefinition>();
        foreach (var json in Objects(document, "variables"))
        {
            var name = json.Text("name") ?? "";
            var alias = json.Text("typeName") ?? "Object";
            if (json.Flag("isArray") == true)
                alias += "[]";
            if (json.Find("value") is { } value && value.GetValueKind() != JsonValueKind.String)
                throw new DefinitionException(source, $"variable '{name}': \"value\" must be a text that holds the default, such as \"0\" or \"true\". Put it in quotes.");
            if (ValueType.Find(alias) is not { } type)
            {
                warnings.Add($"variable '{name}' has the unknown type '{alias}' and is ignored");
                continue;
            }

            variables.Add(new()
            {
                Id = json.Text("id") ?? $"Workflow1:variable-{variables.Count + 1}",
                Name = name,
                TypeName = alias,
                DefaultText = json.Text("value"),
                Driver = VariableDefinition.ReadDriver(json.Text("storageDriverTypeName")),
                Type = type,
            });
        }

        return variables;
    }

    private static IEnumerable<JsonObject> Objects(JsonObject json, string name) => json.ListOf(name).OfType<JsonObject>();
}
