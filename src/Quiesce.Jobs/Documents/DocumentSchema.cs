using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs.Documents;

/// <summary>Checks a document against the part of JSON Schema 2020-12 that our schemas use, and reports every complaint in plain words with line and path.</summary>
public sealed class DocumentSchema
{
    /// <summary>Keywords that are checked here, and those that only describe.</summary>
    private static readonly HashSet<string> Known =
    [
        "type", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "items", "properties", "required", "additionalProperties", "$ref", "$defs",
        "$schema", "$id", "title", "description", "default", "examples", "errorMessage",
    ];

    private readonly JsonElement _root;

    private DocumentSchema(string text)
    {
        Text = text;
        _root = JsonDocument.Parse(text).RootElement;
        Refuse(_root);
    }

    /// <summary>The schema of a job file, as it is published.</summary>
    public static DocumentSchema Job { get; } = new(Embedded("job.schema.json"));

    /// <summary>The schema's own JSON.</summary>
    public string Text { get; }

    /// <summary>Reads a schema.</summary>
    /// <exception cref="NotSupportedException">It uses a keyword that would be passed over here in silence.</exception>
    public static DocumentSchema Parse(string text) => new(text);

    /// <summary>Every complaint, in the order of the document; empty when the document is as the schema says.</summary>
    public IReadOnlyList<Complaint> Check(string file, LocatedNode document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var complaints = new List<Complaint>();
        Check(file, document, _root, complaints);
        return complaints;
    }

    /// <summary>The same for a document that is one of the schema's <c>$defs</c>.</summary>
    public IReadOnlyList<Complaint> CheckPart(string definition, string file, LocatedNode document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var complaints = new List<Complaint>();
        Check(file, document, Resolve("#/$defs/" + definition), complaints);
        return complaints;
    }

