using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

/// <summary>Proxy and Reflect.</summary>
internal static class ProxyBuiltins
{
    public static readonly Template Reflect = new Template()
        .Tag("Reflect")
        .Method("get", 2, (_, _, a) => Target(a).Get(PropertyKey.Of(a.At(1)), a.Length > 2 ? a[2] : a[0]))
        .Method("set", 3, (_, _, a) => Target(a).Set(PropertyKey.Of(a.At(1)), a.At(2), a.Length > 3 ? a[3] : a[0]))
        .Method("has", 2, (_, _, a) => Target(a).Has(PropertyKey.Of(a.At(1))))
        .Method("deleteProperty", 2, (_, _, a) => Target(a).Delete(PropertyKey.Of(a.At(1))))
        .Method("ownKeys", 1, (realm, _, a) => realm.NewArray(Target(a).OwnKeys().Select(key => key.ToValue())))
        .Method("getPrototypeOf", 1, (_, _, a) => JsValue.OrNull(Target(a).GetPrototype()))
        .Method("setPrototypeOf", 2, (_, _, a) => Target(a).SetPrototype(a.At(1).Ref as JsObject))
        .Method("isExtensible", 1, (_, _, a) => Target(a).IsExtensible())
        .Method("preventExtensions", 1, (_, _, a) => Target(a).PreventExtensions())
        .Method("defineProperty", 3, (_, _, a) => Target(a).DefineOwn(PropertyKey.Of(a.At(1)), Descriptor.From(a.At(2))))
        .Method("getOwnPropertyDescriptor", 2, (realm, _, a) => Target(a).TryGetOwn(PropertyKey.Of(a.At(1)), out var property) ? Descriptor.From(property).ToObject(realm) : JsValue.Undefined)
        .Method("apply", 3, (_, _, a) => a.Function(0).Call(a.At(1), FunctionBuiltins.ToList(a.At(2))))
        .Method("construct", 2, (_, _, a) =>
        {
            var target = a.At(0).Ref as JsObject;
            var newTarget = a.Length > 2 ? a[2].Ref as JsObject : target;
            return target is { IsConstructor: true } && newTarget is { IsConstructor: true } ? target.Construct(FunctionBuiltins.ToList(a.At(1)), newTarget) : throw Errors.Type("The target is not a constructor.");
        });

    public static JsObject Constructor(Realm realm)
    {
        static JsProxy Make(JsValue[] a) =>
            a.At(0).Ref is JsObject target && a.At(1).Ref is JsObject handler ? new(target, handler) : throw Errors.Type("A Proxy needs a target and a handler, both objects.");
        return new NativeFunction(realm, "Proxy", 2, (_, _, _) => throw Errors.Type("Proxy needs new."), (_, a, _) => Make(a))
            .WithTemplate(new Template().Method("revocable", 2, (r, _, a) =>
            {
                var proxy = Make(a);
                var result = r.NewObject();
                result.Put("proxy", proxy);
                result.Put("revoke", new NativeFunction(r, "", 0, (_, _, _) =>
                {
                    proxy.Revoke();
                    return JsValue.Undefined;
                }));
                return result;
            }));
    }

    private static JsObject Target(JsValue[] a) => a.At(0).Ref as JsObject ?? throw Errors.Type("The target is not an object.");
}
