namespace Quiesce.Engine.JavaScript.Runtime;

[Flags]
internal enum Attributes : byte { None = 0, Writable = 1, Enumerable = 2, Configurable = 4, All = 7, Hidden = 5 }

/// <summary>Getter and setter of a property.</summary>
internal sealed class Accessor(JsObject? get, JsObject? set)
{
    public JsObject? Get => get;
    public JsObject? Set => set;
}

internal readonly struct Property(JsValue value, Attributes attributes)
{
    public readonly JsValue Value = value;
    public readonly Attributes Attributes = attributes;

    public Accessor? Accessor => Value.Ref as Accessor;
    public bool Writable => (Attributes & Attributes.Writable) != 0;
    public bool Enumerable => (Attributes & Attributes.Enumerable) != 0;
    public bool Configurable => (Attributes & Attributes.Configurable) != 0;

    public JsValue Read(JsValue receiver) => Accessor is not { } accessor ? Value : accessor.Get is { } get ? get.Call(receiver, []) : JsValue.Undefined;
}

/// <summary>A property descriptor in which every part may be absent.</summary>
internal sealed class Descriptor
{
    public JsValue? Value { get; init; }
    public JsValue? Get { get; init; }
    public JsValue? Set { get; init; }
    public bool? Writable { get; init; }
    public bool? Enumerable { get; init; }
    public bool? Configurable { get; init; }
    public bool IsAccessor => Get is not null || Set is not null;

    public static Descriptor Data(JsValue value, Attributes attributes) => new()
    {
        Value = value,
        Writable = (attributes & Attributes.Writable) != 0,
        Enumerable = (attributes & Attributes.Enumerable) != 0,
        Configurable = (attributes & Attributes.Configurable) != 0,
    };

    public static Descriptor From(Property property)
    {
        var (enumerable, configurable) = (property.Enumerable, property.Configurable);
        return property.Accessor is { } accessor
            ? new() { Get = JsValue.OrUndefined(accessor.Get), Set = JsValue.OrUndefined(accessor.Set), Enumerable = enumerable, Configurable = configurable }
            : new() { Value = property.Value, Writable = property.Writable, Enumerable = enumerable, Configurable = configurable };
    }

    public static Descriptor From(JsValue value)
    {
        if (value.Ref is not JsObject source)
            throw Errors.Type("A property descriptor must be an object.");
        JsValue? Part(string name) => source.Has(name) ? source.Get(name) : (JsValue?)null;
        bool? Flag(string name) => Part(name) is { } flag ? Coerce.ToBool(flag) : null;
        var result = new Descriptor
        {
            Enumerable = Flag("enumerable"), Configurable = Flag("configurable"), Value = Part("value"), Writable = Flag("writable"), Get = Part("get"), Set = Part("set"),
        };
        if (result.Get is { IsUndefined: false, IsCallable: false } || result.Set is { IsUndefined: false, IsCallable: false })
            throw Errors.Type("A getter or setter must be a function.");
        if (result.IsAccessor && (result.Value is not null || result.Writable is not null))
            throw Errors.Type("A property cannot have both a getter or setter and a value.");
        return result;
    }

    public JsObject ToObject(Realm realm)
    {
        var target = realm.NewObject();
        if (IsAccessor)
        {
            target.Put("get", Get ?? JsValue.Undefined);
            target.Put("set", Set ?? JsValue.Undefined);
        }
        else
        {
            target.Put("value", Value ?? JsValue.Undefined);
            target.Put("writable", Writable ?? false);
        }

        target.Put("enumerable", Enumerable ?? false);
        target.Put("configurable", Configurable ?? false);
        return target;
    }
}
