using Quiesce.Engine.JavaScript;

namespace Quiesce.Engine;

/// <summary>Runs scripts in the environment that workflows expect. Each evaluation gets an engine of its own: there are no shared globals.</summary>
internal static class JavaScriptEvaluator
{
    /// <summary>The value of the script's <c>return</c> or last expression.</summary>
    /// <param name="plan">The script.</param>
    /// <param name="context">Whose expression it is.</param>
    /// <param name="outcomes">Receives what <c>setOutcome</c> and <c>setOutcomes</c> set; null where they are not offered.</param>
    public static object? Run(ScriptPlan plan, ActivityContext context, List<string>? outcomes)
    {
        var engine = new ScriptEngine(context.Run.Context.Scripts, context.Run.Context.Time);
        var environment = new ScriptEnvironment(context, outcomes);
        foreach (var word in plan.Words)
            if (environment.Function(word) is { } function)
                engine.SetFunction(word, function);
        if (context.ScriptArguments is { } arguments)
            engine.SetGlobal("args", arguments.ToDictionary(a => ActivityNames.Camelize(a.Key), a => a.Value));
        else if (plan.Words.Contains("args"))
            engine.SetGlobal("args", new Dictionary<string, object?>());
        if (plan.Words.Contains("LogPersistenceMode"))
            engine.SetGlobal("LogPersistenceMode", new Dictionary<string, object?> { ["Inherit"] = "Inherit", ["Include"] = "Include", ["Exclude"] = "Exclude" });
        Dictionary<string, object?>? loaded = null;
        if (plan.UsesVariables)
        {
            loaded = plan.Variables
                .Select(name => (Name: name, Slot: context.FindVariable(name)))
                .Where(v => v.Slot is not null)
                .ToDictionary(v => v.Name, v => v.Slot!.Value);
            engine.SetGlobal("variables", loaded);
        }

        var result = engine.Run(plan.Script, context.Run.Context.CancellationToken);
        if (loaded is not null)
            WriteBack(engine, context, plan, loaded);
        return result;
    }

    private static void WriteBack(ScriptEngine engine, ActivityContext context, ScriptPlan plan, Dictionary<string, object?> loaded)
    {
        if (engine.GetGlobal("variables") is not IDictionary<string, object?> current)
            return;
        foreach (var name in plan.Variables)
        {
            // Null never overwrites; neither does what the script has not touched, which setVariable may have set meanwhile.
            if (!current.TryGetValue(name, out var value) || value is null || IsInput(context, name))
                continue;
            if (loaded.TryGetValue(name, out var before) && Same(before, value))
                continue;
            context.SetVariable(name, value);
        }
    }

    private static bool IsInput(ActivityContext context, string name) => context.Definition.Inputs.Any(i => i.Name == name);

    private static bool Same(object? before, object? after) =>
        before is not null && Values.ToJson(before)?.ToJsonString(JsonText.Compact) == Values.ToJson(after)?.ToJsonString(JsonText.Compact);
}
