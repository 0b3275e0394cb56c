namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>Counts what one evaluation uses and ends it when that is too much.</summary>
internal sealed class Budget(ScriptLimits limits, TimeProvider time)
{
    private long _steps;
    private long _nextCheck;
    private long _started;
    private long _memoryAtStart;
    private CancellationToken _cancellation;

    public ScriptLimits Limits => limits;

    public TimeSpan RegexTimeout { get; } = limits.Timeout < TimeSpan.FromSeconds(5) ? limits.Timeout : TimeSpan.FromSeconds(5);

    public void Start(CancellationToken cancellation)
    {
        _steps = 0;
        _nextCheck = 64;
        _started = time.GetTimestamp();
        _memoryAtStart = GC.GetAllocatedBytesForCurrentThread();
        _cancellation = cancellation;
    }

    public void Step()
    {
        if (++_steps >= _nextCheck)
            Check();
    }

    /// <summary>Counts many steps at once, for built-in loops that run inside .NET.</summary>
    public void Steps(long count)
    {
        _steps += count;
        if (_steps >= _nextCheck)
            Check();
    }

    /// <summary>To be called before allocating much at once.</summary>
    public void Reserve(long bytes)
    {
        if (bytes < 4096)
            return;
        Check();
        if (GC.GetAllocatedBytesForCurrentThread() - _memoryAtStart + bytes > limits.MaxMemoryBytes)
            throw MemoryExceeded();
    }

    public static LimitException Exceeded(string what) => new($"The script was stopped: {what}", Realm.Current.Place());

    public LimitException DepthExceeded() => Exceeded($"functions call each other more than {limits.MaxDepth} deep.");

    private void Check()
    {
        _cancellation.ThrowIfCancellationRequested();
        if (_steps > limits.MaxStatements)
            throw Exceeded($"it took more than {limits.MaxStatements} steps.");
        if (time.GetElapsedTime(_started) > limits.Timeout)
            throw Exceeded($"it ran longer than {limits.Timeout.TotalSeconds} s.");
        if (GC.GetAllocatedBytesForCurrentThread() - _memoryAtStart > limits.MaxMemoryBytes)
            throw MemoryExceeded();
        _nextCheck = Math.Min(_steps + 64, limits.MaxStatements + 1);
    }

    private LimitException MemoryExceeded() => Exceeded($"it used more than {limits.MaxMemoryBytes / (1024 * 1024.0):0.#} MiB of memory.");
}
