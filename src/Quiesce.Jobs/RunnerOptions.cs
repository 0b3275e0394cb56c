using Quiesce.Engine.JavaScript;

namespace Quiesce.Jobs;

/// <summary>Settings of the runner.</summary>
public sealed record RunnerOptions
{
    /// <summary>Bursts at once.</summary>
    public int Workers { get; init; } = 16;
    /// <summary>How often the store is asked for what nobody woke us for: timers that came due, instances of a server that died.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);
    /// <summary>How long a burst that could not be stored, or that found its machine busy, waits before it is tried again.</summary>
    public TimeSpan Again { get; init; } = TimeSpan.FromSeconds(1);
    /// <summary>How long an operation that was in hand when its task ended may take to answer before its outcome counts as unknown.</summary>
    public TimeSpan UndoPatience { get; init; } = TimeSpan.FromMinutes(15);
    /// <summary>How many activities one burst may execute before it is taken for an endless loop and faulted.</summary>
    public int MaxActivities { get; init; } = 100_000;
    /// <summary>What one evaluation of a script may use up before its instance gets an incident.</summary>
    public ScriptLimits Scripts { get; init; } = ScriptLimits.Default with { Timeout = TimeSpan.FromSeconds(10) };
    /// <summary>Told where the server stands: before and after each commit of the runner, each send, each reply taken in. Crash tests end the process here.</summary>
    public Action<string>? Checkpoint { get; init; }
}
