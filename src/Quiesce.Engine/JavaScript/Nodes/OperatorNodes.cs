using System.Runtime.CompilerServices;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

internal sealed class BinaryNode : Node
{
    private readonly string _op;
    private readonly char _quick;
    private readonly Node _left;
    private readonly Node _right;
    private readonly int _depth;

    public BinaryNode(string op, Node left, Node right)
    {
        _op = op;
        _quick = op switch { "<=" => 'l', ">=" => 'g', "===" => '=', "!==" => '!', { Length: 1 } => op[0], _ => '\0' };
        _left = left;
        _right = right;
        _depth = left is BinaryNode chain ? chain._depth + 1 : 0;
        Suspends = left.Suspends || right.Suspends;
    }

    public override JsValue Evaluate(Frame f)
    {
        if (_depth % 64 == 63 && !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Budget.Exceeded("an expression is too long.");
        return Apply(f, _left.Evaluate(f), _right.Evaluate(f));
    }

    protected override async Step<JsValue> Resumable(Frame f) => Apply(f, await _left.Step(f), await _right.Step(f));

    private JsValue Apply(Frame f, JsValue a, JsValue b)
    {
        if (a.IsNumber && b.IsNumber)
        {
            var (x, y) = (a.Number, b.Number);
            switch (_quick)
            {
                case '+': return x + y;
                case '-': return x - y;
                case '*': return x * y;
                case '/': return x / y;
                case '%': return x % y;
                case '<': return x < y;
                case '>': return x > y;
                case 'l': return x <= y;
                case 'g': return x >= y;
                case '=': return x == y;
                case '!': return x != y;
                default: break;
            }
        }

        f.Position = Position;
        return Apply(_op, a, b);
    }

    public static JsValue Apply(string op, JsValue a, JsValue b) => op switch
    {
        "+" => Operators.Add(a, b),
        "<" => Operators.Less(a, b) == true,
        ">" => Operators.Less(b, a, false) == true,
        "<=" => Operators.Less(b, a, false) == false,
        ">=" => Operators.Less(a, b) == false,
        "===" => Operators.StrictEquals(a, b),
        "!==" => !Operators.StrictEquals(a, b),
        "==" => Operators.LooseEquals(a, b),
        "!=" => !Operators.LooseEquals(a, b),
        "instanceof" => Operators.InstanceOf(a, b),
        "in" => b.Ref is JsObject target ? target.Has(PropertyKey.Of(a)) : throw Errors.Type("The right side of in is not an object."),
        _ => Operators.Arithmetic(op, a, b),
    };
}

internal sealed class LogicalNode : Node
{
    private readonly string _op;
    private readonly Node _left;
    private readonly Node _right;

    public LogicalNode(string op, Node left, Node right)
    {
        _op = op;
        _left = left;
        _right = right;
        Suspends = left.Suspends || right.Suspends;
    }

    public string Operator => _op;

    public override JsValue Evaluate(Frame f)
    {
        var left = _left.Evaluate(f);
        return IsDecided(_op, left) ? left : _right.Evaluate(f);
    }

    protected override async Step<JsValue> Resumable(Frame f)
    {
        var left = await _left.Step(f);
        return IsDecided(_op, left) ? left : await _right.Step(f);
    }

    public static bool IsDecided(string op, JsValue left) => op switch
    {
        "&&" or "&&=" => !Runtime.Coerce.ToBool(left),
        "||" or "||=" => Runtime.Coerce.ToBool(left),
        _ => !left.IsNullish,
    };
}

internal sealed class ConditionalNode : Node
{
    private readonly Node _test;
    private readonly Node _then;
    private readonly Node _else;

    public ConditionalNode(Node test, Node then, Node otherwise)
    {
        _test = test;
        _then = then;
        _else = otherwise;
        Suspends = Any(test, then, otherwise);
    }

    public override JsValue Evaluate(Frame f) => (Runtime.Coerce.ToBool(_test.Evaluate(f)) ? _then : _else).Evaluate(f);

