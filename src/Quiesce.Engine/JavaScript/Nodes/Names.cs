using Quiesce.Engine.JavaScript.Parsing;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

/// <summary>A name. <see cref="ScopePlan.Resolve"/> tells it where its slot is; without one it is a global.</summary>
internal sealed class Identifier(string name, bool strict) : Node, ITarget
{
    private readonly PropertyKey _key = new(name);
    private int _hops;
    private int _slot = -1;
    private BindingKind _kind;

    public string Name => name;

    /// <summary>Set while the script is read.</summary>
    public Binding? Binding { get; set; }

    public bool TargetSuspends => false;

    public void Place(int hops, Binding binding)
    {
        _hops = hops;
        _slot = binding.Slot;
        _kind = binding.Kind;
    }

    private ref JsValue Slot(Frame f)
    {
        var scope = f.Scope;
        for (var i = _hops; i > 0; i--)
            scope = scope.Parent!;
        return ref scope.Slots[_slot];
    }

    public override JsValue Evaluate(Frame f)
    {
        if (_slot < 0)
        {
            f.Position = Position;
            return f.Realm.ReadGlobal(_key);
        }

        var value = Slot(f);
        return value.IsHole ? throw Dead(f) : value;
    }

    public JsValue TypeOf(Frame f) =>
        Operators.TypeOf(_slot >= 0 ? Evaluate(f) : f.Realm.TryReadGlobal(_key, out var value) ? value : JsValue.Undefined);

    public void Bind(Frame f, JsValue value, bool declare)
    {
        if (_slot < 0)
        {
            f.Position = Position;
            f.Realm.WriteGlobal(_key, value, strict);
            return;
        }

        ref var slot = ref Slot(f);
        if (!declare)
        {
            if (slot.IsHole)
                throw Dead(f);
            if (_kind == BindingKind.Const)
                throw Errors.Type($"'{name}' is a constant and cannot be assigned to.");
            if (_kind == BindingKind.FunctionName)
                return;
        }

        slot = value;
    }

    public Step<bool> BindStep(Frame f, JsValue value, bool declare)
    {
        Bind(f, value, declare);
        return new(true);
    }

    private JsThrow Dead(Frame f)
    {
        f.Position = Position;
        return Errors.Reference($"'{name}' is used before its declaration has run.");
    }

    public override string Describe() => name;
}

internal sealed class ThisNode : Node
{
    public override JsValue Evaluate(Frame f) => f.ReadThis();

    public override string Describe() => "this";
}

internal sealed class NewTargetNode : Node
{
    public override JsValue Evaluate(Frame f) => JsValue.OrUndefined(f.Home.NewTarget);
}
