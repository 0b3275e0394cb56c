using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

internal sealed class CallNode : Node
{
    private readonly Node _callee;
    private readonly Node?[] _arguments;
    private readonly bool _optional;

    public CallNode(Node callee, Node?[] arguments, bool optional)
    {
        _callee = callee;
        _arguments = arguments;
        _optional = optional;
        Suspends = callee.Suspends || Any(arguments);
    }

    public override JsValue Evaluate(Frame f)
    {
        var function = _callee.Callee(f, out var thisValue);
        if (function.IsHole || _optional && function.IsNullish)
            return JsValue.Hole;
        return Invoke(f, this, _callee, function, thisValue, SpreadNode.Evaluate(_arguments, f));
    }

    protected override async Step<JsValue> Resumable(Frame f)
    {
        var (function, thisValue) = await _callee.CalleeStep(f);
        if (function.IsHole || _optional && function.IsNullish)
            return JsValue.Hole;
        return Invoke(f, this, _callee, function, thisValue, await SpreadNode.Step(_arguments, f));
    }

    public static JsValue Invoke(Frame f, Node call, Node callee, JsValue function, JsValue thisValue, JsValue[] arguments)
    {
        f.Position = call.Position;
        return function.Ref is JsObject { IsCallable: true } target ? target.Call(thisValue, arguments) : throw Errors.Type($"{callee.Describe()} is not a function.");
    }

    public override string Describe() => _callee.Describe() + "(…)";
}

internal sealed class NewNode : Node
{
    private readonly Node _callee;
    private readonly Node?[] _arguments;

    public NewNode(Node callee, Node?[] arguments)
    {
        _callee = callee;
        _arguments = arguments;
        Suspends = callee.Suspends || Any(arguments);
    }

    public override JsValue Evaluate(Frame f) => Construct(f, _callee.Evaluate(f), SpreadNode.Evaluate(_arguments, f));

    protected override async Step<JsValue> Resumable(Frame f) => Construct(f, await _callee.Step(f), await SpreadNode.Step(_arguments, f));

    private JsValue Construct(Frame f, JsValue type, JsValue[] arguments)
    {
        f.Position = Position;
        return type.Ref is JsObject { IsConstructor: true } target ? target.Construct(arguments, target) : throw Errors.Type($"{_callee.Describe()} is not a constructor.");
    }
}

internal sealed class SuperCall : Node
{
    private readonly Node?[] _arguments;

    public SuperCall(Node?[] arguments)
    {
        _arguments = arguments;
        Suspends = Any(arguments);
    }

    public override JsValue Evaluate(Frame f) => Construct(f, SpreadNode.Evaluate(_arguments, f));

    protected override async Step<JsValue> Resumable(Frame f) => Construct(f, await SpreadNode.Step(_arguments, f));

    private JsValue Construct(Frame f, JsValue[] arguments)
    {
        f.Position = Position;
        var home = f.Home;
        if (home.Function?.GetPrototype() is not { IsConstructor: true } parent)
            throw Errors.Type("The class to extend is not a constructor.");
        var created = parent.Construct(arguments, home.NewTarget!);
        if (!home.This.IsHole)
            throw Errors.Reference("super() has been called already.");
        home.This = created;
        home.Function.InitialiseFields(created.AsObject, home);
        return created;
    }
}