    protected override async Step<JsValue> Resumable(Frame f) => await (Runtime.Coerce.ToBool(await _test.Step(f)) ? _then : _else).Step(f);
}

internal sealed class SequenceNode : Node
{
    private readonly Node _first;
    private readonly Node _second;

    public SequenceNode(Node first, Node second)
    {
        _first = first;
        _second = second;
        Suspends = first.Suspends || second.Suspends;
    }

    public override JsValue Evaluate(Frame f)
    {
        _first.Evaluate(f);
        return _second.Evaluate(f);
    }

    protected override async Step<JsValue> Resumable(Frame f)
    {
        await _first.Step(f);
        return await _second.Step(f);
    }
}

internal sealed class UnaryNode : Node
{
    private readonly string _op;
    private readonly Node _operand;

    public UnaryNode(string op, Node operand)
    {
        _op = op;
        _operand = operand;
        Suspends = operand.Suspends;
    }

    public override JsValue Evaluate(Frame f)
    {
        if (_op == "typeof" && _operand is Identifier name)
            return name.TypeOf(f);
        if (_op != "delete")
            return Apply(f, _operand.Evaluate(f));
        if ((_operand is OptionalChain chain ? chain.Chain : _operand) is not MemberAccess member)
        {
            _operand.Evaluate(f);
            return _operand is not Identifier { Binding: not null };
        }

        member.Locate(f, out var target, out var key);
        return member.Delete(f, target, key);
    }

    protected override async Step<JsValue> Resumable(Frame f)
    {
        if (_op != "delete")
            return Apply(f, await _operand.Step(f));
        if ((_operand is OptionalChain chain ? chain.Chain : _operand) is not MemberAccess member)
            return true;
        var (target, key) = await member.LocateStep(f);
        return member.Delete(f, target, key);
    }

    private JsValue Apply(Frame f, JsValue value)
    {
        f.Position = Position;
        switch (_op)
        {
            case "!": return !Runtime.Coerce.ToBool(value);
            case "typeof": return Operators.TypeOf(value);
            case "void": return JsValue.Undefined;
            case "+": return Runtime.Coerce.ToNumber(value);
            case "-":
                value = Runtime.Coerce.ToNumeric(value);
                return value.IsNumber ? -value.Number : -value.AsBigInt;
            default:
                value = Runtime.Coerce.ToNumeric(value);
                // The cast keeps the two apart: without it a number would come out as a bigint.
                return value.IsNumber ? (JsValue)~Runtime.Coerce.ToInt32(value.Number) : -value.AsBigInt - 1;
        }
    }
}

/// <summary>++ and --, before or after.</summary>
internal sealed class UpdateNode : Node
{
    private readonly Node _target;
    private readonly int _change;
    private readonly bool _prefix;

    public UpdateNode(Node target, int change, bool prefix)
    {
        _target = target;
        _change = change;
        _prefix = prefix;
        Suspends = target.Suspends;
    }

    public override JsValue Evaluate(Frame f)
    {
        if (_target is Identifier name)
        {
            var old = Runtime.Coerce.ToNumeric(name.Evaluate(f));
            var changed = Changed(old);
            name.Bind(f, changed, false);
            return _prefix ? changed : old;
        }

        var member = (MemberAccess)_target;
        member.Locate(f, out var target, out var key);
        return Write(f, member, target, key);
    }

    protected override async Step<JsValue> Resumable(Frame f)
    {
        var member = (MemberAccess)_target;
        var (target, key) = await member.LocateStep(f);
        return Write(f, member, target, key);
    }

    private JsValue Write(Frame f, MemberAccess member, JsValue target, JsValue key)
    {
        key = AssignNode.AsKey(key);
        var old = Runtime.Coerce.ToNumeric(member.Read(f, target, key));
        var changed = Changed(old);
        member.Write(f, target, key, changed);
        return _prefix ? changed : old;
    }

    private JsValue Changed(JsValue old) => old.IsNumber ? old.Number + _change : old.AsBigInt + _change;
}
