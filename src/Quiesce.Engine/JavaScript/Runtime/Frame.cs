namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>The run-time slots of a scope.</summary>
internal sealed class Scope(JsValue[] slots, Scope? parent)
{
    public readonly JsValue[] Slots = slots;
    public readonly Scope? Parent = parent;
}

internal enum Completion { Normal, Break, Continue, Return }

/// <summary>One call under way.</summary>
internal sealed class Frame
{
    public required Realm Realm;
    public required Scope Scope;

    /// <summary>The frame whose this, arguments, super and new.target count: itself, or for an arrow function the one around it.</summary>
    public Frame Home;
    public required string Source;
    public Frame? Caller;
    public ScriptFunction? Function;
    public JsValue This;
    public JsValue[] Arguments = [];
    public JsObject? NewTarget;
    public Coroutine? Coroutine;
    public int Position;

    /// <summary>The value on its way out with <see cref="Completion.Return"/>.</summary>
    public JsValue Result;

    /// <summary>The label on its way with break or continue; null without one.</summary>
    public string? Label;

    public Frame() => Home = this;

    public JsValue ReadThis() => Home.This.IsHole ? throw Errors.Reference("'this' is not there until super() has been called.") : Home.This;
}
