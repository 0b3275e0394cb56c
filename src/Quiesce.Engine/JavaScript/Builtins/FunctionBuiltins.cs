using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

internal static class FunctionBuiltins
{
    public static readonly Template Prototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("Function", Constructor))
        .Method("call", 1, (_, self, a) => Callable(self).Call(a.At(0), a.Length > 1 ? a[1..] : []))
        .Method("apply", 2, (_, self, a) => Callable(self).Call(a.At(0), ToList(a.At(1))))
        .Method("bind", 1, Bind)
        .Method("toString", 0, (_, self, _) => Text(Callable(self)))
        .Method(Symbol.HasInstance, "[Symbol.hasInstance]", 1, (_, self, a) => self.Ref is JsObject { IsCallable: true } type && Operators.OrdinaryHasInstance(type, a.At(0)));

    public static JsObject Constructor(Realm realm)
    {
        static JsValue Refuse() => throw Errors.Make("EvalError", "Functions cannot be made from text.");
        var type = new NativeFunction(realm, "Function", 1, (_, _, _) => Refuse(), (_, _, _) => Refuse());
        type.WriteOwn("prototype", new(realm.FunctionPrototype, Attributes.None));
        return type;
    }

    private static JsObject Callable(JsValue value) => value.IsCallable ? value.AsObject : throw Errors.Type("The object is not a function.");

    /// <summary>The elements of an array-like object.</summary>
    public static JsValue[] ToList(JsValue value)
    {
        if (value.IsNullish)
            return [];
        if (value.Ref is not JsObject source)
            throw Errors.Type("The arguments must be an array.");
        var length = Coerce.LengthOf(source);
        Realm.Current.Budget.Reserve((long)Math.Min(length, 1e12) * 16);
        Realm.Current.Budget.Steps((long)Math.Min(length, 1e12));
        var values = new JsValue[(int)length];
        for (var i = 0; i < values.Length; i++)
            values[i] = source.GetIndex((uint)i);
        return values;
    }

    private static JsValue Bind(Realm realm, JsValue self, JsValue[] a)
    {
        var target = Callable(self);
        var bound = new BoundFunction(realm, target, a.At(0), a.Length > 1 ? a[1..] : []);
        var length = target.TryGetOwn("length", out _) && target.Get("length") is { IsNumber: true } number ? number.Number : 0;
        var name = target.Get("name");
        bound.WriteOwn("length", new(Math.Max(0, length - Math.Max(0, a.Length - 1)), Attributes.Configurable));
        bound.WriteOwn("name", new("bound " + (name.IsString ? name.AsString : ""), Attributes.Configurable));
        return bound;
    }

    private static string Text(JsObject function) => function switch
    {
        ScriptFunction { Class: { } type } => type.Text,
        ScriptFunction { Code: var code } => code.Source[code.Start..code.End],
        JsFunction native => $"function {native.DisplayName}() {{ [native code] }}",
        _ => "function () { [native code] }",
    };
}
