using System.Text;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

/// <summary>The methods of Array that leave the array as it is.</summary>
internal static class ArrayQueries
{
    public static Template AddTo(Template template) => template
        .Method("concat", 1, Concat)
        .Method("slice", 2, Slice)
        .Method("join", 1, (realm, self, a) => Join(realm, Coerce.ToObject(self), a.At(0).IsUndefined ? "," : Coerce.ToText(a[0])))
        .Method("toString", 0, (realm, self, _) => Join(realm, Coerce.ToObject(self), ","))
        .Method("toLocaleString", 0, (realm, self, _) => Join(realm, Coerce.ToObject(self), ","))
        .Method("indexOf", 1, (realm, self, a) => Search(realm, self, a, Operators.StrictEquals))
        .Method("lastIndexOf", 1, LastIndexOf)
        .Method("includes", 1, Includes)
        .Method("find", 1, (realm, self, a) => Find(realm, self, a, false, false))
        .Method("findIndex", 1, (realm, self, a) => Find(realm, self, a, false, true))
        .Method("findLast", 1, (realm, self, a) => Find(realm, self, a, true, false))
        .Method("findLastIndex", 1, (realm, self, a) => Find(realm, self, a, true, true))
        .Method("forEach", 1, (realm, self, a) =>
        {
            Visit(realm, self, a, (_, _, _) => true);
            return JsValue.Undefined;
        })
        .Method("map", 1, Map)
        .Method("filter", 1, (realm, self, a) =>
        {
            var kept = new ValueList([]);
            Visit(realm, self, a, (_, value, answer) =>
            {
                if (Coerce.ToBool(answer))
                    kept.Add(value);
                return true;
            });
            return realm.NewArray(kept.ToArray());
        })
        .Method("some", 1, (realm, self, a) => !Visit(realm, self, a, (_, _, answer) => !Coerce.ToBool(answer)))
        .Method("every", 1, (realm, self, a) => Visit(realm, self, a, (_, _, answer) => Coerce.ToBool(answer)))
        .Method("reduce", 1, (realm, self, a) => Reduce(realm, self, a, false))
        .Method("reduceRight", 1, (realm, self, a) => Reduce(realm, self, a, true))
        .Method("flat", 0, (realm, self, a) =>
        {
            var flat = new ValueList([]);
            Flatten(realm, flat, Coerce.ToObject(self), a.At(0).IsUndefined ? 1 : Coerce.ToInteger(a[0]));
            return realm.NewArray(flat.ToArray());
        })
        .Method("flatMap", 1, (realm, self, a) =>
        {
            var flat = new ValueList([]);
            Visit(realm, self, a, (_, _, answer) =>
            {
                if (ArrayBuiltins.IsArray(answer))
                    Flatten(realm, flat, answer.AsObject, 0);
                else
                    flat.Add(answer);
                return true;
            });
            return realm.NewArray(flat.ToArray());
        })
        .Method("at", 1, (_, self, a) =>
        {
            var list = Coerce.ToObject(self);
            var length = Coerce.LengthOf(list);
            var index = Coerce.ToInteger(a.At(0));
            index = index < 0 ? length + index : index;
            return index < 0 || index >= length ? JsValue.Undefined : list.GetAt(index);
        })
        .Method("keys", 0, (realm, self, _) => IteratorBuiltins.Walk(realm, "Array Iterator", Indices(Coerce.ToObject(self)).Select(i => (JsValue)i)))
        .Method("entries", 0, (realm, self, _) =>
        {
            var list = Coerce.ToObject(self);
            return IteratorBuiltins.Walk(realm, "Array Iterator", Indices(list).Select(i => (JsValue)realm.NewArray([i, list.GetAt(i)])));
        })
        .Method("toReversed", 0, (realm, self, _) =>
        {
            var values = Values(realm, self);
            Array.Reverse(values);
            return realm.NewArray(values);
        })
        .Method("toSorted", 1, (realm, self, a) =>
        {
            var compare = a.At(0).IsUndefined ? null : a.Function(0);
            return realm.NewArray(Sorting.Sort(realm, Values(realm, self), compare));
        })
        .Method("toSpliced", 2, (realm, self, a) =>
        {
            var values = Values(realm, self);
            var start = (int)Coerce.ToRelative(a.At(0), values.Length, 0);
            var remove = a.Length == 0 ? 0 : a.Length == 1 ? values.Length - start : (int)Math.Clamp(Coerce.ToInteger(a[1]), 0, values.Length - start);
            return realm.NewArray([.. values[..start], .. a.Skip(2), .. values[(start + remove)..]]);
        })
        .Method("with", 2, (realm, self, a) =>
        {
            var values = Values(realm, self);
            var index = Coerce.ToInteger(a.At(0));
            index = index < 0 ? values.Length + index : index;
            if (index < 0 || index >= values.Length)
                throw Errors.Range("The index is out of range.");
            values[(int)index] = a.At(1);
            return realm.NewArray(values);
        });

