using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

/// <summary>An expression that evaluates itself. Immutable once the script is read, so any number of engines may run it at once.</summary>
internal abstract class Node
{
    public int Position { get; init; }

    /// <summary>Contains a yield or an await; then <see cref="Step(Frame)"/> must be used.</summary>
    public bool Suspends { get; protected init; }

    public abstract JsValue Evaluate(Frame f);

    /// <summary>Evaluates what may be suspended; what cannot be is evaluated at once.</summary>
    public Step<JsValue> Step(Frame f) => Suspends ? Resumable(f) : new(Evaluate(f));

    protected virtual Step<JsValue> Resumable(Frame f) => new(Evaluate(f));

    /// <summary>Evaluates what is to be called, and what this will be in the call.</summary>
    public virtual JsValue Callee(Frame f, out JsValue thisValue)
    {
        thisValue = JsValue.Undefined;
        return Evaluate(f);
    }

    public virtual async Step<(JsValue Function, JsValue This)> CalleeStep(Frame f) => (await Step(f), JsValue.Undefined);

    /// <summary>As the script wrote it, for messages such as "x.y is not a function".</summary>
    public virtual string Describe() => "the expression";

    public virtual void GiveName(string name) { }

    protected static bool Any(params ReadOnlySpan<Node?> nodes)
    {
        foreach (var node in nodes)
        {
            if (node is { Suspends: true })
                return true;
        }

        return false;
    }
}

/// <summary>Something that a value can be bound or assigned to: a name, a member or a pattern.</summary>
internal interface ITarget
{
    bool TargetSuspends { get; }

    /// <summary>With <paramref name="declare"/> the name comes to life, out of its dead zone.</summary>
    void Bind(Frame f, JsValue value, bool declare);

    Step<bool> BindStep(Frame f, JsValue value, bool declare);
}

internal abstract class Statement
{
    public int Position { get; init; }

    public bool Suspends { get; protected init; }

    public abstract Completion Execute(Frame f);

    public Step<Completion> Step(Frame f) => Suspends ? Resumable(f) : new(Execute(f));

    protected virtual Step<Completion> Resumable(Frame f) => new(Execute(f));

    protected static bool Any(IEnumerable<Statement> statements) => statements.Any(statement => statement.Suspends);
}
