using Quiesce.Engine.JavaScript.Builtins;

namespace Quiesce.Engine.JavaScript.Runtime;

internal partial class JsObject
{
    public virtual JsValue Call(JsValue thisValue, JsValue[] arguments) => throw Errors.Type("The object is not a function.");

    public virtual JsValue Construct(JsValue[] arguments, JsObject newTarget) => throw Errors.Type("The object is not a constructor.");

    public virtual JsValue GetIndex(uint index) => Get(PropertyKey.Of(index), this);

    public virtual bool SetIndex(uint index, JsValue value) => Set(PropertyKey.Of(index), value, this);

    public virtual bool HasIndex(uint index) => Has(PropertyKey.Of(index));

    /// <summary>Sets or throws.</summary>
    public void Put(in PropertyKey key, JsValue value)
    {
        if (!Set(key, value, this))
            throw Errors.Type($"The property '{key}' cannot be set: it is read-only or the object takes no new ones.");
    }

    public void PutIndex(double index, JsValue value)
    {
        if (index is >= 0 and < uint.MaxValue ? !SetIndex((uint)index, value) : !Set(PropertyKey.Of(index), value, this))
            throw Errors.Type($"The element {index} cannot be set: the array is read-only.");
    }

    public JsValue GetAt(double index) => index is >= 0 and < uint.MaxValue ? GetIndex((uint)index) : Get(PropertyKey.Of(index));

    public bool HasAt(double index) => index is >= 0 and < uint.MaxValue ? HasIndex((uint)index) : Has(PropertyKey.Of(index));

    public void DefineOrThrow(in PropertyKey key, Descriptor descriptor)
    {
        if (!DefineOwn(key, descriptor))
            throw Errors.Type($"The property '{key}' cannot be defined again.");
    }

    public void DefineData(in PropertyKey key, JsValue value, Attributes attributes = Attributes.All) => DefineOrThrow(key, Descriptor.Data(value, attributes));

    public void DeleteOrThrow(in PropertyKey key)
    {
        if (!Delete(key))
            throw Errors.Type($"The property '{key}' cannot be deleted.");
    }

    /// <summary>A method, or null when undefined or null; throws when it is something else.</summary>
    public JsObject? GetMethod(in PropertyKey key) => MethodOf(this, key);

    public static JsObject? MethodOf(JsValue target, in PropertyKey key)
    {
        var method = Members.Get(target, key);
        if (method.IsNullish)
            return null;
        return method.IsCallable ? method.AsObject : throw Errors.Type($"{key} is not a function.");
    }

    public JsValue Invoke(in PropertyKey key, params JsValue[] arguments)
    {
        var method = Get(key);
        return method.IsCallable ? method.AsObject.Call(this, arguments) : throw Errors.Type($"{key} is not a function.");
    }

    /// <summary>Own enumerable string keys in order.</summary>
    public IEnumerable<PropertyKey> EnumerableKeys()
    {
        foreach (var key in OwnKeys())
        {
            if (!key.IsSymbol && TryGetOwn(key, out var property) && property.Enumerable)
                yield return key;
        }
    }

    protected static Property Merge(Property current, Descriptor change)
    {
        var attributes = Flag(change.Enumerable, current.Enumerable, Attributes.Enumerable) | Flag(change.Configurable, current.Configurable, Attributes.Configurable);
        if (change.IsAccessor || current.Accessor is not null && change.Value is null && change.Writable is null)
        {
            var get = change.Get is { } g ? g.Ref as JsObject : current.Accessor?.Get;
            var set = change.Set is { } s ? s.Ref as JsObject : current.Accessor?.Set;
            return new(JsValue.Of(new Accessor(get, set)), attributes);
        }

        var writable = current.Accessor is null && current.Writable;
        return new(change.Value ?? (current.Accessor is null ? current.Value : JsValue.Undefined), attributes | Flag(change.Writable, writable, Attributes.Writable));
    }

    protected static bool IsAllowed(Property current, Descriptor change)
    {
        if (current.Configurable)
            return true;
        if (change.Configurable == true || change.Enumerable is { } enumerable && enumerable != current.Enumerable)
            return false;
        if (current.Accessor is { } accessor)
        {
            return change.Value is null && change.Writable is null && (change.Get is not { } get || ReferenceEquals(get.Ref, accessor.Get))
                && (change.Set is not { } set || ReferenceEquals(set.Ref, accessor.Set));
        }

        if (change.IsAccessor)
            return false;
        return current.Writable || change.Writable != true && (change.Value is not { } value || Operators.SameValue(value, current.Value));
    }

    private static Attributes Flag(bool? change, bool current, Attributes flag) => change ?? current ? flag : Attributes.None;
}
