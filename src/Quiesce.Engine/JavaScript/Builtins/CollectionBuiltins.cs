using System.Runtime.CompilerServices;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

/// <summary>Keys of Map and Set: NaN equals itself, -0 equals 0.</summary>
internal sealed class MapKeyComparer : IEqualityComparer<JsValue>
{
    public static readonly MapKeyComparer Instance = new();

    public bool Equals(JsValue x, JsValue y) => Operators.SameValueZero(x, y);

    public int GetHashCode(JsValue value)
    {
        if (value.IsNumber)
            return (value.Number + 0.0).GetHashCode();
        return value.IsString ? value.AsString.GetHashCode() : value.IsBigInt ? value.AsBigInt.GetHashCode() : value.Ref is null ? 0 : RuntimeHelpers.GetHashCode(value.Ref);
    }
}

/// <summary>A Map, or a Set when only the keys are used. Walking it sees what is added on the way.</summary>
internal sealed class JsCollection(JsObject prototype, bool isMap) : JsObject(prototype)
{
    private readonly Dictionary<JsValue, int> _places = new(MapKeyComparer.Instance);
    private readonly List<(JsValue Key, JsValue Value, bool Live)> _entries = [];

    public override string ClassName => isMap ? "Map" : "Set";

    public bool IsMap => isMap;
    public int Count => _places.Count;

    public bool Contains(JsValue key) => _places.ContainsKey(key);

    public JsValue Find(JsValue key) => _places.TryGetValue(key, out var place) ? _entries[place].Value : JsValue.Undefined;

    public void Store(JsValue key, JsValue value)
    {
        Realm.Current.Budget.Step();
        if (key.IsNumber && key.Number == 0)
            key = 0;
        if (_places.TryGetValue(key, out var place))
        {
            _entries[place] = (_entries[place].Key, value, true);
            return;
        }

        _places[key] = _entries.Count;
        _entries.Add((key, value, true));
    }

    public bool Remove(JsValue key)
    {
        if (!_places.Remove(key, out var place))
            return false;
        _entries[place] = default;
        return true;
    }

    public void Clear()
    {
        for (var i = 0; i < _entries.Count; i++)
            _entries[i] = default;
        _places.Clear();
    }

    public IEnumerable<(JsValue Key, JsValue Value)> Entries()
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Live)
                yield return (_entries[i].Key, _entries[i].Value);
        }
    }
}

