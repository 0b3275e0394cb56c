namespace Quiesce.Engine.JavaScript.Runtime;

internal enum PromiseState { Pending, Fulfilled, Rejected }

internal sealed class JsPromise(JsObject prototype) : JsObject(prototype)
{
    private List<(Action<JsValue> Fulfilled, Action<JsValue> Rejected)>? _waiting;
    private bool _resolved;

    public override string ClassName => "Promise";

    public PromiseState State { get; private set; }

    public JsValue Value { get; private set; }

    public static JsPromise From(Realm realm, JsValue value)
    {
        if (value.Ref is JsPromise promise && ReferenceEquals(promise.GetPrototype(), realm.PromisePrototype))
            return promise;
        var made = new JsPromise(realm.PromisePrototype);
        made.Resolve(value);
        return made;
    }

    public void Resolve(JsValue value)
    {
        if (_resolved)
            return;
        _resolved = true;
        if (ReferenceEquals(value.Ref, this))
        {
            Settle(PromiseState.Rejected, Errors.Type("A promise cannot be resolved with itself.").Value);
            return;
        }

        if (value.Ref is not JsObject thenable)
        {
            Settle(PromiseState.Fulfilled, value);
            return;
        }

        JsValue then;
        try
        {
            then = thenable.Get("then");
        }
        catch (JsThrow thrown)
        {
            Settle(PromiseState.Rejected, thrown.Value);
            return;
        }

        if (!then.IsCallable)
        {
            Settle(PromiseState.Fulfilled, value);
            return;
        }

        Realm.Current.Enqueue(() => Follow(thenable, then.AsObject));
    }

    private void Follow(JsObject thenable, JsObject then)
    {
        var (resolve, reject) = Functions(Realm.Current);
        try
        {
            then.Call(thenable, [resolve, reject]);
        }
        catch (JsThrow thrown)
        {
            reject.Call(JsValue.Undefined, [thrown.Value]);
        }
    }

    /// <summary>A pair of resolving functions of which only the first call counts.</summary>
    public (JsObject Resolve, JsObject Reject) Functions(Realm realm)
    {
        _resolved = false;
        var used = false;
        NativeFunction Once(Action<JsValue> action) => new(realm, "", 1, (_, _, a) =>
        {
            if (!used)
            {
                used = true;
                action(a.Length > 0 ? a[0] : default);
            }

            return JsValue.Undefined;
        });
        return (Once(Resolve), Once(Reject));
    }

    public void Reject(JsValue reason)
    {
        if (_resolved)
            return;
        _resolved = true;
        Settle(PromiseState.Rejected, reason);
    }

    private void Settle(PromiseState state, JsValue value)
    {
        State = state;
        Value = value;
        var waiting = _waiting;
        _waiting = null;
        foreach (var (fulfilled, rejected) in waiting ?? [])
            Queue(state == PromiseState.Fulfilled ? fulfilled : rejected);
    }

    public void Then(Action<JsValue> fulfilled, Action<JsValue> rejected)
    {
        if (State == PromiseState.Pending)
            (_waiting ??= []).Add((fulfilled, rejected));
        else
            Queue(State == PromiseState.Fulfilled ? fulfilled : rejected);
    }

    private void Queue(Action<JsValue> action) => Realm.Current.Enqueue(() => action(Value));

    /// <summary>then(): what the handlers return or throw settles the new promise.</summary>
    public JsPromise Then(Realm realm, JsValue onFulfilled, JsValue onRejected)
    {
        var next = new JsPromise(realm.PromisePrototype);
        Then(
            value => Settle(next, onFulfilled, value, next.Resolve),
            reason => Settle(next, onRejected, reason, next.Reject));
        return next;
    }

    private static void Settle(JsPromise next, JsValue handler, JsValue value, Action<JsValue> otherwise)
    {
        if (!handler.IsCallable)
        {
            otherwise(value);
            return;
        }

        try
        {
            next.Resolve(handler.AsObject.Call(JsValue.Undefined, [value]));
        }
        catch (JsThrow thrown)
        {
            next.Reject(thrown.Value);
        }
    }
}
