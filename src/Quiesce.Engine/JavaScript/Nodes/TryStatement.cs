using Quiesce.Engine.JavaScript.Parsing;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

internal sealed class TryStatement : Statement
{
    private readonly Statement _body;
    private readonly ScopePlan? _catchPlan;
    private readonly ITarget? _parameter;
    private readonly Statement? _handler;
    private readonly Statement? _finally;

    public TryStatement(Statement body, ScopePlan? catchPlan, ITarget? parameter, Statement? handler, Statement? lastly)
    {
        _body = body;
        _catchPlan = catchPlan;
        _parameter = parameter;
        _handler = handler;
        _finally = lastly;
        Suspends = body.Suspends || handler is { Suspends: true } || lastly is { Suspends: true } || parameter is { TargetSuspends: true };
    }

    public override Completion Execute(Frame f)
    {
        if (_finally is null)
            return Guarded(f);
        var outer = f.Scope;
        Completion completion;
        try
        {
            completion = Guarded(f);
        }
        catch (Exception thrown) when (thrown is JsThrow or ReturnSignal)
        {
            f.Scope = outer;
            var ending = _finally.Execute(f);
            if (ending == Completion.Normal)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
            return ending;
        }

        var (result, label) = (f.Result, f.Label);
        var last = _finally.Execute(f);
        if (last != Completion.Normal)
            return last;
        (f.Result, f.Label) = (result, label);
        return completion;
    }

    private Completion Guarded(Frame f)
    {
        if (_handler is null)
            return _body.Execute(f);
        var outer = f.Scope;
        JsValue caught;
        try
        {
            return _body.Execute(f);
        }
        catch (JsThrow thrown)
        {
            caught = thrown.Value;
        }

        f.Realm.Budget.Step();
        f.Scope = outer;
        Block.Enter(_catchPlan!, f);
        _parameter?.Bind(f, caught, true);
        var completion = _handler.Execute(f);
        f.Scope = outer;
        return completion;
    }

    protected override async Step<Completion> Resumable(Frame f)
    {
        if (_finally is null)
            return await GuardedStep(f);
        var outer = f.Scope;
        var completion = Completion.Normal;
        Exception? thrown = null;
        try
        {
            completion = await GuardedStep(f);
        }
        catch (Exception exception) when (exception is JsThrow or ReturnSignal)
        {
            thrown = exception;
        }

        f.Scope = outer;
        var (result, label) = (f.Result, f.Label);
        var ending = await _finally.Step(f);
        if (ending != Completion.Normal)
            return ending;
        if (thrown is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
        (f.Result, f.Label) = (result, label);
        return completion;
    }

    private async Step<Completion> GuardedStep(Frame f)
    {
        if (_handler is null)
            return await _body.Step(f);
        var outer = f.Scope;
        JsValue caught;
        try
        {
            return await _body.Step(f);
        }
        catch (JsThrow thrown)
        {
            caught = thrown.Value;
        }

        f.Scope = outer;
        Block.Enter(_catchPlan!, f);
        if (_parameter is not null)
            await _parameter.BindStep(f, caught, true);
        var completion = await _handler.Step(f);
        f.Scope = outer;
        return completion;
    }
}
