using Microsoft.Extensions.Logging;
using Quiesce.Jobs;
using Quiesce.Server.Bus;

namespace Quiesce.Server.Screens;

/// <summary>The feeds of the sessions that somebody watches: however many watch one, its report is read once.</summary>
internal sealed class SessionFeeds(Sessions sessions, ProgressBoard board, TimeProvider time, ILogger<SessionFeeds> log) : IDisposable
{
    /// <summary>A page is rendered on the server first and comes alive right after: the feed of the first is there for the second.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, SessionFeed> _open = new(StringComparer.Ordinal);

    /// <summary>Watches a session until the answer is disposed.</summary>
    public SessionWatch Watch(string sessionId)
    {
        lock (_open)
        {
            if (!_open.TryGetValue(sessionId, out var feed) || feed.First.IsFaulted)
                _open[sessionId] = feed = new SessionFeed(sessionId, sessions, board, time, log);
            feed.Watchers++;
            return new SessionWatch(feed, () => Leave(sessionId, feed));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_open)
            foreach (var feed in _open.Values)
                feed.Dispose();
    }

    private void Leave(string sessionId, SessionFeed feed)
    {
        lock (_open)
            if (--feed.Watchers > 0)
                return;
        _ = CloseAsync();

        async Task CloseAsync()
        {
            await Task.Delay(Linger, time);
            lock (_open)
            {
                if (feed.Watchers > 0)
                    return;
                if (_open.TryGetValue(sessionId, out var current) && current == feed)
                    _open.Remove(sessionId);
            }

            feed.Dispose();
        }
    }
}

/// <summary>Somebody's look at a session's feed.</summary>
internal sealed class SessionWatch(SessionFeed feed, Action leave) : IDisposable
{
    private int _left;

    public SessionView? Latest => feed.Latest;

    /// <summary>Raised on a thread of the pool.</summary>
    public event Action? Changed
    {
        add => feed.Changed += value;
        remove => feed.Changed -= value;
    }

    /// <summary>The first view.</summary>
    /// <exception cref="RefusedException">There is no such session.</exception>
    public async Task<SessionView> FirstAsync()
    {
        await feed.First;
        return feed.Latest!;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
            leave();
    }
}
