using Quiesce.Contracts.Rest;

namespace Quiesce.Cli;

/// <summary>What the process tells the shell. Every command uses these and no others.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Warnings = 3;
    public const int Cancelled = 130;

    /// <summary>The table that every help page ends with.</summary>
    public const string Table =
        """
        Exit codes:
          0    success
          1    failed
          2    usage: an unknown command or option, or a file that is not there
          3    finished with warnings
          130  cancelled
        """;

    /// <summary>A session that was cancelled gives 130 whatever its machines reached before; one that has not ended counts as failed.</summary>
    public static int Of(SessionReport report) => report switch
    {
        { IsCanceled: true } => Cancelled,
        { EndedAt: null } => Failed,
        { Result: Result.Success } => Success,
        { Result: Result.Warning } => Warnings,
        _ => Failed,
    };
}
