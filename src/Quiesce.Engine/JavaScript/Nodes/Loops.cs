using Quiesce.Engine.JavaScript.Parsing;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

internal abstract class Loop(string[] labels) : Statement
{
    /// <summary>Counts the round and says whether the loop goes on; when not, <paramref name="completion"/> is how it ended.</summary>
    protected bool GoesOn(Frame f, ref Completion completion)
    {
        f.Realm.Budget.Step();
        switch (completion)
        {
            case Completion.Normal:
                return true;
            case Completion.Continue when f.Label is null || labels.Contains(f.Label):
                f.Label = null;
                completion = Completion.Normal;
                return true;
            case Completion.Break when f.Label is null || labels.Contains(f.Label):
                f.Label = null;
                completion = Completion.Normal;
                return false;
            default:
                return false;
        }
    }
}

internal sealed class WhileLoop : Loop
{
    private readonly Node _test;
    private readonly Statement _body;
    private readonly bool _testFirst;

    public WhileLoop(Node test, Statement body, bool testFirst, string[] labels) : base(labels)
    {
        _test = test;
        _body = body;
        _testFirst = testFirst;
        Suspends = test.Suspends || body.Suspends;
    }

    public override Completion Execute(Frame f)
    {
        if (_testFirst && !Coerce.ToBool(_test.Evaluate(f)))
            return Completion.Normal;
        while (true)
        {
            var completion = _body.Execute(f);
            if (!GoesOn(f, ref completion))
                return completion;
            if (!Coerce.ToBool(_test.Evaluate(f)))
                return Completion.Normal;
        }
    }

    protected override async Step<Completion> Resumable(Frame f)
    {
        if (_testFirst && !Coerce.ToBool(await _test.Step(f)))
            return Completion.Normal;
        while (true)
        {
            var completion = await _body.Step(f);
            if (!GoesOn(f, ref completion))
                return completion;
            if (!Coerce.ToBool(await _test.Step(f)))
                return Completion.Normal;
        }
    }
}

internal sealed class ForLoop : Loop
{
    private readonly ScopePlan _plan;
    private readonly Statement? _start;
    private readonly Node? _test;
    private readonly Node? _update;
    private readonly Statement _body;

    public ForLoop(ScopePlan plan, Statement? start, Node? test, Node? update, Statement body, string[] labels) : base(labels)
    {
        _plan = plan;
        _start = start;
        _test = test;
        _update = update;
        _body = body;
        Suspends = start is { Suspends: true } || test is { Suspends: true } || update is { Suspends: true } || body.Suspends;
    }

    public override Completion Execute(Frame f)
    {
        var outer = f.Scope;
        Block.Enter(_plan, f);
        _start?.Execute(f);
        Completion completion;
        while (true)
        {
            NewRound(f);
            completion = Completion.Normal;
            if (_test is not null && !Coerce.ToBool(_test.Evaluate(f)))
                break;
            completion = _body.Execute(f);
            if (!GoesOn(f, ref completion))
                break;
            NewRound(f);
            _update?.Evaluate(f);
        }

        f.Scope = outer;
        return completion;
    }

    protected override async Step<Completion> Resumable(Frame f)
    {
        var outer = f.Scope;
        Block.Enter(_plan, f);
        if (_start is not null)
            await _start.Step(f);
        Completion completion;
        while (true)
        {
            completion = Completion.Normal;
            if (_test is not null && !Coerce.ToBool(await _test.Step(f)))
                break;
            completion = await _body.Step(f);
            if (!GoesOn(f, ref completion))
                break;
            NewRound(f);
            if (_update is not null)
                await _update.Step(f);
        }

        f.Scope = outer;
        return completion;
    }

    /// <summary>Closures made in one round keep that round's variables.</summary>
    private void NewRound(Frame f)
    {
        if (_plan.Materialised)
            f.Scope = new Scope([.. f.Scope.Slots], f.Scope.Parent);
    }
}

/// <summary>for-in, for-of and for-await-of.</summary>
internal sealed class ForEachLoop : Loop
{
    private readonly ScopePlan _plan;
    private readonly ITarget _target;
    private readonly bool _declares;
    private readonly Node _source;
    private readonly Statement _body;
    private readonly bool _keys;
    private readonly bool _isAsync;

    public ForEachLoop(ScopePlan plan, ITarget target, bool declares, Node source, Statement body, bool keys, bool isAsync, string[] labels) : base(labels)
    {
        _plan = plan;
        _target = target;
        _declares = declares;
        _source = source;
        _body = body;
        _keys = keys;
        _isAsync = isAsync;
        Suspends = isAsync || source.Suspends || body.Suspends || target.TargetSuspends;
    }

    public override Completion Execute(Frame f)
    {
        f.Position = Position;
        var outer = f.Scope;
        var source = _source.Evaluate(f);
        using var iterator = _keys ? new KeyIterator(source) : Iteration.Of(source);
        while (iterator.Next(out var value))
        {
            Block.Enter(_plan, f);
            _target.Bind(f, value, _declares);
            var completion = _body.Execute(f);
            f.Scope = outer;
            if (!GoesOn(f, ref completion))
                return completion;
        }

        return Completion.Normal;
    }

    protected override async Step<Completion> Resumable(Frame f)
    {
        f.Position = Position;
        var source = await _source.Step(f);
        if (_isAsync)
            return await AsyncStep(f, source);
        var outer = f.Scope;
        using var iterator = _keys ? new KeyIterator(source) : Iteration.Of(source);
        while (iterator.Next(out var value))
        {
            Block.Enter(_plan, f);
            await _target.BindStep(f, value, _declares);
            var completion = await _body.Step(f);
            f.Scope = outer;
            if (!GoesOn(f, ref completion))
                return completion;
        }

        return Completion.Normal;
    }

    private async Step<Completion> AsyncStep(Frame f, JsValue source)
    {
        var outer = f.Scope;
        var iterator = Iteration.GetIterator(source, true);
        var next = iterator.Get("next");
        while (true)
        {
            var answer = await AwaitNode.Await(f, Iteration.CallNext(iterator, next, JsValue.Undefined));
            if (answer.Ref is not JsObject result)
                throw Errors.Type("The iterator's answer is not an object.");
            if (Coerce.ToBool(result.Get("done")))
                return Completion.Normal;
            Completion completion;
            Exception? thrown = null;
            try
            {
                Block.Enter(_plan, f);
                await _target.BindStep(f, result.Get("value"), _declares);
                completion = await _body.Step(f);
            }
            catch (Exception exception) when (exception is JsThrow or ReturnSignal)
            {
                thrown = exception;
                completion = Completion.Return;
            }

            f.Scope = outer;
            if (thrown is null && GoesOn(f, ref completion))
                continue;
            var kept = f.Result;
            try
            {
                if (iterator.GetMethod("return") is { } close)
                    await AwaitNode.Await(f, close.Call(iterator, []));
            }
            catch (JsThrow) when (thrown is not null)
            {
                // The body's own error is the one to report.
            }

            f.Result = kept;
            if (thrown is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
            return completion;
        }
    }
}
