using System.Runtime.InteropServices;

namespace Quiesce.Cli;

/// <summary>Ctrl-C and TERM. The first asks the command to end well, which for a session means to thaw and clean up; the second leaves at once.</summary>
/// <remarks>Leaving at once is safe for the guests: their own timers and the orphan rule undo what this process no longer can.</remarks>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _count;

    private StopSignals()
    {
    }

    public CancellationToken Stopping => _stopping.Token;

    public static StopSignals Register(Terminal terminal)
    {
        var signals = new StopSignals();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
            signals._registrations.Add(PosixSignalRegistration.Create(signal, context => signals.Take(context, terminal)));
        return signals;
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stopping.Dispose();
    }

    private void Take(PosixSignalContext context, Terminal terminal)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
        {
            // A live tree hides the cursor while it is drawn.
            if (terminal.IsLive)
                terminal.Out.Write("\u001b[?25h\n");
            terminal.Error.WriteLine("Left at the second signal. Guests thaw and clean up by themselves; the next start finishes what is open.");
            System.Environment.Exit(ExitCodes.Cancelled);
        }

        _stopping.Cancel();
    }
}
