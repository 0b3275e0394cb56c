using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

internal static class PromiseBuiltins
{
    public static readonly Template Prototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("Promise", Constructor))
        .Method("then", 2, (realm, self, a) => Self(self).Then(realm, a.At(0), a.At(1)))
        .Method("catch", 1, (_, self, a) => ((JsObject)self.Ref!).Invoke("then", JsValue.Undefined, a.At(0)))
        .Method("finally", 1, Finally)
        .Tag("Promise");

    private static readonly Template Statics = new Template()
        .Method("resolve", 1, (realm, _, a) => JsPromise.From(realm, a.At(0)))
        .Method("reject", 1, (realm, _, a) =>
        {
            var promise = new JsPromise(realm.PromisePrototype);
            promise.Reject(a.At(0));
            return promise;
        })
        .Method("withResolvers", 0, (realm, _, _) =>
        {
            var promise = new JsPromise(realm.PromisePrototype);
            var (resolve, reject) = promise.Functions(realm);
            var result = realm.NewObject();
            result.Put("promise", promise);
            result.Put("resolve", resolve);
            result.Put("reject", reject);
            return result;
        })
        .Method("all", 1, (realm, _, a) => Combine(realm, a.At(0), (all, i, value) => all.Fulfil(i, value), (all, _, reason) => all.Promise.Reject(reason), all => all.Promise.Resolve(all.Array())))
        .Method("allSettled", 1, (realm, _, a) => Combine(realm, a.At(0),
            (all, i, value) => all.Fulfil(i, Settled(realm, "fulfilled", "value", value)),
            (all, i, reason) => all.Fulfil(i, Settled(realm, "rejected", "reason", reason)),
            all => all.Promise.Resolve(all.Array())))
        .Method("any", 1, (realm, _, a) => Combine(realm, a.At(0), (all, _, value) => all.Promise.Resolve(value), (all, i, reason) => all.Fulfil(i, reason), all =>
        {
            var error = realm.NewError("AggregateError", "All promises were rejected.");
            error.WriteOwn("errors", new(all.Array(), Attributes.Hidden));
            all.Promise.Reject(error);
        }))
        .Method("race", 1, (realm, _, a) => Combine(realm, a.At(0), (all, _, value) => all.Promise.Resolve(value), (all, _, reason) => all.Promise.Reject(reason), _ => { }))
        .Getter(Symbol.Species, "[Symbol.species]", (_, self, _) => self);

    public static JsObject Constructor(Realm realm)
    {
        var type = new NativeFunction(realm, "Promise", 1, (_, _, _) => throw Errors.Type("Promise needs new."), (r, a, target) =>
        {
            var executor = a.Function(0);
            var promise = new JsPromise(Realm.PrototypeFrom(target, r.PromisePrototype));
            var (resolve, reject) = promise.Functions(r);
            try
            {
                executor.Call(JsValue.Undefined, [resolve, reject]);
            }
            catch (JsThrow thrown)
            {
                reject.Call(JsValue.Undefined, [thrown.Value]);
            }

            return promise;
        });
        type.WriteOwn("prototype", new(realm.PromisePrototype, Attributes.None));
        return type.WithTemplate(Statics);
    }

    private static JsPromise Self(JsValue value) => Arguments.This<JsPromise>(value, "promise");

    private static JsValue Finally(Realm realm, JsValue self, JsValue[] a)
    {
        if (!a.At(0).IsCallable)
            return Self(self).Then(realm, a.At(0), a.At(0));
        var action = a[0].AsObject;
        return Self(self).Then(realm,
            new NativeFunction(realm, "", 1, (r, _, b) =>
                JsPromise.From(r, action.Call(JsValue.Undefined, [])).Then(r, new NativeFunction(r, "", 0, (_, _, _) => b.At(0)), default)),
            new NativeFunction(realm, "", 1, (r, _, b) =>
                JsPromise.From(r, action.Call(JsValue.Undefined, [])).Then(r, new NativeFunction(r, "", 0, (_, _, _) => throw new JsThrow(b.At(0))), default)));
    }

    private static JsObject Settled(Realm realm, string status, string name, JsValue value)
    {
        var result = realm.NewObject();
        result.Put("status", status);
        result.Put(name, value);
        return result;
    }

    private static JsPromise Combine(Realm realm, JsValue items, Action<Gathering, int, JsValue> fulfilled, Action<Gathering, int, JsValue> rejected, Action<Gathering> complete)
    {
        var all = new Gathering(realm, complete);
        try
        {
            var sources = Iteration.ToArray(items);
            all.Expect(sources.Length);
            for (var i = 0; i < sources.Length; i++)
            {
                var index = i;
                JsPromise.From(realm, sources[i]).Then(value => fulfilled(all, index, value), reason => rejected(all, index, reason));
            }
        }
        catch (JsThrow thrown)
        {
            all.Promise.Reject(thrown.Value);
        }

        return all.Promise;
    }

    /// <summary>The answers that Promise.all and its sisters wait for.</summary>
    private sealed class Gathering(Realm realm, Action<Gathering> complete)
    {
        private JsValue[] _values = [];
        private int _missing;

        public JsPromise Promise { get; } = new(realm.PromisePrototype);

        public JsArray Array() => realm.NewArray(_values);

        public void Expect(int count)
        {
            _values = new JsValue[count];
            _missing = count;
            if (count == 0)
                complete(this);
        }

        public void Fulfil(int index, JsValue value)
        {
            _values[index] = value;
            if (--_missing == 0)
                complete(this);
        }
    }
}
