using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

internal static class StructuredClone
{
    public static JsValue Copy(Realm realm, JsValue value) => Copy(realm, value, []);

    private static JsValue Copy(Realm realm, JsValue value, Dictionary<JsObject, JsObject> done)
    {
        if (value.IsSymbol)
            throw Errors.Type("A symbol cannot be cloned.");
        if (value.Ref is not JsObject source)
            return value;
        if (done.TryGetValue(source, out var known))
            return known;
        Realm.CheckStack();
        realm.Budget.Step();
        switch (source)
        {
            case JsDate date: return done[source] = new JsDate(date.GetPrototype()!, date.Time, date.Exact);
            case JsRegExp regex: return done[source] = RegExpBuiltins.Create(realm, regex.Source, regex.Flags);
            case JsWrapper boxed: return done[source] = new JsWrapper(boxed.Value, realm.PrototypeOfPrimitive(boxed.Value));
            case HostValue host: return host;
            case JsBuffer buffer: return done[source] = TypedArrayBuiltins.NewBuffer(realm, [.. buffer.Data]);
            case JsTypedArray array:
                var buffers = new JsTypedArray(array.GetPrototype()!, array.Kind, TypedArrayBuiltins.NewBuffer(realm, array.Bytes.ToArray()), 0, array.Length);
                return done[source] = buffers;
            case JsCollection collection:
                var copies = new JsCollection(collection.GetPrototype()!, collection.IsMap);
                done[source] = copies;
                foreach (var (key, item) in collection.Entries().ToList())
                    copies.Store(Copy(realm, key, done), Copy(realm, item, done));
                return copies;
            case JsError error:
                var made = new JsError(error.GetPrototype()!, realm, error.HostException);
                done[source] = made;
                if (error.TryGetOwn("message", out var message))
                    made.WriteOwn("message", message);
                if (error.TryGetOwn("cause", out var cause))
                    made.WriteOwn("cause", new(Copy(realm, cause.Value, done), Attributes.Hidden));
                return made;
            default:
                break;
        }

        if (source.IsCallable || source is JsPromise or JsWeak or JsGenerator or JsProxy)
            throw Errors.Type("Functions, promises, proxies and weak collections cannot be cloned.");
        JsObject target = source is JsArray ? realm.NewArray([]) : realm.NewObject();
        done[source] = target;
        if (source is JsArray original)
            target.Put("length", original.Length);
        foreach (var key in source.EnumerableKeys().ToList())
            target.DefineData(key, Copy(realm, source.Get(key), done));
        return target;
    }
}
