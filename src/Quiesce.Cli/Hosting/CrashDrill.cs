using System.Diagnostics;
using System.Globalization;
using System.IO.Enumeration;

namespace Quiesce.Cli.Hosting;

/// <summary>
/// For crash tests: kills this process, as <c>kill -9</c> does, at the checkpoint that <c>QUIESCE_CRASH_AT</c> names, by its number (the first is 1) or by its name with <c>*</c> for any part.
/// <c>QUIESCE_CRASH_LOG</c> names a file that every checkpoint is appended to. Without these variables there is no drill.
/// </summary>
internal sealed class CrashDrill
{
    private readonly Lock _passing = new();
    private readonly string? _log;
    private readonly string? _name;
    private readonly int _number;
    private int _passed;

    private CrashDrill(string? at, string? log)
    {
        _name = int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out _number) ? null : at;
        _log = log;
    }

    /// <summary>What to call at each checkpoint, or null where no drill is asked for.</summary>
    public static Action<string>? Of(Terminal terminal)
    {
        var (at, log) = (terminal.Variable("QUIESCE_CRASH_AT"), terminal.Variable("QUIESCE_CRASH_LOG"));
        return at is null && log is null ? null : new CrashDrill(at, log).Pass;
    }

    private void Pass(string checkpoint)
    {
        // One at a time: nothing else passes a checkpoint while the process is dying at this one.
        lock (_passing)
        {
            _passed++;
            if (_log is not null)
                File.AppendAllText(_log, $"{checkpoint}\n");
            if (_passed != _number && (_name is null || !FileSystemName.MatchesSimpleExpression(_name, checkpoint)))
                return;
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
