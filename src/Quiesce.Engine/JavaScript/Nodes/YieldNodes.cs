using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

internal sealed class AwaitNode : Node
{
    private readonly Node _value;

    public AwaitNode(Node value)
    {
        _value = value;
        Suspends = true;
    }

    public override JsValue Evaluate(Frame f) => throw Errors.Syntax("await cannot be used here.");

    protected override async Step<JsValue> Resumable(Frame f) => await Await(f, await _value.Step(f));

    public static async Step<JsValue> Await(Frame f, JsValue value) => await f.Coroutine!.Suspend(value, true);
}

internal sealed class YieldNode : Node
{
    private readonly Node? _value;

    public YieldNode(Node? value)
    {
        _value = value;
        Suspends = true;
    }

    public override JsValue Evaluate(Frame f) => throw Errors.Syntax("yield cannot be used here.");

    protected override async Step<JsValue> Resumable(Frame f) => await Yield(f, _value is null ? JsValue.Undefined : await _value.Step(f));

    public static async Step<JsValue> Yield(Frame f, JsValue value)
    {
        if (!f.Function!.Code.IsAsync)
            return await f.Coroutine!.Suspend(value, false);
        value = await AwaitNode.Await(f, value);
        try
        {
            return await f.Coroutine!.Suspend(value, false);
        }
        catch (ReturnSignal signal)
        {
            throw new ReturnSignal(await AwaitNode.Await(f, signal.Value));
        }
    }
}

internal sealed class YieldStar : Node
{
    private readonly Node _value;

    public YieldStar(Node value)
    {
        _value = value;
        Suspends = true;
    }

    public override JsValue Evaluate(Frame f) => throw Errors.Syntax("yield cannot be used here.");

    protected override async Step<JsValue> Resumable(Frame f)
    {
        var isAsync = f.Function!.Code.IsAsync;
        var iterator = Iteration.GetIterator(await _value.Step(f), isAsync);
        var next = iterator.Get("next");
        var (mode, sent) = (ResumeMode.Next, JsValue.Undefined);
        while (true)
        {
            JsValue answer;
            if (mode == ResumeMode.Next)
                answer = Iteration.CallNext(iterator, next, sent);
            else
            {
                var method = iterator.GetMethod(mode == ResumeMode.Throw ? "throw" : "return");
                if (method is null && mode == ResumeMode.Return)
                    throw new ReturnSignal(sent);
                if (method is null)
                {
                    iterator.GetMethod("return")?.Call(iterator, []);
                    throw Errors.Type("The iterator has no throw method.");
                }

                answer = method.Call(iterator, [sent]);
            }

            if (isAsync)
                answer = await AwaitNode.Await(f, answer);
            if (answer.Ref is not JsObject result)
                throw Errors.Type("The iterator's answer is not an object.");
            if (Runtime.Coerce.ToBool(result.Get("done")))
                return mode == ResumeMode.Return ? throw new ReturnSignal(result.Get("value")) : result.Get("value");
            try
            {
                sent = await f.Coroutine!.Suspend(result.Get("value"), false);
                mode = ResumeMode.Next;
            }
            catch (JsThrow thrown)
            {
                (mode, sent) = (ResumeMode.Throw, thrown.Value);
            }
            catch (ReturnSignal signal)
            {
                (mode, sent) = (ResumeMode.Return, signal.Value);
            }
        }
    }
}