    private void Check(string file, LocatedNode node, JsonElement schema, List<Complaint> complaints)
    {
        void Complain(string message) => complaints.Add(new Complaint(file, node.Line, node.Pointer, message));
        var name = Name(node);

        if (schema.TryGetProperty("$ref", out var reference))
            Check(file, node, Resolve(reference.GetString()!), complaints);

        if (schema.TryGetProperty("type", out var type) && !Is(node, type.GetString()!))
        {
            Complain($"{name} has to be {Article(type.GetString()!)}, not {Kind(node)}.");
            return;
        }

        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => node.Kind == JsonValueKind.String && word.GetString() == node.Text))
        {
            var allowed = words.EnumerateArray().Select(word => word.GetString()!).ToList();
            var meant = node.Text is { } text && NearestName.Of(text, allowed) is { } near ? $" Did you mean '{near}'?" : "";
            Complain($"{name} has to be one of {string.Join(", ", allowed)}, not {Kind(node)}.{meant}");
        }

        if (node.Kind == JsonValueKind.String)
            CheckText(node.Text!, name, schema, Complain);
        else if (node.Kind == JsonValueKind.Number)
            CheckNumber(node.Text!, name, schema, Complain);
        else if (node.Kind == JsonValueKind.Array)
            CheckItems(file, node, name, schema, complaints, Complain);
        else if (node.Kind == JsonValueKind.Object)
            CheckMembers(file, node, name, schema, complaints, Complain);
    }

    private static void CheckText(string text, string name, JsonElement schema, Action<string> complain)
    {
        if (schema.TryGetProperty("minLength", out var least) && text.Length < least.GetInt32())
            complain($"{name} must not be empty.");
        else if (schema.TryGetProperty("maxLength", out var most) && text.Length > most.GetInt32())
            complain($"{name} has {text.Length} characters; at most {most.GetInt32()} are allowed.");
        else if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(text, pattern.GetString()!, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking))
            complain($"{name} {(schema.TryGetProperty("errorMessage", out var words) ? words.GetString() : "does not match " + pattern.GetString())}; it is '{Short(text)}'.");
    }

    private static void CheckNumber(string digits, string name, JsonElement schema, Action<string> complain)
    {
        var number = double.Parse(digits, CultureInfo.InvariantCulture);
        var (hasLeast, hasMost) = (schema.TryGetProperty("minimum", out var least), schema.TryGetProperty("maximum", out var most));
        if ((hasLeast && number < least.GetDouble()) || (hasMost && number > most.GetDouble()))
            complain($"{name} has to be between {least} and {most}, not {Short(digits)}.");
    }

    private void CheckItems(string file, LocatedNode node, string name, JsonElement schema, List<Complaint> complaints, Action<string> complain)
    {
        if (schema.TryGetProperty("minItems", out var least) && node.Items.Count < least.GetInt32())
            complain($"{name} needs at least {least.GetInt32()} {(least.GetInt32() == 1 ? "entry" : "entries")}.");
        if (schema.TryGetProperty("maxItems", out var most) && node.Items.Count > most.GetInt32())
        {
            complain($"{name} has {node.Items.Count} entries; at most {most.GetInt32()} are allowed.");
            return;
        }

        if (schema.TryGetProperty("items", out var items))
            foreach (var item in node.Items)
                Check(file, item, items, complaints);
    }

    private void CheckMembers(string file, LocatedNode node, string name, JsonElement schema, List<Complaint> complaints, Action<string> complain)
    {
        if (!schema.TryGetProperty("properties", out var properties))
            return;
        if (schema.TryGetProperty("required", out var required))
            foreach (var missing in required.EnumerateArray().Select(entry => entry.GetString()!).Where(entry => node[entry] is null))
                complain($"{name} needs '{missing}'{Example(properties.GetProperty(missing))}.");

        var known = properties.EnumerateObject().Select(property => property.Name).ToList();
        foreach (var member in node.Members)
        {
            if (properties.TryGetProperty(member.Name, out var property))
                Check(file, member.Value, property, complaints);
            else if (schema.TryGetProperty("additionalProperties", out var open) && !open.GetBoolean())
                complaints.Add(new Complaint(file, member.Line, member.Value.Pointer, Unknown(member.Name, name, known)));
        }
    }

    private static string Unknown(string member, string owner, List<string> known) => NearestName.Of(member, known) is { } near
        ? $"'{Short(member)}' is not known here. Did you mean '{near}'?"
        : $"'{Short(member)}' is not known here. {owner} may have {string.Join(", ", known.Where(entry => entry[0] != '$'))}.";

    private static string Example(JsonElement property) =>
        property.TryGetProperty("examples", out var examples) && examples[0].ValueKind == JsonValueKind.String ? $", for example \"{examples[0].GetString()}\"" : "";

    private static bool Is(LocatedNode node, string type) => type switch
    {
        "object" => node.Kind == JsonValueKind.Object,
        "array" => node.Kind == JsonValueKind.Array,
        "string" => node.Kind == JsonValueKind.String,
        "boolean" => node.Kind is JsonValueKind.True or JsonValueKind.False,
        "integer" => node.Kind == JsonValueKind.Number && node.Text!.AsSpan().IndexOfAny('.', 'e', 'E') < 0,
        _ => node.Kind == JsonValueKind.Number,
    };

    private static string Article(string type) => type switch
    {
        "object" => "an object { … }",
        "array" => "a list [ … ]",
        "string" => "a text in quotes",
        "boolean" => "true or false",
        "integer" => "a whole number",
        _ => "a number",
    };

    private static string Kind(LocatedNode node) => node.Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"\"{Short(node.Text!)}\"",
        JsonValueKind.Number => Short(node.Text!),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    private static string Name(LocatedNode node) => node.Pointer.Length == 0 ? "The document" : $"'{node.Pointer[1..].Replace('/', '.')}'";

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";

    private JsonElement Resolve(string reference) => _root.GetProperty("$defs").GetProperty(reference["#/$defs/".Length..]);

    /// <summary>A keyword that this class passed over would make the published schema promise more than is checked.</summary>
    private static void Refuse(JsonElement schema)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Known.Contains(keyword.Name))
                throw new NotSupportedException($"The schema uses the keyword '{keyword.Name}', which is not checked.");
            if (keyword.Name == "items")
                Refuse(keyword.Value);
            else if (keyword.Name is "properties" or "$defs")
                foreach (var part in keyword.Value.EnumerateObject())
                    Refuse(part.Value);
        }
    }

    private static string Embedded(string name)
    {
        using var stream = typeof(DocumentSchema).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
