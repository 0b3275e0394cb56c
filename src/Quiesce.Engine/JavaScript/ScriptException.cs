namespace Quiesce.Engine.JavaScript;

/// <summary>A script could not be read, threw and did not catch, or used more than its <see cref="ScriptLimits"/>. The message is in plain words.</summary>
public class ScriptException : Exception
{
    /// <summary>Makes one without a place.</summary>
    public ScriptException() : this("The script failed.") { }

    /// <summary>Makes one without a place.</summary>
    public ScriptException(string message) : this(message, 0, 0) { }

    /// <summary>Makes one without a place.</summary>
    public ScriptException(string message, Exception? inner) : this(message, 0, 0, inner) { }

    /// <summary>Makes one that points into the source; <paramref name="inner"/> is the host function's own exception where there was one.</summary>
    public ScriptException(string message, int line, int column, Exception? inner = null) : base(message, inner)
    {
        Line = line;
        Column = column;
    }

    /// <summary>Line in the source, from 1; 0 when unknown.</summary>
    public int Line { get; }

    /// <summary>Column in that line, from 1; 0 when unknown.</summary>
    public int Column { get; }
}
