using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs;

/// <summary>What the activities of a session and of its machines may know: read-only, the same for every burst of a session (the job is pinned at its start).</summary>
/// <param name="Workflow">The machine workflow that the session began with.</param>
/// <param name="GateReason">Why no machine may be started, or null: the gate of <c>Quiesce.CheckGate</c>.</param>
/// <param name="MachineIndex">For a machine's instance: its place in the job; null in the session's own.</param>
public sealed record SessionHost(string SessionId, JobDocument Job, PinnedWorkflow? Workflow, string? GateReason, int? MachineIndex)
{
    /// <summary>The machine's settings.</summary>
    /// <exception cref="InvalidOperationException">The activity runs outside a machine's task.</exception>
    public MachineSettings Machine => MachineIndex is { } index
        ? MachineSettings.Of(Job, index)
        : throw new InvalidOperationException("this activity works on a machine: use it in a machine workflow, the one that a job names as its workflow");

    /// <summary>The guest of this task; the deployment id is the task's own, so that two sessions never share a runtime (R2.11).</summary>
    public Guest Guest
    {
        get
        {
            var machine = Machine.Machine;
            return new Guest(machine.Name, machine.Connect, machine.Identity, machine.Platform, InstanceId(SessionId, MachineIndex!.Value));
        }
    }

    /// <summary>The id of a machine's instance.</summary>
    public static string InstanceId(string sessionId, int machineIndex) => $"{sessionId}.m{machineIndex}";

    /// <summary>The machine's place, read from its instance id; null for a session's own id.</summary>
    public static int? IndexOf(string instanceId) =>
        instanceId.LastIndexOf(".m", StringComparison.Ordinal) is var dot and > 0 && int.TryParse(instanceId.AsSpan(dot + 2), out var index) ? index : null;
}

/// <summary>One version of a definition.</summary>
public sealed record PinnedWorkflow(string DefinitionId, int Version, string VersionId);
