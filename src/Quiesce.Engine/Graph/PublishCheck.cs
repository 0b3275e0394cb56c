using System.Text.Json.Nodes;
using Quiesce.Engine.Activities;

namespace Quiesce.Engine;

/// <summary>Everything that would not run here, found when a definition is published. Such a definition still loads, is saved as a draft and round-trips.</summary>
internal sealed class PublishCheck
{
    private static readonly Dictionary<string, string> Languages = new(StringComparer.Ordinal)
    {
        ["Liquid"] = "Liquid",
        ["CSharp"] = "C#",
        ["Python"] = "Python",
        ["Secret"] = "Secret",
    };

    private readonly WorkflowGraph graph;
    private readonly DefinitionLookup definitions;
    private readonly List<DefinitionComplaint> refusals = [];

    private PublishCheck(WorkflowGraph graph, DefinitionLookup definitions)
    {
        this.graph = graph;
        this.definitions = definitions;
    }

    public static IReadOnlyList<DefinitionComplaint> Of(WorkflowGraph graph, DefinitionLookup definitions)
    {
        var check = new PublishCheck(graph, definitions);
        check.CheckNames("input", graph.Definition.Inputs.Select(i => i.Name));
        check.CheckNames("output", graph.Definition.Outputs.Select(o => o.Name));
        foreach (var node in graph.Nodes)
        {
            check.CheckType(node);
            check.CheckExpressions(node);
            check.CheckCron(node);
        }

        check.CheckTriggers();
        return check.refusals;
    }

    private void CheckNames(string kind, IEnumerable<string> names)
    {
        foreach (var twice in names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            Refuse(null, $"there are {twice.Count()} {kind}s called '{twice.Key}'. Give each its own name.");
    }

    private void CheckType(ActivityNode node)
    {
        if (node.Activity is not WorkflowDefinitionActivity)
            return;
        if (node.TypeName is "Elsa.RunCSharp" or "Elsa.RunPython")
            Refuse(node, $"activities of type '{node.TypeName}' are not run here. Use Elsa.RunJavaScript.");
        else if (!IsKnown(node))
            Refuse(node, $"there is no activity of type '{node.TypeName}' (version {node.Version}). Install what provides it, publish the workflow that is used as this activity, or remove it.");
    }

    private bool IsKnown(ActivityNode node)
    {
        try
        {
            return WorkflowDefinitionActivity.Resolve(node, definitions) is not null;
        }
        catch (DefinitionException)
        {
            // It is there; that it does not compile is told when it is published itself.
            return true;
        }
    }

    private void CheckExpressions(ActivityNode node)
    {
        foreach (var (name, value) in node.Json)
        {
            if (name is "metadata" || IsChildMember(node, name))
                continue;
            if (Language(value, NestedMembers(node)) is { } language)
                Refuse(node, $"'{name}' is an expression in {language}, which is not evaluated here. Write it in JavaScript, or as a literal, an object, a variable or an input.");
        }
    }

    private static bool IsChildMember(ActivityNode node, string name) =>
        node.Children.Any(c => !c.Port.Contains('.', StringComparison.Ordinal) && ActivityNames.Member(c.Port).Equals(name, StringComparison.OrdinalIgnoreCase));

    // Conditions stand beside the activities of a case or transition, which are nodes of their own and are looked at as such.
    private static string[] NestedMembers(ActivityNode node) =>
        [.. node.Descriptor.ChildLists.Where(l => l.Contains('.', StringComparison.Ordinal)).Select(l => l.Split('.')[1])];

    private static string? Language(JsonNode? node, string[] nested, int depth = 0)
    {
        switch (node)
        {
            case JsonObject json when depth <= JsonText.MaxDepth:
                if (json.Text("type") is { } type && json.Has("value") && Languages.TryGetValue(type, out var language))
                    return language;
                foreach (var (name, value) in json)
                    if (!nested.Contains(name, StringComparer.OrdinalIgnoreCase) && Language(value, nested, depth + 1) is { } inner)
                        return inner;
                return null;
            case JsonArray array:
                return array.Select(item => Language(item, nested, depth + 1)).FirstOrDefault(l => l is not null);
            default:
                return null;
        }
    }

    private void CheckCron(ActivityNode node)
    {
        if (node.Activity is not Cron || node.ConstantInputs is not { } constants || node.CanStartWorkflow)
            return;
        try
        {
            CronSchedule.Parse(constants[0] as string);
        }
        catch (FormatException e)
        {
            Refuse(node, e.Message);
        }
    }

    private void CheckTriggers()
    {
        var records = TriggerIndex.Of(graph);
        foreach (var record in records)
        {
            // What a script will yield is not known before its workflow is published, so only what is written down is held against it.
            if (record.Problem is { } problem && graph.FindNode(record.NodeId) is { ConstantInputs: not null } node)
                Refuse(node, problem);
        }

        var taken = new Dictionary<(string Method, string Shape), TriggerRecord>();
        foreach (var record in records.Where(r => r.Name == HttpEndpoint.TypeName && r.Payload is not null))
        {
            var (method, route) = (record.Payload!.Text("method")!, HttpRoute.Parse(record.Payload!.Text("path")));
            if (!taken.TryAdd((method, route.Shape), record))
                refusals.Add(new(
                    $"{method.ToUpperInvariant()} {route.Template} is also taken by activity '{taken[(method, route.Shape)].ActivityId}'. Give one of them another path or method.",
                    record.ActivityId));
        }
    }

    private void Refuse(ActivityNode? node, string reason) => refusals.Add(new(reason, node?.Id));
}
