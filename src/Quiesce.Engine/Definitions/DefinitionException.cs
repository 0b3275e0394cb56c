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
        Complaints = [new(reason, activityId, line)];
    }

    /// <summary>Several complaints at once.</summary>
    /// <param name="complaints">At least one.</param>
    public DefinitionException(string source, IReadOnlyList<DefinitionComplaint> complaints)
        : base(string.Join('\n', complaints.Select(complaint => Compose(source, complaint.Reason, complaint.Line, complaint.ActivityId))))
    {
        Source = source;
        Line = complaints[0].Line;
        ActivityId = complaints[0].ActivityId;
        Complaints = complaints;
    }

    /// <summary>Everything that is wrong, each complaint by itself.</summary>
    public IReadOnlyList<DefinitionComplaint> Complaints { get; }

    /// <summary>The file, or whatever the caller said the text came from.</summary>
    public new string Source { get; }

    /// <summary>Line in the file, counted from 1, where the reader knows it.</summary>
    public int? Line { get; }

    /// <summary>The activity at fault, where there is one.</summary>
    public string? ActivityId { get; }

    private static string Compose(string source, string reason, int? line, string? activityId) =>
        (line, activityId) switch
        {
            ({ } n, { } id) => $"{source}, line {n}, activity '{id}': {reason}",
            ({ } n, null) => $"{source}, line {n}: {reason}",
            (_, { } id) => $"{source}, activity '{id}': {reason}",
            _ => $"{source}: {reason}",
        };
}

/// <summary>One thing that is wrong in a document.</summary>
/// <param name="Reason">What is wrong and what to do.</param>
/// <param name="ActivityId">The activity at fault, where there is one.</param>
/// <param name="Line">Line in the text, from 1, where it is known.</param>
public sealed record DefinitionComplaint(string Reason, string? ActivityId = null, int? Line = null);
