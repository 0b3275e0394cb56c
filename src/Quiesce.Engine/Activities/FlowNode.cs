namespace Quiesce.Engine.Activities;

/// <summary>Runs its body.</summary>
internal sealed class FlowNode : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.FlowNode",
        DisplayName = "Container",
        Category = "Flow",
        Description = "Runs the activity inside.",
        Ports = [new("Body", PortKind.Embedded)],
    };

    public void Execute(ActivityContext context) => context.Schedule(context.Node.Child("Body"));
}
