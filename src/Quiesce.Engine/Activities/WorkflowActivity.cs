namespace Quiesce.Engine.Activities;

/// <summary>The implicit <c>Elsa.Workflow</c> above every root.</summary>
internal sealed class WorkflowActivity : IActivity
{
    public const string TypeName = "Elsa.Workflow";

    public static WorkflowActivity Instance { get; } = new();

    public ActivityDescriptor Descriptor { get; } = new() { TypeName = TypeName, IsContainer = true, IsBrowsable = false, Category = "Workflows" };

    public void Execute(ActivityContext context) => context.Schedule(context.Node.Child("root"));
}