internal static class CollectionBuiltins
{
    public static readonly Template MapPrototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("Map", MapConstructor))
        .Method("get", 1, (_, self, a) => Map(self).Find(a.At(0)))
        .Method("set", 2, (_, self, a) =>
        {
            Map(self).Store(a.At(0), a.At(1));
            return self;
        })
        .Method("has", 1, (_, self, a) => Map(self).Contains(a.At(0)))
        .Method("delete", 1, (_, self, a) => Map(self).Remove(a.At(0)))
        .Method("clear", 0, (_, self, _) =>
        {
            Map(self).Clear();
            return JsValue.Undefined;
        })
        .Getter("size", "size", (_, self, _) => Map(self).Count)
        .Method("forEach", 1, (realm, self, a) => ForEach(realm, self, Map(self), a))
        .Method("keys", 0, (realm, self, _) => IteratorBuiltins.Walk(realm, "Map Iterator", Map(self).Entries().Select(entry => entry.Key)))
        .Method("values", 0, (realm, self, _) => IteratorBuiltins.Walk(realm, "Map Iterator", Map(self).Entries().Select(entry => entry.Value)))
        .Method("entries", 0, MapEntries)
        .Method(Symbol.Iterator, "entries", 0, MapEntries)
        .Tag("Map");

    public static readonly Template SetPrototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("Set", SetConstructor))
        .Method("add", 1, (_, self, a) =>
        {
            Set(self).Store(a.At(0), a.At(0));
            return self;
        })
        .Method("has", 1, (_, self, a) => Set(self).Contains(a.At(0)))
        .Method("delete", 1, (_, self, a) => Set(self).Remove(a.At(0)))
        .Method("clear", 0, (_, self, _) =>
        {
            Set(self).Clear();
            return JsValue.Undefined;
        })
        .Getter("size", "size", (_, self, _) => Set(self).Count)
        .Method("forEach", 1, (realm, self, a) => ForEach(realm, self, Set(self), a))
        .Method("keys", 0, SetValues)
        .Method("values", 0, SetValues)
        .Method(Symbol.Iterator, "values", 0, SetValues)
        .Method("entries", 0, (realm, self, _) => IteratorBuiltins.Walk(realm, "Set Iterator", Set(self).Entries().Select(entry => (JsValue)realm.NewArray([entry.Key, entry.Key]))))
        .Method("union", 1, (realm, self, a) => Made(realm, Keys(self).Concat(Keys(a.At(0)))))
        .Method("intersection", 1, (realm, self, a) => Made(realm, Keys(self).Where(Set(a.At(0)).Contains)))
        .Method("difference", 1, (realm, self, a) => Made(realm, Keys(self).Where(key => !Set(a.At(0)).Contains(key))))
        .Method("symmetricDifference", 1, (realm, self, a) => Made(realm, Keys(self).Where(key => !Set(a.At(0)).Contains(key)).Concat(Keys(a.At(0)).Where(key => !Set(self).Contains(key)))))
        .Method("isSubsetOf", 1, (_, self, a) => Keys(self).All(Set(a.At(0)).Contains))
        .Method("isSupersetOf", 1, (_, self, a) => Keys(a.At(0)).All(Set(self).Contains))
        .Method("isDisjointFrom", 1, (_, self, a) => !Keys(self).Any(Set(a.At(0)).Contains))
        .Tag("Set");

    public static JsObject MapConstructor(Realm realm)
    {
        var prototype = realm.Prototype("Map", MapPrototype);
        var type = new NativeFunction(realm, "Map", 0, (_, _, _) => throw Errors.Type("Map needs new."), (r, a, target) =>
        {
            var map = new JsCollection(Realm.PrototypeFrom(target, prototype), true);
            if (!a.At(0).IsNullish)
                Iteration.Each(a[0], entry => map.Store(Pair(entry).GetIndex(0), Pair(entry).GetIndex(1)));
            return map;
        });
        type.WriteOwn("prototype", new(prototype, Attributes.None));
        return type.WithTemplate(MapStatics);
    }

    private static readonly Template MapStatics = new Template().Method("groupBy", 2, (r, _, a) =>
    {
        var map = new JsCollection(r.Prototype("Map", MapPrototype), true);
        foreach (var (key, members) in ObjectBuiltins.Group(a.At(0), a.Function(1), key => key))
            map.Store(key, r.NewArray(members.ToArray()));
        return map;
    });

    public static JsObject SetConstructor(Realm realm)
    {
        var prototype = realm.Prototype("Set", SetPrototype);
        var type = new NativeFunction(realm, "Set", 0, (_, _, _) => throw Errors.Type("Set needs new."), (r, a, target) =>
        {
            var set = new JsCollection(Realm.PrototypeFrom(target, prototype), false);
            if (!a.At(0).IsNullish)
                Iteration.Each(a[0], value => set.Store(value, value));
            return set;
        });
        type.WriteOwn("prototype", new(prototype, Attributes.None));
        return type;
    }

    public static JsObject Pair(JsValue entry) => entry.Ref as JsObject ?? throw Errors.Type("An entry must be an array of key and value.");

    private static JsCollection Map(JsValue value) => value.Ref is JsCollection { IsMap: true } map ? map : throw Errors.Type("The method needs a Map.");

    private static JsCollection Set(JsValue value) => value.Ref is JsCollection { IsMap: false } set ? set : throw Errors.Type("The method needs a Set.");

    private static IEnumerable<JsValue> Keys(JsValue set) => Set(set).Entries().Select(entry => entry.Key);

    private static JsCollection Made(Realm realm, IEnumerable<JsValue> keys)
    {
        var set = new JsCollection(realm.Prototype("Set", SetPrototype), false);
        foreach (var key in keys)
            set.Store(key, key);
        return set;
    }

    private static JsValue MapEntries(Realm realm, JsValue self, JsValue[] a) =>
        IteratorBuiltins.Walk(realm, "Map Iterator", Map(self).Entries().Select(entry => (JsValue)realm.NewArray([entry.Key, entry.Value])));

    private static JsValue SetValues(Realm realm, JsValue self, JsValue[] a) => IteratorBuiltins.Walk(realm, "Set Iterator", Keys(self));

    private static JsValue ForEach(Realm realm, JsValue self, JsCollection collection, JsValue[] a)
    {
        var function = a.Function(0);
        foreach (var (key, value) in collection.Entries())
        {
            realm.Budget.Step();
            function.Call(a.At(1), [value, key, self]);
        }

        return JsValue.Undefined;
    }
}

