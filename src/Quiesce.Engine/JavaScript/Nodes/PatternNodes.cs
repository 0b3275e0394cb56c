using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

/// <summary>One target in a pattern or parameter list, with its default.</summary>
internal sealed class PatternElement(ITarget target, Node? standIn)
{
    public ITarget Target => target;
    public Node? Default => standIn;
    public bool Suspends => target.TargetSuspends || standIn is { Suspends: true };

    public void Bind(Frame f, JsValue value, bool declare) =>
        target.Bind(f, value.IsUndefined && standIn is not null ? standIn.Evaluate(f) : value, declare);

    public async Step<bool> BindStep(Frame f, JsValue value, bool declare) =>
        await target.BindStep(f, value.IsUndefined && standIn is not null ? await standIn.Step(f) : value, declare);
}

internal sealed class ArrayPattern(PatternElement?[] items, ITarget? rest) : ITarget
{
    public bool TargetSuspends { get; } = items.Any(item => item is { Suspends: true }) || rest is { TargetSuspends: true };

    public void Bind(Frame f, JsValue value, bool declare)
    {
        using var source = Iteration.Of(value);
        foreach (var item in items)
        {
            var next = source.NextOrUndefined();
            item?.Bind(f, next, declare);
        }

        rest?.Bind(f, Rest(f, source), declare);
    }

    public async Step<bool> BindStep(Frame f, JsValue value, bool declare)
    {
        using var source = Iteration.Of(value);
        foreach (var item in items)
        {
            var next = source.NextOrUndefined();
            if (item is not null)
                await item.BindStep(f, next, declare);
        }

        if (rest is not null)
            await rest.BindStep(f, Rest(f, source), declare);
        return true;
    }

    private static JsArray Rest(Frame f, Runtime.Iterator source)
    {
        var remaining = new ValueList([]);
        while (source.Next(out var next))
            remaining.Add(next);
        return f.Realm.NewArray(remaining.ToArray());
    }
}

internal sealed class ObjectPattern(IReadOnlyList<(Node Key, PatternElement Element)> items, ITarget? rest) : ITarget
{
    public bool TargetSuspends { get; } = items.Any(item => item.Key.Suspends || item.Element.Suspends) || rest is { TargetSuspends: true };

    public void Bind(Frame f, JsValue value, bool declare)
    {
        Check(value);
        var taken = rest is null ? null : new List<PropertyKey>();
        foreach (var (node, element) in items)
        {
            var key = PropertyKey.Of(node.Evaluate(f));
            taken?.Add(key);
            element.Bind(f, Members.Get(value, key), declare);
        }

        rest?.Bind(f, Rest(f, value, taken!), declare);
    }

    public async Step<bool> BindStep(Frame f, JsValue value, bool declare)
    {
        Check(value);
        var taken = rest is null ? null : new List<PropertyKey>();
        foreach (var (node, element) in items)
        {
            var key = PropertyKey.Of(await node.Step(f));
            taken?.Add(key);
            await element.BindStep(f, Members.Get(value, key), declare);
        }

        if (rest is not null)
            await rest.BindStep(f, Rest(f, value, taken!), declare);
        return true;
    }

    private static void Check(JsValue value)
    {
        if (value.IsNullish)
            throw Errors.Type($"{value} cannot be taken apart into properties.");
    }

    private static JsObject Rest(Frame f, JsValue value, List<PropertyKey> taken)
    {
        var result = f.Realm.NewObject();
        ObjectNode.CopyProperties(result, value, taken);
        return result;
    }
}