    private static IEnumerable<double> Indices(JsObject list)
    {
        for (double i = 0; i < Coerce.LengthOf(list); i++)
            yield return i;
    }

    /// <summary>All elements, holes as undefined.</summary>
    private static JsValue[] Values(Realm realm, JsValue self)
    {
        var list = Coerce.ToObject(self);
        var length = Coerce.LengthOf(list);
        var values = new ValueList([]);
        for (double i = 0; i < length; i++)
        {
            realm.Budget.Step();
            values.Add(list.GetAt(i));
        }

        return values.ToArray();
    }

    /// <summary>Calls the script's function for each element that is there. Stops, and answers false, when <paramref name="goOn"/> says so.</summary>
    private static bool Visit(Realm realm, JsValue self, JsValue[] a, Func<double, JsValue, JsValue, bool> goOn)
    {
        var list = Coerce.ToObject(self);
        var length = Coerce.LengthOf(list);
        var function = a.Function(0);
        for (double i = 0; i < length; i++)
        {
            realm.Budget.Step();
            if (!list.HasAt(i))
                continue;
            var value = list.GetAt(i);
            if (!goOn(i, value, function.Call(a.At(1), [value, i, list])))
                return false;
        }

        return true;
    }

    private static JsValue Map(Realm realm, JsValue self, JsValue[] a)
    {
        var length = Coerce.LengthOf(Coerce.ToObject(self));
        if (length >= uint.MaxValue)
            throw Errors.Range("The array is too long.");
        var result = new ValueList([]);
        Visit(realm, self, a, (index, _, answer) =>
        {
            while (result.Count < index)
                result.Add(JsValue.Hole);
            result.Add(answer);
            return true;
        });
        var array = realm.NewArray(result.ToArray());
        if (array.Length < length)
            array.Put("length", length);
        return array;
    }

    private static JsValue Concat(Realm realm, JsValue self, JsValue[] a)
    {
        var result = new ValueList([]);
        foreach (var value in a.Prepend(Coerce.ToObject(self)))
        {
            if (value.Ref is not JsObject list || !(list.Get(Symbol.IsConcatSpreadable) is { IsUndefined: false } flag ? Coerce.ToBool(flag) : ArrayBuiltins.IsArray(value)))
            {
                result.Add(value);
                continue;
            }

            var length = Coerce.LengthOf(list);
            for (double i = 0; i < length; i++)
            {
                realm.Budget.Step();
                result.Add(list.HasAt(i) ? list.GetAt(i) : JsValue.Hole);
            }
        }

        return realm.NewArray(result.ToArray());
    }

    private static JsValue Slice(Realm realm, JsValue self, JsValue[] a)
    {
        var list = Coerce.ToObject(self);
        var length = Coerce.LengthOf(list);
        var end = Coerce.ToRelative(a.At(1), length, length);
        var result = new ValueList([]);
        for (var i = Coerce.ToRelative(a.At(0), length, 0); i < end; i++)
        {
            realm.Budget.Step();
            result.Add(list.HasAt(i) ? list.GetAt(i) : JsValue.Hole);
        }

        return realm.NewArray(result.ToArray());
    }

