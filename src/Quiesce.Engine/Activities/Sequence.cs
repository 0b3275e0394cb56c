namespace Quiesce.Engine.Activities;

/// <summary>Runs its children one after the other.</summary>
internal sealed class Sequence : IActivity, IBreakable
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.Sequence",
        Category = "Flow",
        Description = "Runs activities one after the other.",
        ChildLists = ["activities"],
        IsContainer = true,
        IsBrowsable = false,
    };

    // The plan: for each position, and for the place before the first, the child that comes next.
    public object? Prepare(NodeDraft draft)
    {
        var children = draft.ChildrenOf("activities");
        var next = new ActivityNode?[children.Count + 1];
        for (var i = children.Count - 1; i >= 0; i--)
            next[i] = children[i] ?? next[i + 1];
        return next;
    }

    public void Execute(ActivityContext context)
    {
        if (((ActivityNode?[])context.Node.Plan!)[0] is { } first)
            context.Schedule(first);
        else
            context.Complete();
    }

    public void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        var next = ((ActivityNode?[])context.Node.Plan!)[child.Node!.Position + 1];
        if (next is null || child.Node.Descriptor.IsTerminal || BreakSignal.IsBreaking(context))
            context.Complete();
        else
            context.Schedule(next);
    }

    public bool ReceiveBreak(ActivityContext context) => false;
}
