namespace Quiesce.Engine;

/// <summary>A workflow document that cannot be loaded. The message names the file, the line or the activity, the reason, and what to do.</summary>
public sealed class DefinitionException : Exception
{
    /// <summary>A complaint; <paramref name="reason"/> says what is wrong and what to do.</summary>
    public DefinitionException(string source, string reason, int? line = null, string? activityId = null, Exception? inner = null)
        : base(Compose(source, reason, line, activityId), inner)
    {
        Source = source;
        Line = line;
        ActivityId = activityId;
    }

    /// <summary>The file, or whatever the caller said the text came from.</summary>
    public new string Source { get; }

    /// <summary>Line in the file, counted from 1, where the reader knows it.</summary>
    public int? Line { get; }

    /// <summary>The activity at fault, where there is one.</summary>
    public string? ActivityId { get; }

    private static string Compose(string source, string reason, int? line, string? activityId) =>
        (line, activityId) switch
        {
            ({ } n, _) => $"{source}, line {n}: {reason}",
            (_, { } id) => $"{source}, activity '{id}': {reason}",
            _ => $"{source}: {reason}",
        };
}
