using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

internal sealed class AssignNode : Node
{
    private readonly ITarget _target;
    private readonly Node _value;

    public AssignNode(ITarget target, Node value)
    {
        _target = target;
        _value = value;
        Suspends = target.TargetSuspends || value.Suspends;
    }

    public ITarget Target => _target;
    public Node Value => _value;

    public override JsValue Evaluate(Frame f)
    {
        JsValue value;
        if (_target is MemberAccess member)
        {
            member.Locate(f, out var target, out var key);
            value = _value.Evaluate(f);
            member.Write(f, target, key, value);
            return value;
        }

        value = _value.Evaluate(f);
        _target.Bind(f, value, false);
        return value;
    }

    protected override async Step<JsValue> Resumable(Frame f)
    {
        JsValue value;
        if (_target is MemberAccess member)
        {
            var (target, key) = await member.LocateStep(f);
            value = await _value.Step(f);
            member.Write(f, target, key, value);
            return value;
        }

        value = await _value.Step(f);
        await _target.BindStep(f, value, false);
        return value;
    }

    /// <summary>A computed key is turned into a key once, however often it is used.</summary>
    public static JsValue AsKey(JsValue key) => key.IsObject ? PropertyKey.Of(key).ToValue() : key;
}

/// <summary>+= and the like, and &amp;&amp;=, ||=, ??=.</summary>
internal sealed class CompoundAssign : Node
{
    private readonly string _op;
    private readonly Node _target;
    private readonly Node _value;
    private readonly bool _logical;

    public CompoundAssign(string op, Node target, Node value)
    {
        _op = op[..^1];
        _target = target;
        _value = value;
        _logical = op is "&&=" or "||=" or "??=";
        Suspends = target.Suspends || value.Suspends;
    }

    public override JsValue Evaluate(Frame f)
    {
        var member = _target as MemberAccess;
        JsValue target = default, key = default, old;
        if (member is not null)
        {
            member.Locate(f, out target, out key);
            key = AssignNode.AsKey(key);
            old = member.Read(f, target, key);
        }
        else
            old = _target.Evaluate(f);
        if (_logical && LogicalNode.IsDecided(_op, old))
            return old;
        return Write(f, member, target, key, old, _value.Evaluate(f));
    }

    protected override async Step<JsValue> Resumable(Frame f)
    {
        var member = _target as MemberAccess;
        JsValue target = default, key = default, old;
        if (member is not null)
        {
            (target, key) = await member.LocateStep(f);
            key = AssignNode.AsKey(key);
            old = member.Read(f, target, key);
        }
        else
            old = _target.Evaluate(f);
        if (_logical && LogicalNode.IsDecided(_op, old))
            return old;
        return Write(f, member, target, key, old, await _value.Step(f));
    }

    private JsValue Write(Frame f, MemberAccess? member, JsValue target, JsValue key, JsValue old, JsValue value)
    {
        f.Position = Position;
        if (!_logical)
            value = _op == "+" && old.IsNumber && value.IsNumber ? old.Number + value.Number : BinaryNode.Apply(_op, old, value);
        if (member is not null)
            member.Write(f, target, key, value);
        else
            ((Identifier)_target).Bind(f, value, false);
        return value;
    }
}
