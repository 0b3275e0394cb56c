namespace Quiesce.Engine.Activities;

/// <summary>Runs a script whose result is an output and which may choose outcomes.</summary>
internal sealed class RunJavaScript : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.RunJavaScript",
        DisplayName = "Run JavaScript",
        Category = "Scripting",
        Description = "Runs a script.",
        Inputs =
        [
            new("Script", "String") { UiHint = UiHints.CodeEditor },
            new("PossibleOutcomes", "List<String>") { UiHint = UiHints.DynamicOutcomes },
        ],
        Outputs = [new("Result", "Object")],
    };

    public void Execute(ActivityContext context)
    {
        var source = context.GetInput<string>("Script");
        if (string.IsNullOrWhiteSpace(source))
        {
            context.Complete();
            return;
        }

        var outcomes = new List<string>();
        var result = JavaScriptEvaluator.Run(ScriptPlan.For(source), context, outcomes);
        if (result is not null)
            context.SetOutput("Result", result, convert: false);
        context.Complete(outcomes.Count == 0 ? [] : [.. outcomes]);
    }
}
