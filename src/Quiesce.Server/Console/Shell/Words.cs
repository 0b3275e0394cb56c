using System.Globalization;

namespace Quiesce.Server.Screens;

/// <summary>Numbers and times as people read them.</summary>
public static class Words
{
    /// <summary>Such as <c>340 ms</c>, <c>4.2 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Duration(TimeSpan length) => length switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, length.TotalMilliseconds):0} ms"),
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds:0.0} s"),
        { TotalMinutes: < 1 } => $"{(int)length.TotalSeconds} s",
        { TotalHours: < 1 } => $"{(int)length.TotalMinutes} min {length.Seconds} s",
        { TotalDays: < 1 } => $"{(int)length.TotalHours} h {length.Minutes} min",
        _ => $"{(int)length.TotalDays} d {length.Hours} h",
    };

    /// <summary>The same of milliseconds.</summary>
    public static string Ms(double ms) => ms < 10 ? string.Create(CultureInfo.InvariantCulture, $"{ms:0.#} ms") : Duration(TimeSpan.FromMilliseconds(ms));

    /// <summary>Such as <c>12.4 MB</c>, by thousands.</summary>
    public static string Bytes(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        var unit = 0;
        for (; bytes >= 1000 && unit < units.Length - 1; unit++)
            bytes /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} {units[unit]}");
    }

    /// <summary>A moment in UTC, to the second.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The time of day in UTC, to the millisecond.</summary>
    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>One machine, two machines.</summary>
    public static string Count(int count, string one) => count == 1 ? $"1 {one}" : $"{count} {one}s";

    /// <summary>What a restore point is worth, in words.</summary>
    public static string Of(Contracts.Rest.Consistency consistency) => consistency switch
    {
        Contracts.Rest.Consistency.Application => "app-consistent",
        Contracts.Rest.Consistency.FileSystem => "file-system-consistent",
        Contracts.Rest.Consistency.Crash => "crash-consistent",
        _ => "no restore point",
    };
}
