using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

/// <summary>Array: what changes it. What only reads it is in <see cref="ArrayQueries"/>.</summary>
internal static class ArrayBuiltins
{
    public static readonly Template Prototype = ArrayQueries.AddTo(new Template())
        .Lazy("constructor", realm => realm.Constructor("Array", Constructor))
        .Method("push", 1, Push)
        .Method("pop", 0, Pop)
        .Method("shift", 0, Shift)
        .Method("unshift", 1, Unshift)
        .Method("splice", 2, Splice)
        .Method("reverse", 0, Reverse)
        .Method("sort", 1, Sort)
        .Method("fill", 1, Fill)
        .Method("copyWithin", 2, CopyWithin)
        .Lazy("values", realm => realm.ArrayValues)
        .Lazy(Symbol.Iterator, realm => realm.ArrayValues);

    private static readonly Template Statics = new Template()
        .Method("isArray", 1, (_, _, a) => IsArray(a.At(0)))
        .Method("of", 0, (realm, _, a) => realm.NewArray([.. a]))
        .Method("from", 1, From)
        .Method("fromAsync", 1, (realm, _, a) =>
        {
            var items = Iteration.ToArray(a.At(0));
            var all = realm.Constructor("Promise", PromiseBuiltins.Constructor).Invoke("all", realm.NewArray(items));
            return a.At(1).IsCallable ? ((JsPromise)all.AsObject).Then(realm, new NativeFunction(realm, "", 1, (r, _, b) => From(r, default, [b.At(0), a[1]])), default) : all;
        })
        .Getter(Symbol.Species, "[Symbol.species]", (_, self, _) => self);

    public static JsObject Constructor(Realm realm)
    {
        static JsArray Make(Realm r, JsValue[] a, JsObject? target)
        {
            var array = new JsArray(target is null ? r.ArrayPrototype : Realm.PrototypeFrom(target, r.ArrayPrototype), a is [{ IsNumber: true }] ? [] : [.. a]);
            if (a is [{ IsNumber: true } length])
                array.DefineOrThrow("length", new() { Value = length });
            return array;
        }

        var type = new NativeFunction(realm, "Array", 1, (r, _, a) => Make(r, a, null), (r, a, target) => Make(r, a, target));
        type.WriteOwn("prototype", new(realm.ArrayPrototype, Attributes.None));
        return type.WithTemplate(Statics);
    }

    public static bool IsArray(JsValue value) => value.Ref is JsArray || value.Ref is JsProxy { Target: { } target } && IsArray(target);

    private static JsValue From(Realm realm, JsValue self, JsValue[] a)
    {
        var source = a.At(0);
        var map = a.At(1).IsUndefined ? null : a.Function(1);
        var result = new ValueList([]);
        void Add(JsValue value) => result.Add(map is null ? value : map.Call(a.At(2), [value, result.Count]));
        if (source.IsNullish)
            throw Errors.Type($"{source} is neither iterable nor like an array.");
        if (JsObject.MethodOf(source, Symbol.Iterator) is not null)
            Iteration.Each(source, Add);
        else
        {
            var list = Coerce.ToObject(source);
            var length = Coerce.LengthOf(list);
            for (double i = 0; i < length; i++)
            {
                realm.Budget.Step();
                Add(list.GetAt(i));
            }
        }

        if (self.Ref is not JsObject { IsConstructor: true } type || ReferenceEquals(type, realm.Constructor("Array", Constructor)))
            return realm.NewArray(result.ToArray());
        var made = type.Construct([], type).AsObject;
        for (var i = 0; i < result.Count; i++)
            made.PutIndex(i, result[i]);
        made.Put("length", result.Count);
        return made;
    }

    private static JsValue Push(Realm realm, JsValue self, JsValue[] a)
    {
        if (self.Ref is JsArray array && ReferenceEquals(array.GetPrototype(), realm.ArrayPrototype))
        {
            foreach (var value in a)
                array.Push(value);
            return array.Length;
        }

        var target = Coerce.ToObject(self);
        var length = Coerce.LengthOf(target);
        foreach (var value in a)
            target.PutIndex(length++, value);
        target.Put("length", length);
        return length;
    }

    private static JsValue Pop(Realm realm, JsValue self, JsValue[] a)
    {
        var target = Coerce.ToObject(self);
        var length = Coerce.LengthOf(target);
        if (length == 0)
        {
            target.Put("length", 0);
            return JsValue.Undefined;
        }

        var last = target.GetAt(length - 1);
        target.DeleteOrThrow(PropertyKey.Of(length - 1));
        target.Put("length", length - 1);
        return last;
    }

    private static JsValue Shift(Realm realm, JsValue self, JsValue[] a)
    {
        var target = Coerce.ToObject(self);
        if (target is JsArray { IsDense: true, Length: > 0 } array)
        {
            var first = array.GetIndex(0);
            if (array.RemoveFirst())
                return first;
        }

        var length = Coerce.LengthOf(target);
        if (length == 0)
        {
            target.Put("length", 0);
            return JsValue.Undefined;
        }

        var head = target.GetAt(0);
        Move(realm, target, 1, 0, length - 1);
        target.DeleteOrThrow(PropertyKey.Of(length - 1));
        target.Put("length", length - 1);
        return head;
    }

    private static JsValue Unshift(Realm realm, JsValue self, JsValue[] a)
    {
        var target = Coerce.ToObject(self);
        var length = Coerce.LengthOf(target);
        if (a.Length > 0)
        {
            Move(realm, target, 0, a.Length, length);
            for (var i = 0; i < a.Length; i++)
                target.PutIndex(i, a[i]);
        }

        target.Put("length", length + a.Length);
        return length + a.Length;
    }

