using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>One case of a switch: a label and a bare expression.</summary>
internal sealed record Case(string Label, Expression? Condition)
{
    public static Case[] Read(NodeDraft draft) =>
        [.. (Json.List(draft.Json.Find("cases")) ?? []).Select(c => c as JsonObject).Select(c => new Case(c?.Text("label") ?? "", ExpressionReader.Read(c?.Find("condition"))))];

    public bool Holds(ActivityContext context)
    {
        try
        {
            return Condition?.Evaluate(context, ValueType.Boolean) is true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new ActivityFaultException($"Failed to evaluate the condition of case '{Label}': {e.Message}", e);
        }
    }

    /// <summary>Indexes of the cases that hold: the first only, or all.</summary>
    public static List<int> Matches(ActivityContext context, Case[] cases)
    {
        var all = context.GetInput<string>("Mode") is "MatchAny" or "1";
        var matches = new List<int>();
        for (var i = 0; i < cases.Length; i++)
        {
            if (!cases[i].Holds(context))
                continue;
            matches.Add(i);
            if (!all)
                break;
        }

        return matches;
    }

    public static InputDescriptor Mode { get; } = new("Mode", "String") { DefaultValue = "MatchFirst", UiHint = UiHints.DropDown, Options = ["MatchFirst", "MatchAny"] };
}
