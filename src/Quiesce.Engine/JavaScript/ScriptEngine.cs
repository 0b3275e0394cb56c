namespace Quiesce.Engine.JavaScript;

/// <summary>One fresh, sandboxed global environment. Cheap to make (one per evaluation); not safe for use by two threads at once.</summary>
public sealed class ScriptEngine
{
    /// <summary>Makes an empty environment; built-ins are created when first used.</summary>
    public ScriptEngine(ScriptLimits limits, TimeProvider time) => throw new NotImplementedException();

    /// <summary>Asked, once per name, when a script uses a global name that is not otherwise known.</summary>
    public Func<string, (bool Found, object? Value)>? ResolveGlobal { get; set; }

    /// <summary>Sets a global to a copy of a plain .NET value (see the README for the conversions).</summary>
    public void SetGlobal(string name, object? value) => throw new NotImplementedException();

    /// <summary>Sets a global function. What it throws is a catchable error in the script; uncaught, it is the inner exception.</summary>
    public void SetFunction(string name, Func<object?[], object?> function) => throw new NotImplementedException();

    /// <summary>The current value of a global or of a top-level declaration of the last script, as a plain .NET value; null when there is none.</summary>
    public object? GetGlobal(string name) => throw new NotImplementedException();

    /// <summary>Runs to the end, pending promises included, and returns the value of <c>return</c> or of the last expression statement as a plain .NET value.
    /// Throws <see cref="ScriptException"/> when the script throws or breaks a limit, <see cref="OperationCanceledException"/> when cancelled.</summary>
    public object? Run(Script script, CancellationToken cancellationToken) => throw new NotImplementedException();
}