    public static string Join(Realm realm, JsObject list, string separator)
    {
        if (!realm.Joining.Add(list))
            return "";
        try
        {
            Realm.CheckStack();
            var length = Coerce.LengthOf(list);
            var text = new StringBuilder();
            for (double i = 0; i < length; i++)
            {
                realm.Budget.Step();
                if (i > 0)
                    text.Append(separator);
                var value = list.GetAt(i);
                if (!value.IsNullish)
                    text.Append(Coerce.ToText(value));
                if (text.Length > Rope.LongestString)
                    throw Errors.Range("The string would be longer than a string may be.");
            }

            realm.Budget.Reserve(text.Length * 2L);
            return text.ToString();
        }
        finally
        {
            realm.Joining.Remove(list);
        }
    }

    private static JsValue Search(Realm realm, JsValue self, JsValue[] a, Func<JsValue, JsValue, bool> same)
    {
        var list = Coerce.ToObject(self);
        var length = Coerce.LengthOf(list);
        for (var i = Coerce.ToRelative(a.At(1), length, 0); i < length; i++)
        {
            realm.Budget.Step();
            if (list.HasAt(i) && same(list.GetAt(i), a.At(0)))
                return i;
        }

        return -1;
    }

    private static JsValue LastIndexOf(Realm realm, JsValue self, JsValue[] a)
    {
        var list = Coerce.ToObject(self);
        var length = Coerce.LengthOf(list);
        var from = a.Length > 1 ? Coerce.ToInteger(a[1]) : length - 1;
        for (var i = from < 0 ? length + from : Math.Min(from, length - 1); i >= 0; i--)
        {
            realm.Budget.Step();
            if (list.HasAt(i) && Operators.StrictEquals(list.GetAt(i), a.At(0)))
                return i;
        }

        return -1;
    }

    private static JsValue Includes(Realm realm, JsValue self, JsValue[] a)
    {
        var list = Coerce.ToObject(self);
        var length = Coerce.LengthOf(list);
        for (var i = Coerce.ToRelative(a.At(1), length, 0); i < length; i++)
        {
            realm.Budget.Step();
            if (Operators.SameValueZero(list.GetAt(i), a.At(0)))
                return true;
        }

        return false;
    }

    private static JsValue Find(Realm realm, JsValue self, JsValue[] a, bool last, bool index)
    {
        var list = Coerce.ToObject(self);
        var length = Coerce.LengthOf(list);
        var function = a.Function(0);
        for (double n = 0; n < length; n++)
        {
            realm.Budget.Step();
            var i = last ? length - 1 - n : n;
            var value = list.GetAt(i);
            if (Coerce.ToBool(function.Call(a.At(1), [value, i, list])))
                return index ? i : value;
        }

        return index ? -1 : JsValue.Undefined;
    }

    private static JsValue Reduce(Realm realm, JsValue self, JsValue[] a, bool fromRight)
    {
        var list = Coerce.ToObject(self);
        var length = Coerce.LengthOf(list);
        var function = a.Function(0);
        var has = a.Length > 1;
        var result = a.At(1);
        for (double n = 0; n < length; n++)
        {
            realm.Budget.Step();
            var i = fromRight ? length - 1 - n : n;
            if (!list.HasAt(i))
                continue;
            result = has ? function.Call(JsValue.Undefined, [result, list.GetAt(i), i, list]) : list.GetAt(i);
            has = true;
        }

        return has ? result : throw Errors.Type("An empty array cannot be reduced without a start value.");
    }

    private static void Flatten(Realm realm, ValueList flat, JsObject list, double depth)
    {
        Realm.CheckStack();
        var length = Coerce.LengthOf(list);
        for (double i = 0; i < length; i++)
        {
            realm.Budget.Step();
            if (!list.HasAt(i))
                continue;
            var value = list.GetAt(i);
            if (depth > 0 && ArrayBuiltins.IsArray(value))
                Flatten(realm, flat, value.AsObject, depth - 1);
            else
                flat.Add(value);
        }
    }
}
