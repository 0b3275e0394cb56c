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
            new("Script", "String") { UiHint = UiHints.CodeEditor, Description = "Its return value, or that of its last expression, is the result. setOutcome('Name') chooses where to leave." },
            new("PossibleOutcomes", "List<String>") { DisplayName = "Possible outcomes", UiHint = UiHints.DynamicOutcomes, Options = ["Done"], Description = "The outcomes that the script may choose." },
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
