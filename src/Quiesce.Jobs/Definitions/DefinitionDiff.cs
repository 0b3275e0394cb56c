using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Jobs.Definitions;

/// <summary>One change between two versions, in words.</summary>
/// <param name="Kind"><c>added</c>, <c>removed</c>, <c>changed</c> or <c>layout</c>.</param>
/// <param name="Path">Where: <c>activities/runPre/phase</c>, <c>connections/flow/a.Done→b.In</c>, <c>variables/count</c>, <c>options/usableAsActivity</c>.</param>
/// <param name="Text">The change as a sentence without a full stop.</param>
public sealed record DefinitionChangeLine(string Kind, string Path, string Text);

/// <summary>What changed in the graph between two versions. Ids, version numbers, the marks latest and published, and the order in which a flowchart is written do not count.</summary>
public static class DefinitionDiff
{
    private const int MovesNamed = 3;

    /// <summary>Every difference that means something, then the moves; empty where the two do and look the same.</summary>
    public static IReadOnlyList<DefinitionChangeLine> Between(WorkflowDefinition a, WorkflowDefinition b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return Between(Ready(a), Ready(b));
    }

    internal static IReadOnlyList<DefinitionChangeLine> Between(JsonObject a, JsonObject b)
    {
        var (before, after) = (DefinitionParts.Of(a), DefinitionParts.Of(b));
        var (lines, moved) = (new List<DefinitionChangeLine>(), new List<(DefinitionPart Was, DefinitionPart Is)>());
        foreach (var (path, part) in before)
            if (!after.TryGetValue(path, out var now))
            {
                if (!Gone(part, after))
                    lines.Add(new DefinitionChangeLine(part.Kind is PartKind.Member or PartKind.Option or PartKind.Property or PartKind.Document ? "changed" : "removed", path, DefinitionWords.Removed(part)));
            }
            else if (!part.Equal(now))
            {
                if (part.Kind == PartKind.Layout)
                    moved.Add((part, now));
                else
                    lines.Add(new DefinitionChangeLine("changed", path, DefinitionWords.Changed(part, now)));
            }

        foreach (var (path, part) in after)
            if (!before.ContainsKey(path) && !Gone(part, before))
                lines.Add(new DefinitionChangeLine(part.Kind is PartKind.Member or PartKind.Option or PartKind.Property or PartKind.Document ? "changed" : "added", path, DefinitionWords.Added(part)));
        return [.. lines, .. Moves(moved)];
    }

    /// <summary>Whether it comes or goes with its activity: that is said once. A place on the canvas that was not there before is no news either.</summary>
    private static bool Gone(DefinitionPart part, OrderedDictionary<string, DefinitionPart> other) =>
        part.Kind == PartKind.Layout || (part.Kind == PartKind.Member && !other.ContainsKey("activities/" + part.Path.Split('/')[1]));

    private static IEnumerable<DefinitionChangeLine> Moves(List<(DefinitionPart Was, DefinitionPart Is)> layouts)
    {
        var moved = layouts.Where(pair => !JsonNode.DeepEquals(pair.Was.Value!["position"], pair.Is.Value!["position"])).Select(pair => pair.Is).ToList();
        if (moved.Count <= MovesNamed)
            foreach (var part in moved)
                yield return new DefinitionChangeLine("layout", part.Path, $"activity {DefinitionWords.Label(part.Owner!)} moved");
        else
            yield return new DefinitionChangeLine("layout", "activities", $"{moved.Count} activities moved: {string.Join(", ", moved.Take(MovesNamed).Select(part => DefinitionWords.Label(part.Owner!)))} and {moved.Count - MovesNamed} more");
        if (layouts.Count > moved.Count)
            yield return new DefinitionChangeLine("layout", "activities", layouts.Count - moved.Count == 1 ? "1 activity has another size" : $"{layouts.Count - moved.Count} activities have another size");
    }

    /// <summary>As stored, so that the short and the long form of an input are one. A document that does not compile is compared as it is.</summary>
    private static JsonObject Ready(WorkflowDefinition definition)
    {
        try
        {
            return WorkflowGraph.Compile(definition, ActivityRegistry.Standard).ToDocument();
        }
        catch (DefinitionException)
        {
            return definition.Document;
        }
    }
}
