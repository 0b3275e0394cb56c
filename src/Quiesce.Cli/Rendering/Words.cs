using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Rendering;

/// <summary>The words of results, as people read them.</summary>
internal static class Words
{
    public static string Of(Result result) => result switch
    {
        Result.Success => "success",
        Result.Warning => "finished with warnings",
        Result.Failed => "failed",
        _ => "no result",
    };

    public static string Of(Consistency consistency) => consistency switch
    {
        Consistency.Application => "application-consistent",
        Consistency.FileSystem => "file-system-consistent",
        Consistency.Crash => "crash-consistent",
        _ => "no restore point",
    };

    public static string Of(SessionReport report) => report switch
    {
        { EndedAt: null } => "running",
        { IsCanceled: true } => "cancelled",
        _ => Of(report.Result),
    };

    /// <summary>File, line and place, as far as they are known.</summary>
    public static string Of(Complaint complaint) =>
        $"{complaint.File}{(complaint.Line > 0 ? $":{complaint.Line}" : "")}{(complaint.Path.Length > 0 ? $" {complaint.Path}" : "")}: {(complaint.Level == "error" ? "" : complaint.Level + ": ")}{complaint.Message}";

    public static string Size(long? bytes) => bytes switch
    {
        null => "",
        < 1 << 10 => $"{bytes} B",
        < 1 << 20 => $"{bytes / 1024.0:0.0} KiB",
        < 1 << 30 => $"{bytes / 1048576.0:0.0} MiB",
        _ => $"{bytes / 1073741824.0:0.0} GiB",
    };

    /// <summary>A moment in the reader's own time zone.</summary>
    public static string At(DateTimeOffset? moment, TimeProvider time) => moment is { } at ? TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss") : "";
}
