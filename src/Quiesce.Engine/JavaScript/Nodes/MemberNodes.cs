using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

/// <summary>Object and key of a member access. In an optional chain that has been cut short every part answers with a hole.</summary>
internal abstract class MemberAccess : Node, ITarget
{
    public bool TargetSuspends => Suspends;

    public bool Optional { get; init; }

    public bool Strict { get; init; }

    public abstract void Locate(Frame f, out JsValue target, out JsValue key);

    public abstract Step<(JsValue Target, JsValue Key)> LocateStep(Frame f);

    public abstract JsValue Read(Frame f, JsValue target, JsValue key);

    public abstract void Write(Frame f, JsValue target, JsValue key, JsValue value);

    public virtual bool Delete(Frame f, JsValue target, JsValue key)
    {
        if (target.IsHole)
            return true;
        var done = Runtime.Coerce.ToObject(target).Delete(PropertyKey.Of(key));
        return done || !Strict ? done : throw Errors.Type($"The property '{key}' cannot be deleted.");
    }

    protected virtual JsValue ThisFor(Frame f, JsValue target) => target;

    public override JsValue Evaluate(Frame f)
    {
        Locate(f, out var target, out var key);
        return Read(f, target, key);
    }

    protected override async Step<JsValue> Resumable(Frame f)
    {
        var (target, key) = await LocateStep(f);
        return Read(f, target, key);
    }

    public override JsValue Callee(Frame f, out JsValue thisValue)
    {
        Locate(f, out var target, out var key);
        thisValue = ThisFor(f, target);
        return Read(f, target, key);
    }

    public override async Step<(JsValue Function, JsValue This)> CalleeStep(Frame f)
    {
        var (target, key) = await LocateStep(f);
        return (Read(f, target, key), ThisFor(f, target));
    }

    public void Bind(Frame f, JsValue value, bool declare)
    {
        Locate(f, out var target, out var key);
        Write(f, target, key, value);
    }

    public async Step<bool> BindStep(Frame f, JsValue value, bool declare)
    {
        var (target, key) = await LocateStep(f);
        Write(f, target, key, value);
        return true;
    }

    protected bool IsCut(JsValue target) => target.IsHole || Optional && target.IsNullish;
}

internal sealed class NamedMember : MemberAccess
{
    private readonly Node _object;
    private readonly PropertyKey _key;

    public NamedMember(Node target, string name)
    {
        _object = target;
        _key = new(name);
        Suspends = target.Suspends;
    }

    public override JsValue Evaluate(Frame f) => Read(f, _object.Evaluate(f), default);

    public override JsValue Callee(Frame f, out JsValue thisValue)
    {
        thisValue = _object.Evaluate(f);
        return Read(f, thisValue, default);
    }

    public override void Locate(Frame f, out JsValue target, out JsValue key)
    {
        target = _object.Evaluate(f);
        key = (string)_key.Ref;
    }

    public override async Step<(JsValue Target, JsValue Key)> LocateStep(Frame f) => (await _object.Step(f), (string)_key.Ref);

    public override JsValue Read(Frame f, JsValue target, JsValue key)
    {
        if (target.Ref is JsObject o)
            return o.Get(_key, target);
        if (IsCut(target))
            return JsValue.Hole;
        f.Position = Position;
        if (target.IsNullish)
            throw Errors.Type($"The property '{_key}' of {_object.Describe()} cannot be read, because that is {target}.");
        return Members.Get(target, _key);
    }

    public override void Write(Frame f, JsValue target, JsValue key, JsValue value)
    {
        f.Position = Position;
        if (target.IsNullish)
            throw Errors.Type($"The property '{_key}' of {_object.Describe()} cannot be set, because that is {target}.");
        Members.Set(target, _key, value, Strict);
    }

    public override string Describe() => $"{_object.Describe()}.{_key}";
}

internal sealed class IndexedMember : MemberAccess
{
    private readonly Node _object;
    private readonly Node _index;

    public IndexedMember(Node target, Node index)
    {
        _object = target;
        _index = index;
        Suspends = target.Suspends || index.Suspends;
    }

    public override void Locate(Frame f, out JsValue target, out JsValue key)
    {
        target = _object.Evaluate(f);
        key = IsCut(target) ? default : _index.Evaluate(f);
    }

    public override async Step<(JsValue Target, JsValue Key)> LocateStep(Frame f)
    {
        var target = await _object.Step(f);
        return (target, IsCut(target) ? default : await _index.Step(f));
    }

    public override JsValue Read(Frame f, JsValue target, JsValue key)
    {
        if (IsCut(target))
            return JsValue.Hole;
        f.Position = Position;
        return Members.Get(target, key);
    }

    public override void Write(Frame f, JsValue target, JsValue key, JsValue value)
    {
        f.Position = Position;
        Members.Set(target, key, value, Strict);
    }

