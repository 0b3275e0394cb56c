namespace Quiesce.Engine.Activities;

/// <summary>Leaves by <c>True</c> or <c>False</c>.</summary>
internal sealed class FlowDecision : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.FlowDecision",
        DisplayName = "Decision",
        Category = "Branching",
        Description = "Leaves by True or False.",
        Inputs = [new("Condition", "Boolean") { DefaultValue = false, UiHint = UiHints.Checkbox, DefaultSyntax = "JavaScript" }],
        Outcomes = ["True", "False"],
    };

    public void Execute(ActivityContext context) => context.Complete(context.GetInput<bool>("Condition") ? "True" : "False");
}

/// <summary>Leaves by the labels of the cases that hold, or by <c>Default</c>.</summary>
internal sealed class FlowSwitch : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.FlowSwitch",
        DisplayName = "Switch (flow)",
        Category = "Branching",
        Description = "Leaves by the cases that hold.",
        Inputs = [new("Cases", "Object") { IsWrapped = false, UiHint = UiHints.FlowSwitchEditor }, Case.Mode],
        Outcomes = ["Default"],
    };

    public object? Prepare(NodeDraft draft) => Case.Read(draft);

    public void Execute(ActivityContext context)
    {
        var cases = (Case[])context.Node.Plan!;
        var matches = Case.Matches(context, cases);
        context.Complete(matches.Count == 0 ? ["Default"] : [.. matches.Select(i => cases[i].Label)]);
    }
}

/// <summary>Leaves by all its branches at once.</summary>
internal sealed class FlowFork : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.FlowFork",
        DisplayName = "Fork (flow)",
        Category = "Branching",
        Description = "Leaves by several branches at once.",
        Inputs = [new("Branches", "List<String>") { UiHint = UiHints.DynamicOutcomes, Description = "Names of the branches." }],
    };

    public void Execute(ActivityContext context) =>
        context.Complete(Values.Items(context.GetInput("Branches")) is { } names ? [.. names.Select(n => Values.ToText(n) ?? "")] : ["Done"]);
}

/// <summary>Joins branches of a flowchart; the waiting is the flowchart's work.</summary>
internal sealed class FlowJoin : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.FlowJoin",
        DisplayName = "Join",
        Category = "Branching",
        Description = "Joins branches: waits for all, for all that are active, or for the first.",
        Inputs = [new("Mode", "String") { DefaultValue = "WaitAny", UiHint = UiHints.DropDown, Options = ["WaitAll", "WaitAllActive", "WaitAny"] }],
    };

    public void Execute(ActivityContext context)
    {
        if (context.Parent is { Node.Activity: Flowchart } flowchart)
            Flowchart.CancelAncestors(flowchart, context.Node);
        context.Complete();
    }
}
