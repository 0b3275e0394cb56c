namespace Quiesce.Engine.Activities;

/// <summary>Runs the case that holds, all that hold, or the default.</summary>
internal sealed class Switch : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.Switch",
        Category = "Branching",
        Description = "Runs the branches whose condition holds.",
        Inputs = [new("Cases", "Object") { IsWrapped = false, UiHint = UiHints.SwitchEditor }, Case.Mode],
        Outputs = [new("Output", "Object")],
        Ports = [new("Default", PortKind.Embedded)],
        ChildLists = ["cases.activity"],
    };

    public object? Prepare(NodeDraft draft) => Case.Read(draft);

    public void Execute(ActivityContext context)
    {
        var matches = Case.Matches(context, (Case[])context.Node.Plan!);
        var branches = context.Node.ChildrenOf("cases.activity");
        foreach (var index in matches)
            if (branches[index] is { } branch)
                context.Schedule(branch);
        if (matches.Count == 0 && context.Node.Child("Default") is { } otherwise)
            context.Schedule(otherwise);
        if (context.OpenChildren == 0)
            context.Complete();
    }

    public void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        if (context.OpenChildren == 0)
            context.Complete();
    }
}