internal sealed class JsWeak(JsObject prototype) : JsObject(prototype)
{
    public ConditionalWeakTable<object, object> Table { get; } = [];

    /// <summary>What a WeakRef points to. Nothing is collected while a script runs, so it may simply be kept.</summary>
    public JsValue Target { get; init; }
}

/// <summary>WeakMap, WeakSet and WeakRef.</summary>
internal static class WeakBuiltins
{
    private static readonly Template MapPrototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("WeakMap", MapConstructor))
        .Method("get", 1, (_, self, a) => a.At(0).Ref is { } key && Self(self).Table.TryGetValue(key, out var value) ? (JsValue)value : JsValue.Undefined)
        .Method("set", 2, (_, self, a) =>
        {
            Self(self).Table.AddOrUpdate(Key(a.At(0)), a.At(1));
            return self;
        })
        .Method("has", 1, (_, self, a) => Has(self, a))
        .Method("delete", 1, (_, self, a) => a.At(0).Ref is { } key && Self(self).Table.Remove(key))
        .Tag("WeakMap");

    private static readonly Template SetPrototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("WeakSet", SetConstructor))
        .Method("add", 1, (_, self, a) =>
        {
            Self(self).Table.AddOrUpdate(Key(a.At(0)), true);
            return self;
        })
        .Method("has", 1, (_, self, a) => Has(self, a))
        .Method("delete", 1, (_, self, a) => a.At(0).Ref is { } key && Self(self).Table.Remove(key))
        .Tag("WeakSet");

    private static readonly Template RefPrototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("WeakRef", RefConstructor))
        .Method("deref", 0, (_, self, _) => Self(self).Target)
        .Tag("WeakRef");

    public static JsObject MapConstructor(Realm realm) => Make(realm, "WeakMap", MapPrototype, (weak, entry) =>
        weak.Table.AddOrUpdate(Key(CollectionBuiltins.Pair(entry).GetIndex(0)), CollectionBuiltins.Pair(entry).GetIndex(1)));

    public static JsObject SetConstructor(Realm realm) => Make(realm, "WeakSet", SetPrototype, (weak, value) => weak.Table.AddOrUpdate(Key(value), true));

    public static JsObject RefConstructor(Realm realm)
    {
        var prototype = realm.Prototype("WeakRef", RefPrototype);
        var type = new NativeFunction(realm, "WeakRef", 1, (_, _, _) => throw Errors.Type("WeakRef needs new."), (_, a, _) => new JsWeak(prototype) { Target = a.At(0) });
        type.WriteOwn("prototype", new(prototype, Attributes.None));
        return type;
    }

    private static JsObject Make(Realm realm, string name, Template template, Action<JsWeak, JsValue> add)
    {
        var prototype = realm.Prototype(name, template);
        var type = new NativeFunction(realm, name, 0, (_, _, _) => throw Errors.Type($"{name} needs new."), (r, a, target) =>
        {
            var weak = new JsWeak(Realm.PrototypeFrom(target, prototype));
            if (!a.At(0).IsNullish)
                Iteration.Each(a[0], value => add(weak, value));
            return weak;
        });
        type.WriteOwn("prototype", new(prototype, Attributes.None));
        return type;
    }

    private static JsWeak Self(JsValue value) => Arguments.This<JsWeak>(value, "weak collection");

    private static object Key(JsValue value) => value.Ref is JsObject or Symbol ? value.Ref : throw Errors.Type("Only objects and symbols can be weak keys.");

    private static bool Has(JsValue self, JsValue[] a) => a.At(0).Ref is JsObject or Symbol && Self(self).Table.TryGetValue(a[0].Ref!, out _);
}
