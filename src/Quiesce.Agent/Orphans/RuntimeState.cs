using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Orphans;

/// <summary>What must be undone if the serving process dies now. Each change is on disk before the act it announces, so a crash in between undoes too much rather than too little.</summary>
internal sealed record RuntimeState
{
    public required string DeploymentId { get; init; }
    /// <summary>Id to <c>running</c> or <c>finished</c>.</summary>
    public Dictionary<string, string> Operations { get; init; } = [];
    /// <summary>Mount points in the order of freezing.</summary>
    public List<string> Frozen { get; init; } = [];
    public List<RunningScript> Scripts { get; init; } = [];
    /// <summary>Restore points being made: what is removed if they are not finished.</summary>
    public List<string> HalfMade { get; init; } = [];
    /// <summary>Somebody has attached, and will ask for the record.</summary>
    public bool Attached { get; init; }
    public bool PreStarted { get; init; }
    public bool PostStarted { get; init; }
    /// <summary>How the pre script ended, with its output cut short.</summary>
    public RunScriptReply? PreScript { get; init; }
    /// <summary>How a post script that was asked for ended, likewise: its reply may have been lost with whoever asked.</summary>
    public RunScriptReply? PostScript { get; init; }
}

/// <summary>A script that was started, or is just about to be (process id 0).</summary>
/// <param name="Path">The uploaded copy; its random name also finds the process whose id was not written down yet.</param>
/// <param name="StartTicks">The process's start time as the kernel counts it, so that a reused id is not mistaken for it.</param>
internal sealed record RunningScript(string OperationId, string Phase, string Path, int ProcessId, long StartTicks);
