using Quiesce.Engine.JavaScript.Parsing;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

internal sealed class EmptyStatement : Statement
{
    public override Completion Execute(Frame f) => Completion.Normal;
}

internal sealed class ExpressionStatement : Statement
{
    private readonly Node _expression;
    private readonly bool _isResult;

    /// <param name="expression">What to evaluate.</param>
    /// <param name="isResult">At script level the value is the script's result so far.</param>
    public ExpressionStatement(Node expression, bool isResult)
    {
        _expression = expression;
        _isResult = isResult;
        Suspends = expression.Suspends;
    }

    public override Completion Execute(Frame f)
    {
        f.Realm.Budget.Step();
        f.Position = Position;
        var value = _expression.Evaluate(f);
        if (_isResult)
            f.Result = value;
        return Completion.Normal;
    }

    protected override async Step<Completion> Resumable(Frame f)
    {
        f.Realm.Budget.Step();
        f.Position = Position;
        var value = await _expression.Step(f);
        if (_isResult)
            f.Result = value;
        return Completion.Normal;
    }
}

internal sealed class DeclareStatement : Statement
{
    private readonly (ITarget Target, Node? Value)[] _items;
    private readonly bool _isVar;

    public DeclareStatement((ITarget Target, Node? Value)[] items, bool isVar)
    {
        _items = items;
        _isVar = isVar;
        Suspends = Array.Exists(items, item => item.Target.TargetSuspends || item.Value is { Suspends: true });
    }

    public override Completion Execute(Frame f)
    {
        f.Realm.Budget.Step();
        f.Position = Position;
        foreach (var (target, value) in _items)
        {
            if (value is not null || !_isVar)
                target.Bind(f, value?.Evaluate(f) ?? JsValue.Undefined, true);
        }

        return Completion.Normal;
    }

    protected override async Step<Completion> Resumable(Frame f)
    {
        f.Realm.Budget.Step();
        f.Position = Position;
        foreach (var (target, value) in _items)
        {
            if (value is not null || !_isVar)
                await target.BindStep(f, value is null ? JsValue.Undefined : await value.Step(f), true);
        }

        return Completion.Normal;
    }
}

internal sealed class ClassStatement(ITarget name, ClassNode value) : Statement
{
    public override Completion Execute(Frame f)
    {
        name.Bind(f, value.Evaluate(f), true);
        return Completion.Normal;
    }
}

internal sealed class Block : Statement
{
    private readonly ScopePlan _plan;
    private readonly Statement[] _body;

    public Block(ScopePlan plan, Statement[] body)
    {
        _plan = plan;
        _body = body;
        Suspends = Any(body);
    }

    /// <summary>Makes the block's scope, if it needs one, puts its names in the dead zone and creates its functions.</summary>
    public static void Enter(ScopePlan plan, Frame f)
    {
        if (plan.Materialised)
            f.Scope = new Scope(new JsValue[plan.SlotCount], f.Scope);
        foreach (var slot in plan.DeadSlots)
            f.Scope.Slots[slot] = JsValue.Hole;
        DeclareFunctions(plan, f);
    }

    public static void DeclareFunctions(ScopePlan plan, Frame f)
    {
        foreach (var (target, function) in plan.Functions)
            target.Bind(f, function.Evaluate(f), true);
    }

    public static Completion Run(Statement[] body, Frame f)
    {
        foreach (var statement in body)
        {
            var completion = statement.Execute(f);
            if (completion != Completion.Normal)
                return completion;
        }

        return Completion.Normal;
    }

    public static async Step<Completion> RunStep(Statement[] body, Frame f)
    {
        foreach (var statement in body)
        {
            var completion = statement.Suspends ? await statement.Step(f) : statement.Execute(f);
            if (completion != Completion.Normal)
                return completion;
        }

        return Completion.Normal;
    }

    public override Completion Execute(Frame f)
    {
        var outer = f.Scope;
        Enter(_plan, f);
        var completion = Run(_body, f);
        f.Scope = outer;
        return completion;
    }

    protected override async Step<Completion> Resumable(Frame f)
    {
        var outer = f.Scope;
        Enter(_plan, f);
        var completion = await RunStep(_body, f);
        f.Scope = outer;
        return completion;
    }
}

internal sealed class IfStatement : Statement
{
    private readonly Node _test;
    private readonly Statement _then;
    private readonly Statement? _else;

    public IfStatement(Node test, Statement then, Statement? otherwise)
    {
        _test = test;
        _then = then;
        _else = otherwise;
        Suspends = test.Suspends || then.Suspends || otherwise is { Suspends: true };
    }

