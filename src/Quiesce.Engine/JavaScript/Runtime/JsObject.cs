namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>An ordinary object. Exotic ones override what they do differently.</summary>
internal partial class JsObject(JsObject? prototype)
{
    private PropertyMap? _map;
    private JsObject? _prototype = prototype;
    private Template? _template;

    /// <summary>True until <see cref="Materialise"/> has made the properties that few scripts ever look at.</summary>
    protected bool Pending { get; set; }

    protected bool ExtensibleFlag { get; set; } = true;

    public virtual string ClassName => "Object";

    public virtual bool IsCallable => false;

    public virtual bool IsConstructor => false;

    public bool IsPlain => GetType() == typeof(JsObject) && _template is null && ExtensibleFlag;

    /// <summary>True for a built-in prototype to which nobody added anything that for-in would show.</summary>
    public bool IsBuiltInPrototype
    {
        get
        {
            if (_template is null)
                return false;
            for (var i = 0; i < (_map?.End ?? 0); i++)
            {
                if ((_map![i].Attributes & Attributes.Enumerable) != 0)
                    return false;
            }

            return this is not JsGlobal;
        }
    }

    public JsObject WithTemplate(Template template)
    {
        _template = template;
        return this;
    }

    public virtual JsObject? GetPrototype() => _prototype;

    public virtual bool SetPrototype(JsObject? prototype)
    {
        if (ReferenceEquals(prototype, _prototype))
            return true;
        if (!ExtensibleFlag)
            return false;
        for (var at = prototype; at is not null and not JsProxy; at = at.GetPrototype())
        {
            if (ReferenceEquals(at, this))
                return false;
        }

        _prototype = prototype;
        return true;
    }

    public virtual bool IsExtensible() => ExtensibleFlag;

    public virtual bool PreventExtensions()
    {
        MaterialiseAll();
        ExtensibleFlag = false;
        return true;
    }

    protected virtual void Materialise() { }

    public virtual bool TryGetOwn(in PropertyKey key, out Property property)
    {
        if (_map is not null && _map.Find(key) is >= 0 and var index)
        {
            ref var entry = ref _map[index];
            property = new(entry.Value, entry.Attributes);
            return true;
        }

        if (Pending)
        {
            Pending = false;
            Materialise();
            return TryGetOwn(key, out property);
        }

        if (_template is not null && _template.TryMake(key, this, out property))
        {
            (_map ??= new()).Add(key, property.Value, property.Attributes);
            return true;
        }

        property = default;
        return false;
    }

    public JsValue Get(in PropertyKey key) => Get(key, this);

    public virtual JsValue Get(in PropertyKey key, JsValue receiver)
    {
        var at = this;
        while (true)
        {
            if (at.TryGetOwn(key, out var property))
                return property.Read(receiver);
            at = at.GetPrototype();
            if (at is null)
                return JsValue.Undefined;
            if (at is JsProxy)
                return at.Get(key, receiver);
        }
    }

    public virtual bool Has(in PropertyKey key)
    {
        for (var at = this; at is not null; at = at.GetPrototype())
        {
            if (at is JsProxy && !ReferenceEquals(at, this))
                return at.Has(key);
            if (at.TryGetOwn(key, out _))
                return true;
        }

        return false;
    }

    public virtual bool Set(in PropertyKey key, JsValue value, JsValue receiver)
    {
        var own = ReferenceEquals(receiver.Ref, this);
        if (own && _map is not null && _map.Find(key) is >= 0 and var index)
        {
            ref var entry = ref _map[index];
            if ((entry.Attributes & Attributes.Writable) != 0 && entry.Value.Ref is not Accessor)
            {
                entry.Value = value;
                return true;
            }
        }

        for (var at = this; at is not null; at = at.GetPrototype())
        {
            if (!ReferenceEquals(at, this) && at is JsProxy)
                return at.Set(key, value, receiver);
            if (!at.TryGetOwn(key, out var property))
                continue;
            if (property.Accessor is { } accessor)
            {
                accessor.Set?.Call(receiver, [value]);
                return accessor.Set is not null;
            }

            if (!property.Writable)
                return false;
            if (ReferenceEquals(at, this) && own)
                return DefineOwn(key, new Descriptor { Value = value });
            break;
        }

        if (receiver.Ref is not JsObject target)
            return false;
        if (own && IsPlain)
        {
            (_map ??= new()).Add(key, value, Attributes.All);
            return true;
        }

        if (!target.TryGetOwn(key, out var existing))
            return target.DefineOwn(key, Descriptor.Data(value, Attributes.All));
        return existing.Accessor is null && existing.Writable && target.DefineOwn(key, new Descriptor { Value = value });
    }

    public virtual bool Delete(in PropertyKey key)
    {
        MaterialiseAll();
        if (_map is null || _map.Find(key) is not (>= 0 and var index))
            return true;
        if ((_map[index].Attributes & Attributes.Configurable) == 0)
            return false;
        _map.Remove(index);
        return true;
    }

    public virtual bool DefineOwn(in PropertyKey key, Descriptor change)
    {
        if (!TryGetOwn(key, out var current))
        {
            if (!IsExtensible())
                return false;
            WriteOwn(key, Merge(default, change));
            return true;
        }

        if (!IsAllowed(current, change))
            return false;
        WriteOwn(key, Merge(current, change));
        return true;
    }

    /// <summary>Writes without asking.</summary>
    public void WriteOwn(in PropertyKey key, Property property)
    {
        if (Pending)
        {
            Pending = false;
            Materialise();
        }

        _map ??= new();
        if (_map.Find(key) is >= 0 and var index)
        {
            _map[index].Value = property.Value;
            _map[index].Attributes = property.Attributes;
        }
        else
            _map.Add(key, property.Value, property.Attributes);
    }

    /// <summary>Own keys: indices ascending, then names, then symbols, each in order of creation. Private names are not listed.</summary>
    public virtual List<PropertyKey> OwnKeys()
    {
        MaterialiseAll();
        var keys = new List<PropertyKey>(_map?.End ?? 0);
        if (_map is null)
            return keys;
        List<(uint Index, PropertyKey Key)>? indices = null;
        List<PropertyKey>? symbols = null;
        for (var i = 0; i < _map.End; i++)
        {
            var key = _map[i].Key;
            if (key.Ref is Symbol symbol)
            {
                if (!symbol.IsPrivate)
                    (symbols ??= []).Add(key);
            }
            else if (key.Ref is not null && key.IsIndex(out var index))
                (indices ??= []).Add((index, key));
            else if (key.Ref is not null)
                keys.Add(key);
        }

        if (indices is not null)
            keys.InsertRange(0, indices.OrderBy(pair => pair.Index).Select(pair => pair.Key));
        if (symbols is not null)
            keys.AddRange(symbols);
        return keys;
    }

    private void MaterialiseAll()
    {
        if (Pending)
        {
            Pending = false;
            Materialise();
        }

        if (_template is not { } template)
            return;
        foreach (var key in template.Keys)
            TryGetOwn(key, out _);
        _template = null;
    }
}
