using System.Diagnostics;
using System.Globalization;
using Quiesce.Cli.Client;

namespace Quiesce.Cli.Hosting;

/// <summary>
/// For crash tests: counts the checkpoints of this process and kills it, as <c>kill -9</c> does, when it comes to the one that <c>QUIESCE_CRASH_AT</c> names (the first is 1).
/// <c>QUIESCE_CRASH_LOG</c> names a file that every checkpoint is appended to. Without these variables there is no drill.
/// </summary>
internal sealed class CrashDrill
{
    private readonly Lock _passing = new();
    private readonly string? _log;
    private readonly int _at;
    private int _passed;

    private CrashDrill(int at, string? log) => (_at, _log) = (at, log);

    /// <summary>What to call at each checkpoint, or null where no drill is asked for.</summary>
    /// <exception cref="CliException">QUIESCE_CRASH_AT is no number.</exception>
    public static Action<string>? Of(Terminal terminal)
    {
        var (at, log) = (terminal.Variable("QUIESCE_CRASH_AT"), terminal.Variable("QUIESCE_CRASH_LOG"));
        if (at is null && log is null)
            return null;
        var number = 0;
        if (at is not null && (!int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number == 0))
            throw CliException.Usage($"QUIESCE_CRASH_AT is '{at}'; it is for crash tests and names a checkpoint by its number, the first being 1. Unset it to serve.");
        return new CrashDrill(number, log).Pass;
    }

    private void Pass(string checkpoint)
    {
        // One at a time: nothing else passes a checkpoint while the process is dying at this one.
        lock (_passing)
        {
            _passed++;
            if (_log is not null)
                File.AppendAllText(_log, $"{checkpoint}\n");
            if (_passed != _at)
                return;
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
