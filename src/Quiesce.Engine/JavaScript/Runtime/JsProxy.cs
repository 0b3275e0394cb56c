using Quiesce.Engine.JavaScript.Builtins;

namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>A proxy: each operation asks the handler first. The consistency checks of the standard are left out.</summary>
internal sealed class JsProxy(JsObject target, JsObject handler) : JsObject(null)
{
    private JsObject? _handler = handler;

    public JsObject Target => target;

    public override string ClassName => target.ClassName;
    public override bool IsCallable => target.IsCallable;
    public override bool IsConstructor => target.IsConstructor;

    public void Revoke() => _handler = null;

    private JsObject? Trap(string name)
    {
        Realm.CheckStack();
        Realm.Current.Budget.Step();
        return (_handler ?? throw Errors.Type("The proxy has been revoked.")).GetMethod(name);
    }

    private JsValue Run(JsObject trap, params JsValue[] arguments) => trap.Call(_handler!, arguments);

    public override JsObject? GetPrototype() => Trap("getPrototypeOf") is { } trap ? Run(trap, target).Ref as JsObject : target.GetPrototype();

    public override bool SetPrototype(JsObject? prototype) =>
        Trap("setPrototypeOf") is { } trap ? Coerce.ToBool(Run(trap, target, JsValue.OrNull(prototype))) : target.SetPrototype(prototype);

    public override bool IsExtensible() => Trap("isExtensible") is { } trap ? Coerce.ToBool(Run(trap, target)) : target.IsExtensible();

    public override bool PreventExtensions() => Trap("preventExtensions") is { } trap ? Coerce.ToBool(Run(trap, target)) : target.PreventExtensions();

    public override bool TryGetOwn(in PropertyKey key, out Property property)
    {
        if (key.IsPrivate)
            return base.TryGetOwn(key, out property);
        if (Trap("getOwnPropertyDescriptor") is not { } trap)
            return target.TryGetOwn(key, out property);
        var answer = Run(trap, target, key.ToValue());
        property = answer.IsUndefined ? default : Merge(default, Descriptor.From(answer));
        return !answer.IsUndefined;
    }

    public override bool DefineOwn(in PropertyKey key, Descriptor change) =>
        key.IsPrivate ? base.DefineOwn(key, change)
        : Trap("defineProperty") is { } trap ? Coerce.ToBool(Run(trap, target, key.ToValue(), change.ToObject(Realm.Current))) : target.DefineOwn(key, change);

    public override bool Has(in PropertyKey key) => Trap("has") is { } trap ? Coerce.ToBool(Run(trap, target, key.ToValue())) : target.Has(key);

    public override JsValue Get(in PropertyKey key, JsValue receiver) => Trap("get") is { } trap ? Run(trap, target, key.ToValue(), receiver) : target.Get(key, receiver);

    public override bool Set(in PropertyKey key, JsValue value, JsValue receiver) =>
        Trap("set") is { } trap ? Coerce.ToBool(Run(trap, target, key.ToValue(), value, receiver)) : target.Set(key, value, receiver);

    public override bool Delete(in PropertyKey key) => Trap("deleteProperty") is { } trap ? Coerce.ToBool(Run(trap, target, key.ToValue())) : target.Delete(key);

    public override List<PropertyKey> OwnKeys() =>
        Trap("ownKeys") is { } trap ? [.. FunctionBuiltins.ToList(Run(trap, target)).Select(PropertyKey.Of)] : target.OwnKeys();

    public override JsValue Call(JsValue thisValue, JsValue[] arguments) =>
        Trap("apply") is { } trap ? Run(trap, target, thisValue, Realm.Current.NewArray([.. arguments])) : target.Call(thisValue, arguments);

    public override JsValue Construct(JsValue[] arguments, JsObject newTarget) =>
        Trap("construct") is { } trap ? Run(trap, target, Realm.Current.NewArray([.. arguments]), newTarget)
        : target.Construct(arguments, ReferenceEquals(newTarget, this) ? target : newTarget);
}
