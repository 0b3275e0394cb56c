namespace Quiesce.Engine.Activities;

/// <summary>Runs branches side by side and waits for all of them, or for the first.</summary>
internal sealed class Fork : IActivity, IBreakable
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.Fork",
        Category = "Branching",
        Description = "Runs branches side by side.",
        Inputs = [new("JoinMode", "String") { IsWrapped = false, DefaultValue = "WaitAll", UiHint = UiHints.DropDown, Options = ["WaitAll", "WaitAny"] }],
        ChildLists = ["branches"],
    };

    // The plan is true when the first branch decides.
    public object? Prepare(NodeDraft draft) => draft.Json.Text("joinMode") switch
    {
        null or "WaitAll" or "0" => false,
        "WaitAny" or "1" => true,
        var other => throw draft.Refuse($"\"joinMode\" is '{other}'. Use WaitAll or WaitAny."),
    };

    public void Execute(ActivityContext context)
    {
        foreach (var branch in context.Node.ChildrenOf("branches"))
            if (branch is not null)
                context.Schedule(branch);
        if (context.OpenChildren == 0)
            context.Complete();
    }

    public void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        if (context.OpenChildren == 0 || context.Node.Plan is true || BreakSignal.IsBreaking(context))
            context.Complete();
    }

    public bool ReceiveBreak(ActivityContext context) => false;
}
