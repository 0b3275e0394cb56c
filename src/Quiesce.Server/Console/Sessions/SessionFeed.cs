using Microsoft.Extensions.Logging;
using Quiesce.Jobs;
using Quiesce.Server.Bus;

namespace Quiesce.Server.Screens;

/// <summary>One session as it is read for everybody who watches it: its report once per change, one to four times a second, with the signs of life between commits laid over.</summary>
internal sealed class SessionFeed : IDisposable
{
    /// <summary>People do not read faster, and a session of a thousand machines changes hundreds of times a second.</summary>
    private const double QuickestMs = 250, SlowestMs = 1000;

    private readonly string _sessionId;
    private readonly Sessions _sessions;
    private readonly ProgressBoard _board;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ends = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _news = new(0, 1);
    private volatile SessionView? _latest;
    private Contracts.Rest.SessionReport? _report;

    public SessionFeed(string sessionId, Sessions sessions, ProgressBoard board, TimeProvider time, ILogger log)
    {
        (_sessionId, _sessions, _board, _time, _log) = (sessionId, sessions, board, time, log);
        _board.Changed += Sign;
        _ = ReadAsync();
        _ = TellAsync();
    }

    /// <summary>Raised on a thread of the pool after <see cref="Latest"/> changed.</summary>
    public event Action? Changed;

    public int Watchers { get; set; }

    /// <summary>The last view; null before the first.</summary>
    public SessionView? Latest => _latest;

    /// <summary>Done with the first view, or failed with the reason why there is none.</summary>
    public Task First => _first.Task;

    public void Dispose()
    {
        _board.Changed -= Sign;
        _ends.Cancel();
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var report in _sessions.WatchAsync(_sessionId, _ends.Token))
            {
                Volatile.Write(ref _report, report);
                Sign(_sessionId);
            }
        }
        catch (OperationCanceledException) when (_ends.IsCancellationRequested)
        {
            // Nobody watches any more.
        }
        catch (Exception e)
        {
            // Whoever waits for the first view is told; later the last view stays, and the next visit reads anew.
            if (!_first.TrySetException(e))
                _log.LogError(e, "The live view of session {Session} broke off; open its page again", _sessionId);
        }
    }

    private async Task TellAsync()
    {
        try
        {
            while (true)
            {
                await _news.WaitAsync(_ends.Token);
                if (Volatile.Read(ref _report) is not { } report)
                    continue;
                _latest = new SessionView(_board.Over(report));
                _first.TrySetResult();
                Changed?.Invoke();
                // What a look costs grows with the machines, what it is worth does not: a thousand of them are looked at twice a second.
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Clamp(report.Tasks.Count / 2.0, QuickestMs, SlowestMs)), _time, _ends.Token);
            }
        }
        catch (OperationCanceledException) when (_ends.IsCancellationRequested)
        {
            _first.TrySetCanceled();
        }
    }

    private void Sign(string session)
    {
        if (session != _sessionId)
            return;
        lock (_news)
            if (_news.CurrentCount == 0)
                _news.Release();
    }
}
