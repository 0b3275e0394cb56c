namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>A source of values being walked. Disposing before the end tells a script-made iterator that no more is wanted.</summary>
internal abstract class Iterator : IDisposable
{
    public abstract bool Next(out JsValue value);

    public JsValue NextOrUndefined() => Next(out var value) ? value : JsValue.Undefined;

    public void Dispose() => Close();

    protected virtual void Close() { }
}

internal sealed class ArrayIterator(JsArray array) : Iterator
{
    private uint _at;

    public override bool Next(out JsValue value)
    {
        var more = _at < array.Length;
        value = more ? array.GetIndex(_at++) : default;
        if (!more)
            _at = uint.MaxValue;
        return more;
    }
}

/// <summary>The language's own protocol.</summary>
internal sealed class ProtocolIterator(JsObject iterator) : Iterator
{
    private readonly JsValue _next = iterator.Get("next");
    private bool _done;

    public override bool Next(out JsValue value)
    {
        value = default;
        if (_done)
            return false;
        _done = true;
        Realm.Current.Budget.Step();
        if (Iteration.CallNext(iterator, _next, JsValue.Undefined).Ref is not JsObject result)
            throw Errors.Type("The iterator's answer is not an object.");
        if (Coerce.ToBool(result.Get("done")))
            return false;
        value = result.Get("value");
        _done = false;
        return true;
    }

    protected override void Close()
    {
        if (_done)
            return;
        _done = true;
        iterator.GetMethod("return")?.Call(iterator, []);
    }
}

/// <summary>Enumerable string keys of an object and what it inherits, as for-in walks them.</summary>
internal sealed class KeyIterator(JsValue source) : Iterator
{
    private readonly Queue<(JsObject Owner, PropertyKey Key)> _keys = Collect(source);

    public override bool Next(out JsValue value)
    {
        while (_keys.TryDequeue(out var item))
        {
            if (!item.Owner.TryGetOwn(item.Key, out _))
                continue;
            value = (string)item.Key.Ref;
            return true;
        }

        value = default;
        return false;
    }

    private static Queue<(JsObject Owner, PropertyKey Key)> Collect(JsValue source)
    {
        var keys = new Queue<(JsObject, PropertyKey)>();
        if (source.IsNullish)
            return keys;
        var seen = new HashSet<PropertyKey>();
        for (var at = Coerce.ToObject(source); at is not null; at = at.GetPrototype())
        {
            if (at.IsBuiltInPrototype)
                continue;
            foreach (var key in at.OwnKeys())
            {
                if (!key.IsSymbol && seen.Add(key) && at.TryGetOwn(key, out var property) && property.Enumerable)
                    keys.Enqueue((at, key));
            }
        }

        return keys;
    }
}

internal static class Iteration
{
    public static Iterator Of(JsValue source)
    {
        if (source.Ref is JsArray array && array.HasOrdinaryIterator)
            return new ArrayIterator(array);
        return new ProtocolIterator(GetIterator(source, false));
    }

    /// <summary>Hands every value to <paramref name="action"/>; an error in there closes the iterator.</summary>
    public static void Each(JsValue source, Action<JsValue> action)
    {
        using var iterator = Of(source);
        while (iterator.Next(out var value))
        {
            Realm.Current.Budget.Step();
            action(value);
        }
    }

    public static JsValue[] ToArray(JsValue source)
    {
        var all = new ValueList([]);
        Each(source, all.Add);
        return all.ToArray();
    }

    public static JsObject GetIterator(JsValue source, bool isAsync)
    {
        if (isAsync)
        {
            var asyncMethod = JsObject.MethodOf(source, Symbol.AsyncIterator);
            if (asyncMethod is null)
                return new AsyncFromSync(Realm.Current, GetIterator(source, false));
            return asyncMethod.Call(source, []).Ref as JsObject ?? throw Errors.Type("The async iterator is not an object.");
        }

        var method = source.IsNullish ? null : JsObject.MethodOf(source, Symbol.Iterator);
        if (method is null)
            throw Errors.Type($"{(source.IsObject ? "The object" : source.ToString())} is not iterable.");
        return method.Call(source, []).Ref as JsObject ?? throw Errors.Type("The iterator is not an object.");
    }

    public static JsValue CallNext(JsObject iterator, JsValue next, JsValue sent) =>
        next.IsCallable ? next.AsObject.Call(iterator, [sent]) : throw Errors.Type("The iterator has no next method.");

    public static JsObject Result(Realm realm, JsValue value, bool done)
    {
        var result = realm.NewObject();
        result.WriteOwn("value", new(value, Attributes.All));
        result.WriteOwn("done", new(done, Attributes.All));
        return result;
    }
}

/// <summary>A growing list of values that counts against the memory limit before it grows.</summary>
internal sealed class ValueList(ReadOnlySpan<JsValue> start)
{
    private JsValue[] _items = start.ToArray();

    public int Count { get; private set; } = start.Length;

    public JsValue this[int index] => _items[index];

    public void Add(JsValue value)
    {
        if (Count == _items.Length)
        {
            var size = Math.Max(4, Count * 2);
            Realm.Current.Budget.Reserve(size * 16L);
            Array.Resize(ref _items, size);
        }

        _items[Count++] = value;
    }

    public JsValue[] ToArray()
    {
        if (Count != _items.Length)
            Array.Resize(ref _items, Count);
        return _items;
    }
}
