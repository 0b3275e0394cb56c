using System.Text;
using System.Text.Json;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;

namespace Quiesce.Jobs.Definitions;

/// <summary>Checks a definition as publishing would, without a server, and says on which line of its text each complaint is.</summary>
public static class OfflineValidation
{
    /// <summary>Every complaint and warning, in the order of the text; empty where there is nothing to say.</summary>
    /// <param name="others">The workflows that it may use as activities, beside itself.</param>
    public static IReadOnlyList<Complaint> Run(string json, string source, ActivityRegistry registry, IReadOnlyList<WorkflowDefinition> others)
    {
        WorkflowDefinition definition;
        try
        {
            definition = WorkflowDefinition.Read(json, source);
            var shelf = new DefinitionShelf(registry, [.. others, definition]);
            var graph = PreparedDefinition.From(definition.Document, null, source, registry).Graph;
            var complaints = PublishCheck.Of(graph, [], shelf.Find);
            return Located(json, source, complaints, definition.Warnings);
        }
        catch (DefinitionException e)
        {
            return Located(json, source, e.Complaints, []);
        }
    }

    /// <summary>What was tolerated.</summary>
    /// <exception cref="DefinitionException">It would be refused; it names every complaint with its line.</exception>
    public static IReadOnlyList<Complaint> Warnings(DefinitionCatalog definitions, string json, string source)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        try
        {
            return Located(json, source, [], definitions.Validate(json, source).Warnings);
        }
        catch (DefinitionException e)
        {
            var lines = Lines(json);
            throw new DefinitionException(source, [.. e.Complaints.Select(one => one with { Line = one.Line ?? Line(lines, one.ActivityId) })]);
        }
    }

    private static List<Complaint> Located(string json, string source, IReadOnlyList<DefinitionComplaint> complaints, IReadOnlyList<string> warnings)
    {
        var lines = complaints.Any(one => one is { Line: null, ActivityId: not null }) ? Lines(json) : [];
        return [
            .. complaints.Select(one => new Complaint(source, one.Line ?? Line(lines, one.ActivityId) ?? 0, one.ActivityId is { } id ? $"activity '{id}'" : "", one.Reason)).OrderBy(one => one.Line),
            .. warnings.Select(warning => new Complaint(source, 0, "", warning, "warning")),
        ];
    }

    private static int? Line(Dictionary<string, int> lines, string? activityId) => activityId is not null && lines.TryGetValue(activityId, out var line) ? line : null;

    /// <summary>The line on which each id is written first. An activity that has none in the text is on no line.</summary>
    private static Dictionary<string, int> Lines(string json)
    {
        var (lines, bytes) = (new Dictionary<string, int>(StringComparer.Ordinal), Encoding.UTF8.GetBytes(json.TrimStart('\uFEFF')));
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 512 });
        var (line, counted) = (1, 0L);
        try
        {
            while (reader.Read())
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth > 1 && reader.ValueTextEquals("id"u8) && reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    for (; counted < reader.TokenStartIndex; counted++)
                        if (bytes[counted] == (byte)'\n')
                            line++;
                    lines.TryAdd(reader.GetString()!, line);
                }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What cannot be read is told as such; the lines found so far are right.
        }

        return lines;
    }
}
