namespace Quiesce.Engine.JavaScript.Runtime;

internal abstract class JsFunction(Realm realm, JsObject? prototype) : JsObject(prototype)
{
    public Realm Realm => realm;

    public override string ClassName => "Function";

    public override bool IsCallable => true;

    public string DisplayName => TryGetOwn("name", out var name) && name.Value.IsString ? name.Value.AsString : "";
}

/// <summary>A function written in .NET.</summary>
internal sealed class NativeFunction : JsFunction
{
    private readonly string _name;
    private readonly int _length;
    private readonly NativeCode _code;
    private readonly Func<Realm, JsValue[], JsObject, JsValue>? _construct;

    public NativeFunction(Realm realm, string name, int length, NativeCode code, Func<Realm, JsValue[], JsObject, JsValue>? construct = null, JsObject? prototype = null)
        : base(realm, prototype ?? realm.FunctionPrototype)
    {
        _name = name;
        _length = length;
        _code = code;
        _construct = construct;
        Pending = true;
    }

    public override bool IsConstructor => _construct is not null;

    protected override void Materialise()
    {
        if (!TryGetOwn("length", out _))
            WriteOwn("length", new(_length, Attributes.Configurable));
        if (!TryGetOwn("name", out _))
            WriteOwn("name", new(_name, Attributes.Configurable));
    }

    public override JsValue Call(JsValue thisValue, JsValue[] arguments)
    {
        Realm.EnterNative();
        try
        {
            return _code(Realm, thisValue, arguments);
        }
        finally
        {
            Realm.LeaveNative();
        }
    }

    public override JsValue Construct(JsValue[] arguments, JsObject newTarget) =>
        _construct is null ? throw Errors.Type($"{_name} is not a constructor.") : _construct(Realm, arguments, newTarget);
}

internal sealed class BoundFunction(Realm realm, JsObject target, JsValue boundThis, JsValue[] bound) : JsFunction(realm, target.GetPrototype())
{
    public JsObject Target => target;

    public override bool IsConstructor => target.IsConstructor;

    public override JsValue Call(JsValue thisValue, JsValue[] arguments) => target.Call(boundThis, [.. bound, .. arguments]);

    public override JsValue Construct(JsValue[] arguments, JsObject newTarget) =>
        target.Construct([.. bound, .. arguments], ReferenceEquals(newTarget, this) ? target : newTarget);
}
