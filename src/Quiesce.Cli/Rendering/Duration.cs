namespace Quiesce.Cli.Rendering;

/// <summary>Times as people read them: 12.3 ms, 850 ms, 12.3 s, 3:04, 1:03:04.</summary>
internal static class Duration
{
    public static string Text(double milliseconds) => milliseconds switch
    {
        < 99.95 => $"{milliseconds:0.0} ms",
        < 999.5 => $"{milliseconds:0} ms",
        < 59_950 => $"{milliseconds / 1000:0.0} s",
        < 3_600_000 => TimeSpan.FromMilliseconds(milliseconds).ToString(@"m\:ss"),
        _ => $"{(int)(milliseconds / 3_600_000)}:{TimeSpan.FromMilliseconds(milliseconds):mm\\:ss}",
    };

    /// <summary>From a start to an end, or to now while there is no end; null before the start.</summary>
    public static string? Between(DateTimeOffset? start, DateTimeOffset? end, DateTimeOffset now) =>
        start is { } from ? Text(Math.Max(0, ((end ?? now) - from).TotalMilliseconds)) : null;
}
