using Quiesce.Engine.JavaScript.Nodes;
using Quiesce.Engine.JavaScript.Parsing;

namespace Quiesce.Engine.JavaScript;

/// <summary>A parsed script: immutable, safe to run on many threads and engines at once, worth caching by its source.</summary>
public sealed class Script
{
    private Script(string source, FunctionNode code)
    {
        Source = source;
        Code = code;
    }

    /// <summary>The text that was parsed.</summary>
    public string Source { get; }

    internal FunctionNode Code { get; }

    /// <summary>Reads an expression or statements; <c>return</c> and <c>await</c> are allowed at top level. Throws <see cref="ScriptException"/> with line and column when the text is not a script.</summary>
    public static Script Parse(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new(source, Parser.Parse(source));
    }
}