    private static JsValue Splice(Realm realm, JsValue self, JsValue[] a)
    {
        var target = Coerce.ToObject(self);
        var length = Coerce.LengthOf(target);
        var start = Coerce.ToRelative(a.At(0), length, 0);
        var remove = a.Length == 0 ? 0 : a.Length == 1 ? length - start : Math.Clamp(Coerce.ToInteger(a[1]), 0, length - start);
        var removed = new ValueList([]);
        for (double i = 0; i < remove; i++)
        {
            realm.Budget.Step();
            removed.Add(target.HasAt(start + i) ? target.GetAt(start + i) : JsValue.Hole);
        }

        var added = Math.Max(0, a.Length - 2);
        if (added != remove)
        {
            Move(realm, target, start + remove, start + added, length - start - remove);
            for (var i = length - 1; i >= length - remove + added; i--)
                target.DeleteOrThrow(PropertyKey.Of(i));
        }

        for (var i = 0; i < added; i++)
            target.PutIndex(start + i, a[i + 2]);
        target.Put("length", length - remove + added);
        return realm.NewArray(removed.ToArray());
    }

    /// <summary>Moves elements, holes included, also when the ranges overlap.</summary>
    private static void Move(Realm realm, JsObject target, double from, double to, double count)
    {
        var backwards = from < to;
        for (double i = 0; i < count; i++)
        {
            realm.Budget.Step();
            var offset = backwards ? count - 1 - i : i;
            if (target.HasAt(from + offset))
                target.PutIndex(to + offset, target.GetAt(from + offset));
            else
                target.DeleteOrThrow(PropertyKey.Of(to + offset));
        }
    }

    private static JsValue Reverse(Realm realm, JsValue self, JsValue[] a)
    {
        var target = Coerce.ToObject(self);
        var length = Coerce.LengthOf(target);
        for (double low = 0, high = length - 1; low < high; low++, high--)
        {
            realm.Budget.Step();
            var (hasLow, hasHigh) = (target.HasAt(low), target.HasAt(high));
            var (first, last) = (target.GetAt(low), target.GetAt(high));
            if (hasHigh)
                target.PutIndex(low, last);
            else
                target.DeleteOrThrow(PropertyKey.Of(low));
            if (hasLow)
                target.PutIndex(high, first);
            else
                target.DeleteOrThrow(PropertyKey.Of(high));
        }

        return target;
    }

    private static JsValue Sort(Realm realm, JsValue self, JsValue[] a)
    {
        var compare = a.At(0).IsUndefined ? null : a.Function(0);
        var target = Coerce.ToObject(self);
        var length = Coerce.LengthOf(target);
        var values = new ValueList([]);
        for (double i = 0; i < length; i++)
        {
            realm.Budget.Step();
            if (target.HasAt(i))
                values.Add(target.GetAt(i));
        }

        var sorted = Sorting.Sort(realm, values.ToArray(), compare);
        for (var i = 0; i < sorted.Length; i++)
            target.PutIndex(i, sorted[i]);
        for (double i = sorted.Length; i < length; i++)
            target.DeleteOrThrow(PropertyKey.Of(i));
        return target;
    }

    private static JsValue Fill(Realm realm, JsValue self, JsValue[] a)
    {
        var target = Coerce.ToObject(self);
        var length = Coerce.LengthOf(target);
        var end = Coerce.ToRelative(a.At(2), length, length);
        for (var i = Coerce.ToRelative(a.At(1), length, 0); i < end; i++)
        {
            realm.Budget.Step();
            target.PutIndex(i, a.At(0));
        }

        return target;
    }

    private static JsValue CopyWithin(Realm realm, JsValue self, JsValue[] a)
    {
        var target = Coerce.ToObject(self);
        var length = Coerce.LengthOf(target);
        var to = Coerce.ToRelative(a.At(0), length, 0);
        var from = Coerce.ToRelative(a.At(1), length, 0);
        Move(realm, target, from, to, Math.Min(Coerce.ToRelative(a.At(2), length, length) - from, length - to));
        return target;
    }
}

internal static class Sorting
{
    /// <summary>A stable merge sort; undefined goes last. An inconsistent comparison gives some order, never an error.</summary>
    public static JsValue[] Sort(Realm realm, JsValue[] values, JsObject? compare)
    {
        var defined = values.Where(value => !value.IsUndefined).ToArray();
        if (compare is null)
        {
            realm.Budget.Steps(defined.Length);
            var keyed = Array.ConvertAll(defined, value => (Key: Coerce.ToText(value), Value: value));
            defined = [.. keyed.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];
        }
        else
            Merge(realm, defined, new JsValue[defined.Length], 0, defined.Length, compare);
        Array.Fill(values, JsValue.Undefined);
        defined.CopyTo(values, 0);
        return values;
    }

    private static void Merge(Realm realm, JsValue[] values, JsValue[] spare, int from, int to, JsObject compare)
    {
        if (to - from < 2)
            return;
        var middle = (from + to) / 2;
        Merge(realm, values, spare, from, middle, compare);
        Merge(realm, values, spare, middle, to, compare);
        var (left, right) = (from, middle);
        for (var i = from; i < to; i++)
        {
            realm.Budget.Step();
            var takeLeft = left < middle && (right >= to || !(Coerce.ToNumber(compare.Call(JsValue.Undefined, [values[left], values[right]])) > 0));
            spare[i] = takeLeft ? values[left++] : values[right++];
        }

        Array.Copy(spare, from, values, from, to - from);
    }
}
