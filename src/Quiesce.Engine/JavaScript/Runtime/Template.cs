namespace Quiesce.Engine.JavaScript.Runtime;

internal delegate JsValue NativeCode(Realm realm, JsValue thisValue, JsValue[] arguments);

/// <summary>What a built-in object has. Shared by all engines; an engine makes a property of it only when a script first asks for that property.</summary>
internal sealed class Template
{
    private readonly Dictionary<PropertyKey, Func<Realm, JsObject, Property>> _makers = [];
    private readonly List<PropertyKey> _keys = [];

    public IReadOnlyList<PropertyKey> Keys => _keys;

    public Template Method(string name, int length, NativeCode code) => Method(name, name, length, code);

    public Template Method(PropertyKey key, string name, int length, NativeCode code) =>
        Add(key, (realm, _) => new(new NativeFunction(realm, name, length, code), Attributes.Hidden));

    public Template Getter(PropertyKey key, string name, NativeCode code) =>
        Add(key, (realm, _) => new(JsValue.Of(new Accessor(new NativeFunction(realm, "get " + name, 0, code), null)), Attributes.Configurable));

    public Template Accessor(PropertyKey key, string name, NativeCode get, NativeCode set) =>
        Add(key, (realm, _) => new(JsValue.Of(new Accessor(new NativeFunction(realm, "get " + name, 0, get), new NativeFunction(realm, "set " + name, 1, set))), Attributes.Configurable));

    public Template Value(PropertyKey key, JsValue value, Attributes attributes = Attributes.None) => Add(key, (_, _) => new(value, attributes));

    public Template Lazy(PropertyKey key, Func<Realm, JsValue> make, Attributes attributes = Attributes.Hidden) => Add(key, (realm, _) => new(make(realm), attributes));

    public Template Tag(string tag) => Value(Symbol.ToStringTag, tag, Attributes.Configurable);

    public bool Has(PropertyKey key) => _makers.ContainsKey(key);

    public bool TryMake(in PropertyKey key, JsObject owner, out Property property)
    {
        if (!_makers.TryGetValue(key, out var make))
        {
            property = default;
            return false;
        }

        property = make(Realm.Current, owner);
        return true;
    }

    private Template Add(PropertyKey key, Func<Realm, JsObject, Property> make)
    {
        if (!_makers.ContainsKey(key))
            _keys.Add(key);
        _makers[key] = make;
        return this;
    }
}
