namespace Quiesce.Tests;

/// <summary>Time that stands still until a test moves it. <see cref="Advance"/> lets time pass and fires what falls due on the way, in order; <see cref="Jump"/> sets
/// the wall clock alone, as an administrator or a bad time server does: timers, which follow the steady clock, do not notice.</summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _elapsed;
    private TimeSpan _offset;

    public ManualTime() : this(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers are set: lets a test wait until somebody has begun to wait.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
                return _timers.Count;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return start + _elapsed + _offset;
    }

    public override long GetTimestamp()
    {
        lock (_gate)
            return _elapsed.Ticks;
    }

    /// <summary>Lets time pass. Each timer sees the moment at which it was due; one set meanwhile fires too if it falls due.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan end;
        lock (_gate)
            end = _elapsed + by;
        while (NextDue(end) is { } due)
            due.Fire();
        lock (_gate)
            _elapsed = end;
    }

    /// <summary>Moves the wall clock alone, forwards or backwards.</summary>
    public void Jump(TimeSpan by)
    {
        lock (_gate)
            _offset += by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? NextDue(TimeSpan end)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
            if (next is null)
                return null;
            _elapsed = next.DueAt > _elapsed ? next.DueAt : _elapsed;
            if (next.Period > TimeSpan.Zero)
                next.DueAt += next.Period;
            else
                _timers.Remove(next);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool isDueNow;
            lock (time._gate)
            {
                time._timers.Remove(this);
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                DueAt = time._elapsed + dueTime;
                isDueNow = dueTime == TimeSpan.Zero;
                if (dueTime > TimeSpan.Zero)
                    time._timers.Add(this);
                else if (isDueNow && Period > TimeSpan.Zero)
                {
                    DueAt += Period;
                    time._timers.Add(this);
                }
            }

            if (isDueNow)
                ThreadPool.QueueUserWorkItem(_ => Fire());
            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
