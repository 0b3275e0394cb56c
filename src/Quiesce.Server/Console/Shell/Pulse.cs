using Quiesce.Jobs;

namespace Quiesce.Server.Screens;

/// <summary>Tells pages that lists may have changed, at most once a second however much happens: a session of a thousand machines commits hundreds of times a second.</summary>
public sealed class Pulse : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly SessionRunner _runner;
    private readonly ITimer _timer;
    private int _pending;

    public Pulse(SessionRunner runner, TimeProvider time)
    {
        _runner = runner;
        _timer = time.CreateTimer(_ => Beat(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _runner.Changed += Note;
    }

    /// <summary>Raised on a thread of the pool, a second after the first change that was not told yet.</summary>
    public event Action? Changed;

    /// <summary>Something that lists show was changed by a person: tell it as well.</summary>
    public void Note() => Note("");

    /// <inheritdoc/>
    public void Dispose()
    {
        _runner.Changed -= Note;
        _timer.Dispose();
    }

    private void Note(string session)
    {
        if (Interlocked.Exchange(ref _pending, 1) == 0)
            _timer.Change(Pace, Timeout.InfiniteTimeSpan);
    }

    private void Beat()
    {
        Volatile.Write(ref _pending, 0);
        Changed?.Invoke();
    }
}
