using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Quiesce.Engine.JavaScript;

namespace Quiesce.Engine;

/// <summary>A script as the engine prepares it: parsed, with the words that decide which accessors it needs.</summary>
internal sealed partial class ScriptPlan
{
    private const int MaxCached = 2_000;
    private static readonly ConcurrentDictionary<string, ScriptPlan> Cache = new(StringComparer.Ordinal);

    private ScriptPlan(string source)
    {
        Script = Script.Parse(source);
        Words = [.. Word().Matches(source).Select(m => m.Value).Distinct(StringComparer.Ordinal)];
        Variables = [.. Variable().Matches(source).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal)];
        UsesVariables = Words.Contains("variables");
    }

    public Script Script { get; }

    /// <summary>Every identifier-like word in the source.</summary>
    public string[] Words { get; }

    /// <summary>Names that occur as <c>variables.Name</c>: only these are loaded and written back.</summary>
    public string[] Variables { get; }

    public bool UsesVariables { get; }

    /// <exception cref="ScriptException">The text is not a script.</exception>
    public static ScriptPlan For(string source)
    {
        if (Cache.TryGetValue(source, out var known))
            return known;
        // Sources come from definitions, so their number is bounded in practice; scripts that are made at run time must not pile up.
        if (Cache.Count >= MaxCached)
            Cache.Clear();
        return Cache.GetOrAdd(source, s => new(s));
    }

    [GeneratedRegex(@"[A-Za-z_$][A-Za-z0-9_$]*")]
    private static partial Regex Word();

    [GeneratedRegex(@"\bvariables\.([A-Za-z0-9]+)(?![A-Za-z0-9_$])")]
    private static partial Regex Variable();
}
