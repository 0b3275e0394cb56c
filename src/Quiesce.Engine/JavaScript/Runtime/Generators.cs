namespace Quiesce.Engine.JavaScript.Runtime;

internal sealed class JsGenerator : JsObject
{
    private readonly Coroutine _coroutine;
    private bool _done;

    public JsGenerator(JsObject prototype, Frame frame, Func<Step<JsValue>> body) : base(prototype)
    {
        _coroutine = new(frame, body);
        frame.Coroutine = _coroutine;
    }

    public override string ClassName => "Generator";

    public JsValue Resume(Realm realm, ResumeMode mode, JsValue value)
    {
        if (_coroutine.IsRunning)
            throw Errors.Type("The generator is running already.");
        if (!_coroutine.HasStarted && mode != ResumeMode.Next)
            _done = true;
        if (_done)
        {
            return mode switch
            {
                ResumeMode.Throw => throw new JsThrow(value),
                ResumeMode.Return => Iteration.Result(realm, value, true),
                _ => Iteration.Result(realm, JsValue.Undefined, true),
            };
        }

        try
        {
            var result = _coroutine.Resume(mode, value);
            _done = _coroutine.IsDone;
            return Iteration.Result(realm, _done ? result : _coroutine.Handed, _done);
        }
        catch (ReturnSignal signal)
        {
            _done = true;
            return Iteration.Result(realm, signal.Value, true);
        }
        catch (JsThrow)
        {
            _done = true;
            throw;
        }
    }
}

internal static class AsyncFunctions
{
    /// <summary>Starts an async function; the promise is settled when its body ends.</summary>
    public static JsPromise Start(Frame frame, Func<Step<JsValue>> body)
    {
        var promise = new JsPromise(frame.Realm.PromisePrototype);
        frame.Coroutine = new(frame, body);
        Continue(frame, promise, ResumeMode.Next, JsValue.Undefined);
        return promise;
    }

    private static void Continue(Frame frame, JsPromise promise, ResumeMode mode, JsValue value)
    {
        var coroutine = frame.Coroutine!;
        try
        {
            var result = coroutine.Resume(mode, value);
            if (coroutine.IsDone)
            {
                promise.Resolve(result);
                return;
            }

            JsPromise.From(frame.Realm, coroutine.Handed).Then(
                settled => Continue(frame, promise, ResumeMode.Next, settled),
                reason => Continue(frame, promise, ResumeMode.Throw, reason));
        }
        catch (JsThrow thrown)
        {
            promise.Reject(thrown.Value);
        }
    }
}

/// <summary>An async generator: calls to it queue up and are answered in order.</summary>
internal sealed class JsAsyncGenerator : JsObject
{
    private readonly Frame _frame;
    private readonly Coroutine _coroutine;
    private readonly Queue<(ResumeMode Mode, JsValue Value, JsPromise Answer)> _queue = new();
    private bool _busy;
    private bool _done;

    public JsAsyncGenerator(JsObject prototype, Frame frame, Func<Step<JsValue>> body) : base(prototype)
    {
        _frame = frame;
        _coroutine = new(frame, body);
        frame.Coroutine = _coroutine;
    }

    public override string ClassName => "AsyncGenerator";

    public JsPromise Enqueue(Realm realm, ResumeMode mode, JsValue value)
    {
        var answer = new JsPromise(realm.PromisePrototype);
        _queue.Enqueue((mode, value, answer));
        if (!_busy)
            Serve();
        return answer;
    }

    private void Serve()
    {
        while (!_busy && _queue.TryPeek(out var request))
        {
            if (!_coroutine.HasStarted && request.Mode != ResumeMode.Next)
                _done = true;
            if (!_done)
            {
                _busy = true;
                Advance(request.Mode, request.Value);
            }
            else if (request.Mode == ResumeMode.Next)
                Answer(JsValue.Undefined, true);
            else if (request.Mode == ResumeMode.Throw)
                _queue.Dequeue().Answer.Reject(request.Value);
            else
            {
                _busy = true;
                JsPromise.From(_frame.Realm, request.Value).Then(
                    value => { _busy = false; Answer(value, true); Serve(); },
                    reason => { _busy = false; _queue.Dequeue().Answer.Reject(reason); Serve(); });
            }
        }
    }

    private void Advance(ResumeMode mode, JsValue value)
    {
        try
        {
            var result = _coroutine.Resume(mode, value);
            if (_coroutine.IsDone)
                Finish(result);
            else if (_coroutine.IsAwait)
            {
                JsPromise.From(_frame.Realm, _coroutine.Handed).Then(
                    settled => { Advance(ResumeMode.Next, settled); Serve(); },
                    reason => { Advance(ResumeMode.Throw, reason); Serve(); });
            }
            else
            {
                _busy = false;
                Answer(_coroutine.Handed, false);
            }
        }
        catch (ReturnSignal signal)
        {
            Finish(signal.Value);
        }
        catch (JsThrow thrown)
        {
            _busy = false;
            _done = true;
            _queue.Dequeue().Answer.Reject(thrown.Value);
        }
    }

    private void Finish(JsValue value)
    {
        _busy = false;
        _done = true;
        Answer(value, true);
    }

    private void Answer(JsValue value, bool done) => _queue.Dequeue().Answer.Resolve(Iteration.Result(_frame.Realm, value, done));
}

/// <summary>Lets for-await and yield* in an async generator walk a synchronous iterator.</summary>
internal sealed class AsyncFromSync : JsObject
{
    public AsyncFromSync(Realm realm, JsObject iterator) : base(realm.ObjectPrototype)
    {
        var next = iterator.Get("next");
        WriteOwn("next", new(new NativeFunction(realm, "next", 1, (r, _, a) => Wrap(r, () => Iteration.CallNext(iterator, next, a.Length > 0 ? a[0] : default))), Attributes.Hidden));
        WriteOwn("return", new(new NativeFunction(realm, "return", 1, (r, _, a) => Wrap(r, () =>
            iterator.GetMethod("return") is { } close ? close.Call(iterator, a) : Iteration.Result(r, a.Length > 0 ? a[0] : default, true))), Attributes.Hidden));
        WriteOwn("throw", new(new NativeFunction(realm, "throw", 1, (r, _, a) => Wrap(r, () =>
            iterator.GetMethod("throw") is { } fail ? fail.Call(iterator, a) : throw new JsThrow(a.Length > 0 ? a[0] : default))), Attributes.Hidden));
    }

    private static JsPromise Wrap(Realm realm, Func<JsValue> call)
    {
        var promise = new JsPromise(realm.PromisePrototype);
        try
        {
            if (call().Ref is not JsObject result)
                throw Errors.Type("The iterator's answer is not an object.");
            var done = Coerce.ToBool(result.Get("done"));
            JsPromise.From(realm, result.Get("value")).Then(value => promise.Resolve(Iteration.Result(realm, value, done)), promise.Reject);
        }
        catch (JsThrow thrown)
        {
            promise.Reject(thrown.Value);
        }

        return promise;
    }
}