    public override Completion Execute(Frame f)
    {
        f.Realm.Budget.Step();
        f.Position = Position;
        var branch = Coerce.ToBool(_test.Evaluate(f)) ? _then : _else;
        return branch?.Execute(f) ?? Completion.Normal;
    }

    protected override async Step<Completion> Resumable(Frame f)
    {
        f.Realm.Budget.Step();
        f.Position = Position;
        var branch = Coerce.ToBool(await _test.Step(f)) ? _then : _else;
        return branch is null ? Completion.Normal : await branch.Step(f);
    }
}

internal sealed class ReturnStatement : Statement
{
    private readonly Node? _value;

    public ReturnStatement(Node? value)
    {
        _value = value;
        Suspends = value is { Suspends: true };
    }

    public override Completion Execute(Frame f)
    {
        f.Realm.Budget.Step();
        f.Position = Position;
        f.Result = _value?.Evaluate(f) ?? JsValue.Undefined;
        return Completion.Return;
    }

    protected override async Step<Completion> Resumable(Frame f)
    {
        f.Realm.Budget.Step();
        f.Position = Position;
        f.Result = await _value!.Step(f);
        return Completion.Return;
    }
}

internal sealed class ThrowStatement : Statement
{
    private readonly Node _value;

    public ThrowStatement(Node value)
    {
        _value = value;
        Suspends = value.Suspends;
    }

    public override Completion Execute(Frame f)
    {
        f.Position = Position;
        throw Make(f, _value.Evaluate(f));
    }

    protected override async Step<Completion> Resumable(Frame f)
    {
        f.Position = Position;
        throw Make(f, await _value.Step(f));
    }

    private JsThrow Make(Frame f, JsValue value)
    {
        f.Position = Position;
        return new JsThrow(value, (value.Ref as JsError)?.HostException);
    }
}

/// <summary>break and continue.</summary>
internal sealed class JumpStatement(Completion kind, string? label) : Statement
{
    public override Completion Execute(Frame f)
    {
        f.Label = label;
        return kind;
    }
}

internal sealed class LabeledStatement : Statement
{
    private readonly string _label;
    private readonly Statement _body;

    public LabeledStatement(string label, Statement body)
    {
        _label = label;
        _body = body;
        Suspends = body.Suspends;
    }

    public override Completion Execute(Frame f) => Land(f, _body.Execute(f));

    protected override async Step<Completion> Resumable(Frame f) => Land(f, await _body.Step(f));

    private Completion Land(Frame f, Completion completion)
    {
        if (completion != Completion.Break || f.Label != _label)
            return completion;
        f.Label = null;
        return Completion.Normal;
    }
}

internal sealed class SwitchStatement : Statement
{
    private readonly ScopePlan _plan;
    private readonly Node _subject;
    private readonly (Node? Test, Statement[] Body)[] _cases;

    public SwitchStatement(ScopePlan plan, Node subject, (Node? Test, Statement[] Body)[] cases)
    {
        _plan = plan;
        _subject = subject;
        _cases = cases;
        Suspends = subject.Suspends || Array.Exists(cases, part => part.Test is { Suspends: true } || Any(part.Body));
    }

    public override Completion Execute(Frame f)
    {
        f.Realm.Budget.Step();
        f.Position = Position;
        var subject = _subject.Evaluate(f);
        var outer = f.Scope;
        Block.Enter(_plan, f);
        var from = Array.FindIndex(_cases, part => part.Test is not null && Operators.StrictEquals(subject, part.Test.Evaluate(f)));
        if (from < 0)
            from = Array.FindIndex(_cases, part => part.Test is null);
        var completion = Completion.Normal;
        for (var i = from; i >= 0 && i < _cases.Length && completion == Completion.Normal; i++)
            completion = Block.Run(_cases[i].Body, f);
        f.Scope = outer;
        return Land(f, completion);
    }

    protected override async Step<Completion> Resumable(Frame f)
    {
        f.Realm.Budget.Step();
        f.Position = Position;
        var subject = await _subject.Step(f);
        var outer = f.Scope;
        Block.Enter(_plan, f);
        var from = -1;
        for (var i = 0; i < _cases.Length && from < 0; i++)
        {
            if (_cases[i].Test is { } test && Operators.StrictEquals(subject, await test.Step(f)))
                from = i;
        }

        if (from < 0)
            from = Array.FindIndex(_cases, part => part.Test is null);
        var completion = Completion.Normal;
        for (var i = from; i >= 0 && i < _cases.Length && completion == Completion.Normal; i++)
            completion = await Block.RunStep(_cases[i].Body, f);
        f.Scope = outer;
        return Land(f, completion);
    }

    private static Completion Land(Frame f, Completion completion) =>
        completion == Completion.Break && f.Label is null ? Completion.Normal : completion;
}
