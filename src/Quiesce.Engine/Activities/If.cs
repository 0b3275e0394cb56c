namespace Quiesce.Engine.Activities;

/// <summary>Runs one of two branches.</summary>
internal sealed class If : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.If",
        Category = "Branching",
        Description = "Runs one branch or the other.",
        Inputs = [new("Condition", "Boolean") { DefaultValue = false, UiHint = UiHints.Checkbox, DefaultSyntax = "JavaScript" }],
        Outputs = [new("Result", "Boolean")],
        Ports = [new("Then", PortKind.Embedded), new("Else", PortKind.Embedded)],
    };

    public void Execute(ActivityContext context)
    {
        var holds = context.GetInput<bool>("Condition");
        context.SetOutput("Result", holds);
        context.Schedule(context.Node.Child(holds ? "Then" : "Else"));
    }
}
