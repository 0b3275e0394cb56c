using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

internal static class ErrorBuiltins
{
    public static readonly string[] Kinds = ["Error", "TypeError", "RangeError", "ReferenceError", "SyntaxError", "EvalError", "URIError", "AggregateError"];

    private static readonly Dictionary<string, Template> Prototypes = Kinds.ToDictionary(kind => kind, kind =>
    {
        var template = new Template()
            .Lazy("constructor", realm => realm.Constructor(kind, r => Constructor(r, kind)))
            .Value("name", kind, Attributes.Hidden)
            .Value("message", "", Attributes.Hidden);
        return kind != "Error" ? template : template
            .Method("toString", 0, (_, self, _) => Describe(self))
            .Accessor("stack", "stack", (_, self, _) => self.Ref is JsError error ? Describe(self) + error.Trace() : JsValue.Undefined,
                (_, self, a) =>
                {
                    (self.Ref as JsObject)?.DefineData("stack", a.At(0));
                    return JsValue.Undefined;
                });
    });

    public static JsObject PrototypeOf(Realm realm, string kind) =>
        realm.Prototype(kind, Prototypes[kind], kind == "Error" ? null : PrototypeOf(realm, "Error"));

    public static JsObject Constructor(Realm realm, string kind)
    {
        JsObject Make(Realm r, JsValue[] a, JsObject? target)
        {
            var standard = PrototypeOf(r, kind);
            var error = new JsError(target is null ? standard : Realm.PrototypeFrom(target, standard), r, null);
            var at = kind == "AggregateError" ? 1 : 0;
            if (!a.At(at).IsUndefined)
                error.WriteOwn("message", new(Coerce.ToText(a.At(at)), Attributes.Hidden));
            if (a.At(at + 1).Ref is JsObject options && options.Has("cause"))
                error.WriteOwn("cause", new(options.Get("cause"), Attributes.Hidden));
            if (at == 1)
                error.WriteOwn("errors", new(r.NewArray(Iteration.ToArray(a.At(0))), Attributes.Hidden));
            return error;
        }

        var parent = kind == "Error" ? null : realm.Constructor("Error", r => Constructor(r, "Error"));
        var type = new NativeFunction(realm, kind, kind == "AggregateError" ? 2 : 1, (r, _, a) => Make(r, a, null), (r, a, target) => Make(r, a, target), parent);
        type.WriteOwn("prototype", new(PrototypeOf(realm, kind), Attributes.None));
        return kind == "Error" ? type.WithTemplate(ErrorStatics) : type;
    }

    private static readonly Template ErrorStatics = new Template().Method("captureStackTrace", 1, (_, _, _) => JsValue.Undefined);

    /// <summary>"TypeError: message", as toString of an error gives; any other value as text.</summary>
    public static string Describe(JsValue value)
    {
        if (value.Ref is not JsObject error)
            return value.IsString ? value.AsString : value.ToString();
        var name = error.Get("name");
        var message = error.Get("message");
        var (n, m) = (name.IsUndefined ? "Error" : Coerce.ToText(name), message.IsUndefined ? "" : Coerce.ToText(message));
        return n.Length == 0 ? m : m.Length == 0 ? n : $"{n}: {m}";
    }
}
