using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

internal static class ObjectBuiltins
{
    public static readonly Template Prototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("Object", Constructor))
        .Method("hasOwnProperty", 1, (_, self, a) => HasOwn(Coerce.ToObject(self), PropertyKey.Of(a.At(0))))
        .Method("isPrototypeOf", 1, (_, self, a) => IsPrototypeOf(self, a.At(0)))
        .Method("propertyIsEnumerable", 1, (_, self, a) => Coerce.ToObject(self).TryGetOwn(PropertyKey.Of(a.At(0)), out var property) && property.Enumerable)
        .Method("toString", 0, (_, self, _) => Tagged(self))
        .Method("toLocaleString", 0, (_, self, _) => Coerce.ToObject(self).Invoke("toString"))
        .Method("valueOf", 0, (_, self, _) => Coerce.ToObject(self))
        .Accessor("__proto__", "__proto__", (_, self, _) => JsValue.OrNull(Coerce.ToObject(self).GetPrototype()), (_, self, a) =>
        {
            if (self.Ref is JsObject target && (a.At(0).IsNull || a.At(0).IsObject) && !target.SetPrototype(a.At(0).Ref as JsObject))
                throw Errors.Type("The prototype cannot be set.");
            return JsValue.Undefined;
        });

    private static readonly Template Statics = new Template()
        .Method("keys", 1, (realm, _, a) => realm.NewArray(Enumerate(a.At(0)).Select(entry => entry.Key)))
        .Method("values", 1, (realm, _, a) => realm.NewArray(Enumerate(a.At(0)).Select(entry => entry.Value)))
        .Method("entries", 1, (realm, _, a) => realm.NewArray(Enumerate(a.At(0)).Select(entry => (JsValue)realm.NewArray([entry.Key, entry.Value]))))
        .Method("assign", 2, Assign)
        .Method("freeze", 1, (_, _, a) => a.At(0).Ref is JsObject target ? Freeze(target) : a.At(0))
        .Method("isFrozen", 1, (_, _, a) => a.At(0).Ref is not JsObject target || IsSealed(target, true))
        .Method("seal", 1, (_, _, a) => a.At(0).Ref is JsObject target ? Seal(target) : a.At(0))
        .Method("isSealed", 1, (_, _, a) => a.At(0).Ref is not JsObject target || IsSealed(target, false))
        .Method("preventExtensions", 1, (_, _, a) => a.At(0).Ref is JsObject target && !target.PreventExtensions() ? throw Errors.Type("The object cannot be closed.") : a.At(0))
        .Method("isExtensible", 1, (_, _, a) => a.At(0).Ref is JsObject target && target.IsExtensible())
        .Method("getPrototypeOf", 1, (_, _, a) => JsValue.OrNull(Coerce.ToObject(a.At(0)).GetPrototype()))
        .Method("setPrototypeOf", 2, (_, _, a) =>
        {
            if (!a.At(1).IsNull && !a.At(1).IsObject)
                throw Errors.Type("A prototype must be an object or null.");
            return a.At(0).Ref is JsObject target && !target.SetPrototype(a.At(1).Ref as JsObject) ? throw Errors.Type("The prototype cannot be set.") : a.At(0);
        })
        .Method("create", 2, (_, _, a) =>
        {
            if (!a.At(0).IsNull && !a.At(0).IsObject)
                throw Errors.Type("A prototype must be an object or null.");
            var made = new JsObject(a.At(0).Ref as JsObject);
            return a.At(1).IsUndefined ? made : DefineAll(made, Coerce.ToObject(a.At(1)));
        })
        .Method("defineProperty", 3, (_, _, a) =>
        {
            Target(a).DefineOrThrow(PropertyKey.Of(a.At(1)), Descriptor.From(a.At(2)));
            return a.At(0);
        })
        .Method("defineProperties", 2, (_, _, a) => DefineAll(Target(a), Coerce.ToObject(a.At(1))))
        .Method("getOwnPropertyNames", 1, (realm, _, a) => realm.NewArray(Coerce.ToObject(a.At(0)).OwnKeys().Where(key => !key.IsSymbol).Select(key => key.ToValue())))
        .Method("getOwnPropertySymbols", 1, (realm, _, a) => realm.NewArray(Coerce.ToObject(a.At(0)).OwnKeys().Where(key => key.IsSymbol).Select(key => key.ToValue())))
        .Method("getOwnPropertyDescriptor", 2, (realm, _, a) =>
            Coerce.ToObject(a.At(0)).TryGetOwn(PropertyKey.Of(a.At(1)), out var property) ? Descriptor.From(property).ToObject(realm) : JsValue.Undefined)
        .Method("getOwnPropertyDescriptors", 1, (realm, _, a) =>
        {
            var source = Coerce.ToObject(a.At(0));
            var result = realm.NewObject();
            foreach (var key in source.OwnKeys())
            {
                if (source.TryGetOwn(key, out var property))
                    result.DefineData(key, Descriptor.From(property).ToObject(realm));
            }

            return result;
        })
        .Method("is", 2, (_, _, a) => Operators.SameValue(a.At(0), a.At(1)))
        .Method("hasOwn", 2, (_, _, a) => HasOwn(Coerce.ToObject(a.At(0)), PropertyKey.Of(a.At(1))))
        .Method("fromEntries", 1, FromEntries)
        .Method("groupBy", 2, (realm, _, a) =>
        {
            var groups = new JsObject(null);
            foreach (var (key, members) in Group(a.At(0), a.Function(1), value => PropertyKey.Of(value).ToValue()))
                groups.DefineData(PropertyKey.Of(key), realm.NewArray(members.ToArray()));
            return groups;
        });

    public static JsObject Constructor(Realm realm)
    {
        var type = new NativeFunction(realm, "Object", 1, (r, _, a) => a.At(0).IsNullish ? r.NewObject() : Coerce.ToObject(a.At(0)),
            (r, a, target) => target == r.Constructor("Object", Constructor)
                ? a.At(0).IsNullish ? r.NewObject() : Coerce.ToObject(a.At(0))
                : new JsObject(Realm.PrototypeFrom(target, r.ObjectPrototype)));
        type.WriteOwn("prototype", new(realm.ObjectPrototype, Attributes.None));
        return type.WithTemplate(Statics);
    }

    private static JsObject Target(JsValue[] a) => a.At(0).Ref as JsObject ?? throw Errors.Type("Properties can only be defined on an object.");

    private static bool HasOwn(JsObject target, PropertyKey key) => target.TryGetOwn(key, out _);

    private static JsValue IsPrototypeOf(JsValue self, JsValue value)
    {
        for (var at = (value.Ref as JsObject)?.GetPrototype(); at is not null; at = at.GetPrototype())
        {
            if (ReferenceEquals(at, self.Ref))
                return true;
        }

        return false;
    }

    private static JsValue Tagged(JsValue self)
    {
        if (self.IsNullish)
            return self.IsNull ? "[object Null]" : "[object Undefined]";
        var target = Coerce.ToObject(self);
        var tag = target.Get(Symbol.ToStringTag);
        var standard = target.IsCallable ? "Function" : target.ClassName is "Array" or "Error" or "Boolean" or "Number" or "String" or "Date" or "RegExp" or "Arguments" ? target.ClassName : "Object";
        return $"[object {(tag.IsString ? tag.AsString : standard)}]";
    }

    public static IEnumerable<(JsValue Key, JsValue Value)> Enumerate(JsValue from)
    {
        var source = Coerce.ToObject(from);
        foreach (var key in source.OwnKeys())
        {
            if (key.IsSymbol || !source.TryGetOwn(key, out var property) || !property.Enumerable)
                continue;
            Realm.Current.Budget.Step();
            yield return (key.ToValue(), source is JsProxy ? source.Get(key) : property.Read(source));
        }
    }

    private static JsValue Assign(Realm realm, JsValue self, JsValue[] a)
    {
        var target = Coerce.ToObject(a.At(0));
        foreach (var value in a.Skip(1).Where(value => !value.IsNullish))
        {
            var source = Coerce.ToObject(value);
            foreach (var key in source.OwnKeys())
            {
                if (source.TryGetOwn(key, out var property) && property.Enumerable)
                    target.Put(key, source.Get(key));
            }
        }

        return target;
    }

    private static JsObject DefineAll(JsObject target, JsObject source)
    {
        var changes = source.OwnKeys().Where(key => source.TryGetOwn(key, out var property) && property.Enumerable)
            .Select(key => (key, Descriptor.From(source.Get(key)))).ToList();
        foreach (var (key, descriptor) in changes)
            target.DefineOrThrow(key, descriptor);
        return target;
    }

    private static JsValue FromEntries(Realm realm, JsValue self, JsValue[] a)
    {
        var result = realm.NewObject();
        Iteration.Each(a.At(0), entry =>
        {
            var pair = entry.Ref as JsObject ?? throw Errors.Type("An entry must be an array of key and value.");
            result.DefineData(PropertyKey.Of(pair.GetIndex(0)), pair.GetIndex(1));
        });
        return result;
    }

    public static List<(JsValue Key, ValueList Members)> Group(JsValue items, JsObject classify, Func<JsValue, JsValue> toKey)
    {
        var groups = new List<(JsValue Key, ValueList Members)>();
        var places = new Dictionary<JsValue, int>(MapKeyComparer.Instance);
        var index = 0;
        Iteration.Each(items, item =>
        {
            var key = toKey(classify.Call(JsValue.Undefined, [item, index++]));
            if (!places.TryGetValue(key, out var place))
            {
                places[key] = place = groups.Count;
                groups.Add((key, new ValueList([])));
            }

            groups[place].Members.Add(item);
        });
        return groups;
    }

    public static JsObject Freeze(JsObject target)
    {
        target.PreventExtensions();
        foreach (var key in target.OwnKeys())
        {
            if (target.TryGetOwn(key, out var property))
                target.DefineOrThrow(key, property.Accessor is null ? new() { Configurable = false, Writable = false } : new() { Configurable = false });
        }

        return target;
    }

    private static JsObject Seal(JsObject target)
    {
        target.PreventExtensions();
        foreach (var key in target.OwnKeys())
            target.DefineOrThrow(key, new() { Configurable = false });
        return target;
    }

    private static bool IsSealed(JsObject target, bool frozen) =>
        !target.IsExtensible() && target.OwnKeys().TrueForAll(key =>
            !target.TryGetOwn(key, out var property) || !property.Configurable && (!frozen || property.Accessor is not null || !property.Writable));
}
