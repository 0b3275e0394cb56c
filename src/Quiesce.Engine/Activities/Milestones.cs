namespace Quiesce.Engine.Activities;

/// <summary>Where a flowchart begins.</summary>
internal sealed class Start : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new() { TypeName = "Elsa.Start", Category = "Flow", Description = "Where a flowchart begins.", IsStart = true };

    public void Execute(ActivityContext context) => context.Complete();
}

/// <summary>Ends the enclosing flowchart or sequence.</summary>
internal sealed class End : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new() { TypeName = "Elsa.End", Category = "Flow", Description = "Ends the enclosing flowchart.", IsTerminal = true };

    public void Execute(ActivityContext context) => context.Complete();
}

/// <summary>Completes the nearest workflow with outcomes.</summary>
internal sealed class Complete : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.Complete",
        Category = "Composition",
        Description = "Completes the workflow, or the workflow used as an activity, with outcomes.",
        Inputs = [new("Outcomes", "Object") { UiHint = UiHints.OutcomePicker }],
        IsTerminal = true,
    };

    public void Execute(ActivityContext context)
    {
        var given = context.GetInput("Outcomes");
        string[] outcomes = Values.Items(given) is { } list
            ? [.. list.Select(o => Values.ToText(o) ?? "")]
            : Values.ToText(given) is { Length: > 0 } one ? [one] : ["Done"];
        var composite = context.Composite();
        context.Run.End(context, outcomes);
        context.Run.Complete(composite, outcomes);
    }
}

/// <summary>Ends the whole workflow at once.</summary>
internal sealed class Finish : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new() { TypeName = "Elsa.Finish", Category = "Flow", Description = "Ends the whole workflow at once.", IsTerminal = true };

    public void Execute(ActivityContext context) => context.Run.FinishWorkflow(context);
}

/// <summary>Faults.</summary>
internal sealed class Fault : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.Fault",
        Category = "Primitives",
        Description = "Faults the workflow.",
        Inputs =
        [
            new("Code", "String") { DefaultValue = "0" },
            new("Category", "String") { DefaultValue = "General" },
            new("FaultType", "String") { DefaultValue = "System" },
            new("Message", "String"),
        ],
    };

    public void Execute(ActivityContext context) => throw new FaultException(
        context.GetInput<string>("Code") ?? "0",
        context.GetInput<string>("Category") ?? "General",
        context.GetInput<string>("FaultType") ?? "System",
        context.GetInput<string>("Message") ?? "");
}
