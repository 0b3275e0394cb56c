using System.Numerics;
using Quiesce.Engine.JavaScript.Builtins;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

internal sealed class Literal(JsValue value) : Node
{
    public JsValue Value => value;

    public override JsValue Evaluate(Frame f) => value;

    public override string Describe() => value.IsString ? $"\"{Runtime.Coerce.Shorten(value.AsString)}\"" : value.ToString();

    public static Literal BigInt(string digits) => new(BigInteger.Parse(digits, System.Globalization.CultureInfo.InvariantCulture));
}

internal sealed class RegexNode(string pattern, string flags) : Node
{
    public override JsValue Evaluate(Frame f) => RegExpBuiltins.Create(f.Realm, pattern, flags);
}

internal sealed class TemplateNode : Node
{
    private readonly string[] _chunks;
    private readonly Node[] _parts;

    public TemplateNode(string[] chunks, Node[] parts)
    {
        _chunks = chunks;
        _parts = parts;
        Suspends = Any(parts);
    }

    public override JsValue Evaluate(Frame f)
    {
        JsValue text = _chunks[0];
        for (var i = 0; i < _parts.Length; i++)
            text = Rope.Join(Rope.Join(text, Runtime.Coerce.ToStringValue(_parts[i].Evaluate(f))), _chunks[i + 1]);
        return text;
    }

    protected override async Step<JsValue> Resumable(Frame f)
    {
        JsValue text = _chunks[0];
        for (var i = 0; i < _parts.Length; i++)
            text = Rope.Join(Rope.Join(text, Runtime.Coerce.ToStringValue(await _parts[i].Step(f))), _chunks[i + 1]);
        return text;
    }
}

internal sealed class TaggedTemplate : Node
{
    private readonly Node _tag;
    private readonly string?[] _cooked;
    private readonly string[] _raw;
    private readonly Node[] _parts;

    public TaggedTemplate(Node tag, string?[] cooked, string[] raw, Node[] parts)
    {
        _tag = tag;
        _cooked = cooked;
        _raw = raw;
        _parts = parts;
        Suspends = tag.Suspends || Any(parts);
    }

    public override JsValue Evaluate(Frame f)
    {
        var function = _tag.Callee(f, out var thisValue);
        var arguments = new JsValue[_parts.Length + 1];
        arguments[0] = Strings(f);
        for (var i = 0; i < _parts.Length; i++)
            arguments[i + 1] = _parts[i].Evaluate(f);
        return CallNode.Invoke(f, this, _tag, function, thisValue, arguments);
    }

    protected override async Step<JsValue> Resumable(Frame f)
    {
        var (function, thisValue) = await _tag.CalleeStep(f);
        var arguments = new JsValue[_parts.Length + 1];
        arguments[0] = Strings(f);
        for (var i = 0; i < _parts.Length; i++)
            arguments[i + 1] = await _parts[i].Step(f);
        return CallNode.Invoke(f, this, _tag, function, thisValue, arguments);
    }

    private JsValue Strings(Frame f)
    {
        if (f.Realm.TemplateStrings.TryGetValue(this, out var known))
            return known;
        var raw = f.Realm.NewArray([.. _raw.Select(text => (JsValue)text)]);
        var strings = f.Realm.NewArray([.. _cooked.Select(text => text is null ? JsValue.Undefined : (JsValue)text)]);
        ObjectBuiltins.Freeze(raw);
        strings.DefineData("raw", raw, Attributes.None);
        ObjectBuiltins.Freeze(strings);
        return f.Realm.TemplateStrings[this] = strings;
    }
}

internal sealed class ArrayNode : Node
{
    private readonly Node?[] _items;

    /// <param name="items">Null for a hole; <see cref="SpreadNode"/> for a spread.</param>
    public ArrayNode(Node?[] items)
    {
        _items = items;
        Suspends = Any(items);
    }

    public IReadOnlyList<Node?> Elements => _items;

    public override JsValue Evaluate(Frame f) => f.Realm.NewArray(SpreadNode.Evaluate(_items, f));

    protected override async Step<JsValue> Resumable(Frame f) => f.Realm.NewArray(await SpreadNode.Step(_items, f));
}

internal sealed class SpreadNode : Node
{
    public SpreadNode(Node argument)
    {
        Argument = argument;
        Suspends = argument.Suspends;
    }

    public Node Argument { get; }

    public override JsValue Evaluate(Frame f) => Argument.Evaluate(f);

    protected override Step<JsValue> Resumable(Frame f) => Argument.Step(f);

    public static JsValue[] Evaluate(Node?[] nodes, Frame f)
    {
        if (nodes.Length == 0)
            return [];
        var values = new JsValue[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i] is SpreadNode)
                return Rest(nodes, f, values, i);
            values[i] = nodes[i] is { } node ? node.Evaluate(f) : JsValue.Hole;
        }

        return values;
    }

    private static JsValue[] Rest(Node?[] nodes, Frame f, JsValue[] values, int from)
    {
        var all = new ValueList(values.AsSpan(0, from));
        for (var i = from; i < nodes.Length; i++)
        {
            var value = nodes[i] is { } node ? node.Evaluate(f) : JsValue.Hole;
            if (nodes[i] is SpreadNode)
                Iteration.Each(value, all.Add);
            else
                all.Add(value);
        }

        return all.ToArray();
    }

    public static async Step<JsValue[]> Step(Node?[] nodes, Frame f)
    {
        var all = new ValueList([]);
        foreach (var node in nodes)
        {
            var value = node is not null ? await node.Step(f) : JsValue.Hole;
            if (node is SpreadNode)
                Iteration.Each(value, all.Add);
            else
                all.Add(value);
        }

        return all.ToArray();
    }
}
