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

    public object? Prepare(NodeDraft draft) => draft.ChildrenOf("activities").OfType<ActivityNode>().ToArray();

    public void Execute(ActivityContext context)
    {
        if (context.Node.Plan is ActivityNode[] { Length: > 0 } children)
            context.Schedule(children[0]);
        else
            context.Complete();
    }

    public void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        var children = (ActivityNode[])context.Node.Plan!;
        var next = Array.IndexOf(children, child.Node) + 1;
        if (next == children.Length || child.Node!.Descriptor.IsTerminal || BreakSignal.IsBreaking(context))
            context.Complete();
        else
            context.Schedule(children[next]);
    }

    public bool ReceiveBreak(ActivityContext context) => false;
}
