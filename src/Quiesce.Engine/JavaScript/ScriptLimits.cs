namespace Quiesce.Engine.JavaScript;

/// <summary>What one evaluation may use. Breaking any of these ends the script with a <see cref="ScriptException"/> that the script itself cannot catch.</summary>
/// <param name="Timeout">Wall-clock time by the engine's <see cref="TimeProvider"/>; also the longest a single regular expression may match, at most five seconds.</param>
/// <param name="MaxStatements">Statements, loop rounds, calls and element visits of built-in functions, together.</param>
/// <param name="MaxMemoryBytes">Bytes allocated in all while the script runs; garbage counts, so this bounds the peak.</param>
/// <param name="MaxDepth">Nested function calls.</param>
public sealed record ScriptLimits(TimeSpan Timeout, long MaxStatements, long MaxMemoryBytes, int MaxDepth)
{
    /// <summary>30 s, a hundred million steps, 256 MiB, 1,000 nested calls.</summary>
    public static ScriptLimits Default { get; } = new(TimeSpan.FromSeconds(30), 100_000_000, 256L * 1024 * 1024, 1_000);
}
