namespace Quiesce.Engine.Activities;

/// <summary>Runs all children interleaved and waits for all of them.</summary>
internal sealed class Parallel : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.Parallel",
        Category = "Flow",
        Description = "Runs activities side by side and waits for all of them.",
        ChildLists = ["activities"],
        IsContainer = true,
    };

    public void Execute(ActivityContext context)
    {
        foreach (var child in context.Node.ChildrenOf("activities"))
            if (child is not null)
                context.Schedule(child);
        if (context.OpenChildren == 0)
            context.Complete();
    }

    public void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        if (context.OpenChildren == 0)
            context.Complete();
    }
}
