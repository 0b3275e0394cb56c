using Quiesce.Engine.JavaScript.Parsing;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

/// <summary>The code of a function, method, arrow function, class field initialiser or whole script.</summary>
internal sealed class FunctionNode(ScopePlan plan, string source) : Node
{
    public ScopePlan Plan => plan;
    public string Source => source;
    public string? Name { get; set; }
    public bool IsArrow { get; init; }
    public bool IsMethod { get; init; }
    public bool IsAsync { get; init; }
    public bool IsGenerator { get; init; }
    public bool IsStrict { get; init; }
    public bool IsExpression { get; init; }
    public int Start { get; init; }
    public int End { get; init; }
    public required PatternElement[] Parameters { get; init; }
    public ITarget? Rest { get; init; }
    public Statement[] Body { get; init; } = [];
    public Node? Value { get; init; }

    public int Length => Parameters.TakeWhile(parameter => parameter.Default is null).Count();

    public override JsValue Evaluate(Frame f) => new ScriptFunction(this, f);

    public override void GiveName(string name) => Name ??= name;

    /// <summary>Sets up names, parameters and function declarations.</summary>
    public void Bind(Frame f)
    {
        foreach (var slot in plan.DeadSlots)
            f.Scope.Slots[slot] = JsValue.Hole;
        if (plan.SelfName is { Kind: BindingKind.FunctionName } self)
            f.Scope.Slots[self.Slot] = f.Function!;
        if (plan.Arguments is { } arguments)
            f.Scope.Slots[arguments.Slot] = f.Realm.NewArguments(f);
        for (var i = 0; i < Parameters.Length; i++)
            Parameters[i].Bind(f, i < f.Arguments.Length ? f.Arguments[i] : JsValue.Undefined, true);
        Rest?.Bind(f, f.Realm.NewArray(f.Arguments.Length > Parameters.Length ? f.Arguments[Parameters.Length..] : []), true);
        Block.DeclareFunctions(plan, f);
    }

    public JsValue Run(Frame f)
    {
        Bind(f);
        if (Value is not null)
            return Value.Evaluate(f);
        return Block.Run(Body, f) == Completion.Return || plan.IsScript ? f.Result : JsValue.Undefined;
    }

    public async Step<JsValue> RunStep(Frame f)
    {
        Bind(f);
        return await RunBodyStep(f);
    }

    public async Step<JsValue> RunBodyStep(Frame f)
    {
        if (Value is not null)
            return await Value.Step(f);
        var completion = await Block.RunStep(Body, f);
        if (completion != Completion.Return && !plan.IsScript)
            return JsValue.Undefined;
        return IsGenerator && IsAsync ? await AwaitNode.Await(f, f.Result) : f.Result;
    }

    public override string Describe() => Name ?? "the function";
}
