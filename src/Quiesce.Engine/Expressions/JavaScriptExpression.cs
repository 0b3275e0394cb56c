namespace Quiesce.Engine;

/// <summary>A script. Parsed when first needed, so that a script that is never reached cannot fail.</summary>
internal sealed class JavaScriptExpression(string source) : Expression
{
    private ScriptPlan? plan;

    public override object? Evaluate(ActivityContext context, ValueType type) =>
        ValueConverter.Convert(JavaScriptEvaluator.Run(plan ??= ScriptPlan.For(source), context, null), type);
}
