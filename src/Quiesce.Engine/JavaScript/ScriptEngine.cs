using Quiesce.Engine.JavaScript.Builtins;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript;

/// <summary>One fresh, sandboxed global environment. Cheap to make (one per evaluation); not safe for use by two threads at once.</summary>
public sealed class ScriptEngine
{
    private readonly Realm _realm;

    /// <summary>Makes an empty environment; built-ins are created when first used.</summary>
    public ScriptEngine(ScriptLimits limits, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(time);
        _realm = new(limits, time);
    }

    /// <summary>Asked, once per name, when a script uses a global name that is not otherwise known. A found <c>Func&lt;object?[], object?&gt;</c> becomes a function.</summary>
    public Func<string, (bool Found, object? Value)>? ResolveGlobal
    {
        get => _realm.ResolveGlobal;
        set => _realm.ResolveGlobal = value;
    }

    /// <summary>Sets a global to a copy of a plain .NET value (see the README for the conversions), made when a script first reads it.</summary>
    public void SetGlobal(string name, object? value) => _realm.AddHostValue(name, value);

    /// <summary>Sets a global function. What it throws is a catchable error in the script; uncaught, it is the inner exception.</summary>
    public void SetFunction(string name, Func<object?[], object?> function) => _realm.AddHostValue(name, function);

    /// <summary>The current value of a global or of a top-level declaration of the last script, as a plain .NET value; null when there is none.</summary>
    public object? GetGlobal(string name)
    {
        using var stay = _realm.Use();
        _realm.Reset();
        _realm.Budget.Start(CancellationToken.None);
        return Guard(() => _realm.TryReadGlobal(name, out var value, false) ? HostValues.FromScript(value) : null);
    }

    /// <summary>Runs to the end, pending promises included, and returns the value of <c>return</c> or of the last expression statement as a plain .NET value.
    /// Throws <see cref="ScriptException"/> when the script throws or breaks a limit, <see cref="OperationCanceledException"/> when cancelled.</summary>
    public object? Run(Script script, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(script);
        cancellationToken.ThrowIfCancellationRequested();
        using var stay = _realm.Use();
        _realm.Reset();
        _realm.Budget.Start(cancellationToken);
        return Guard(() => HostValues.FromScript(Settled(Evaluate(script))));
    }

    private JsValue Evaluate(Script script)
    {
        var code = script.Code;
        var scope = new Scope(new JsValue[code.Plan.SlotCount], null);
        var frame = new Frame { Realm = _realm, Scope = scope, Source = script.Source, This = _realm.Global };
        if (code.Plan.Bindings.Count > 0)
            _realm.AddScript(code.Plan, scope);
        if (code.IsAsync)
            return AsyncFunctions.Start(frame, () => code.RunStep(frame));
        _realm.Enter(frame);
        try
        {
            return code.Run(frame);
        }
        finally
        {
            _realm.Leave(frame);
        }
    }

    private JsValue Settled(JsValue value)
    {
        _realm.RunJobs();
        if (value.Ref is not JsPromise promise)
            return value;
        return promise.State switch
        {
            PromiseState.Fulfilled => promise.Value,
            PromiseState.Rejected => throw new JsThrow(promise.Value, (promise.Value.Ref as JsError)?.HostException),
            _ => throw new ScriptException("The script waits for a promise that nothing will ever settle."),
        };
    }

    private object? Guard(Func<object?> action)
    {
        try
        {
            return action();
        }
        catch (JsThrow thrown)
        {
            throw Uncaught(thrown);
        }
        catch (InsufficientExecutionStackException)
        {
            throw _realm.Budget.DepthExceeded();
        }
        catch (OutOfMemoryException)
        {
            throw Budget.Exceeded("it asked for more memory than there is.");
        }
        // A mistake of the interpreter is the script's failure too: it must fault one activity, never the server that runs it.
        catch (Exception e) when (e is not (ScriptException or OperationCanceledException))
        {
            var (line, column) = _realm.Place();
            throw new ScriptException($"The interpreter failed at line {line}, column {column}: {e.Message}", line, column, e);
        }
    }

    private static ScriptException Uncaught(JsThrow thrown)
    {
        var error = thrown.Value.Ref as JsError;
        var (line, column) = error is { Place.Line: > 0 } ? error.Place : thrown.Place;
        string text;
        try
        {
            text = error is not null || !thrown.Value.IsObject ? ErrorBuiltins.Describe(thrown.Value) : "An object was thrown: " + JsonBuiltins.Brief(thrown.Value);
        }
        catch (JsThrow)
        {
            text = "An error was thrown that cannot be shown.";
        }

        var place = line > 0 ? $" (line {line}, column {column})" : "";
        return new(text + place, line, column, thrown.InnerException ?? error?.HostException);
    }
}