    public override string Describe() => $"{_object.Describe()}[…]";
}

/// <summary>A #name; the name itself is found through the scopes, because each evaluation of a class has its own.</summary>
internal sealed class PrivateMember : MemberAccess
{
    private readonly Node _object;
    private readonly Identifier _name;

    public PrivateMember(Node target, Identifier name)
    {
        _object = target;
        _name = name;
        Suspends = target.Suspends;
    }

    public override void Locate(Frame f, out JsValue target, out JsValue key)
    {
        target = _object.Evaluate(f);
        key = default;
    }

    public override async Step<(JsValue Target, JsValue Key)> LocateStep(Frame f) => (await _object.Step(f), default);

    public override JsValue Read(Frame f, JsValue target, JsValue key)
    {
        if (IsCut(target))
            return JsValue.Hole;
        f.Position = Position;
        var property = Own(f, target, out _);
        if (property.Accessor is { Get: null })
            throw Errors.Type($"{_name.Name} has no getter.");
        return property.Read(target);
    }

    public override void Write(Frame f, JsValue target, JsValue key, JsValue value)
    {
        f.Position = Position;
        var property = Own(f, target, out var name);
        if (property.Accessor is { } accessor)
            _ = accessor.Set is { } set ? set.Call(target, [value]) : throw Errors.Type($"{_name.Name} has no setter.");
        else if (!property.Writable)
            throw Errors.Type($"{_name.Name} is a method and cannot be set.");
        else
            target.AsObject.WriteOwn(name, new(value, Attributes.Writable));
    }

    private Property Own(Frame f, JsValue target, out PropertyKey key)
    {
        key = (Symbol)_name.Evaluate(f).Ref!;
        return target.Ref is JsObject o && o.TryGetOwn(key, out var property) ? property : throw Errors.Type($"The object has no {_name.Name}: it was not made by the class that declares it.");
    }

    public override string Describe() => $"{_object.Describe()}.{_name.Name}";
}

internal sealed class PrivateIn : Node
{
    private readonly Identifier _name;
    private readonly Node _object;

    public PrivateIn(Identifier name, Node target)
    {
        _name = name;
        _object = target;
        Suspends = target.Suspends;
    }

    public override JsValue Evaluate(Frame f) => Test(f, _object.Evaluate(f));

    protected override async Step<JsValue> Resumable(Frame f) => Test(f, await _object.Step(f));

    private JsValue Test(Frame f, JsValue target) =>
        target.Ref is JsObject o ? o.TryGetOwn((Symbol)_name.Evaluate(f).Ref!, out _) : throw Errors.Type("The right side of in is not an object.");
}

internal sealed class SuperMember : MemberAccess
{
    private readonly Node _key;

    public SuperMember(Node key)
    {
        _key = key;
        Suspends = key.Suspends;
    }

    public override void Locate(Frame f, out JsValue target, out JsValue key)
    {
        target = f.ReadThis();
        key = _key.Evaluate(f);
    }

    public override async Step<(JsValue Target, JsValue Key)> LocateStep(Frame f) => (f.ReadThis(), await _key.Step(f));

    public override JsValue Read(Frame f, JsValue target, JsValue key)
    {
        f.Position = Position;
        return f.Home.Function?.HomeObject?.GetPrototype() is { } parent ? parent.Get(PropertyKey.Of(key), target) : JsValue.Undefined;
    }

    public override void Write(Frame f, JsValue target, JsValue key, JsValue value)
    {
        f.Position = Position;
        f.Home.Function?.HomeObject?.GetPrototype()?.Set(PropertyKey.Of(key), value, target);
    }

    public override bool Delete(Frame f, JsValue target, JsValue key) => throw Errors.Reference("A member of super cannot be deleted.");

    public override string Describe() => "super." + (_key is Literal literal ? literal.Value.ToString() : "…");
}

/// <summary>The outermost node of an optional chain.</summary>
internal sealed class OptionalChain : Node
{
    private readonly Node _chain;

    public OptionalChain(Node chain)
    {
        _chain = chain;
        Suspends = chain.Suspends;
    }

    public Node Chain => _chain;

    public override JsValue Evaluate(Frame f) => _chain.Evaluate(f).OrUndefinedIfHole;

    protected override async Step<JsValue> Resumable(Frame f) => (await _chain.Step(f)).OrUndefinedIfHole;

    public override JsValue Callee(Frame f, out JsValue thisValue) => _chain.Callee(f, out thisValue).OrUndefinedIfHole;

    public override async Step<(JsValue Function, JsValue This)> CalleeStep(Frame f)
    {
        var (function, thisValue) = await _chain.CalleeStep(f);
        return (function.OrUndefinedIfHole, thisValue);
    }

    public override string Describe() => _chain.Describe();
}
