using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs;

/// <summary>What holds for one machine of a job: its own entry where it states something, else the job (R4.4).</summary>
public sealed record MachineSettings(MachineEntry Machine, string SourcePath, SnapshotSettings Snapshot, GuestProcessingSettings GuestProcessing)
{
    /// <summary>The settings of machine <paramref name="index"/> in the order of the job (R5.22).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The job has no such machine.</exception>
    public static MachineSettings Of(JobDocument job, int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, job.Machines.Count);
        var machine = job.Machines[index];
        return new MachineSettings(machine, (machine.Source ?? job.Source).Path, machine.Snapshot ?? job.Snapshot, machine.GuestProcessing ?? job.GuestProcessing);
    }

    /// <summary>The script pair for the guest's platform, or null where the job names none or forbids them.</summary>
    public ScriptPair? Scripts => GuestProcessing.Scripts switch
    {
        null or { Mode: ScriptMode.DisableExec } => null,
        { } scripts => Machine.Platform == "windows" ? scripts.Windows : scripts.Linux,
    };

    /// <summary>The script mode; without any setting a failed script stops the machine (R4.9).</summary>
    public ScriptMode ScriptMode => GuestProcessing.Scripts?.Mode ?? ScriptMode.RequireSuccess;

    /// <summary>The provider as it travels to the edge.</summary>
    public ProviderSettings Provider => new(Snapshot.Provider, Snapshot.Target, Snapshot.Create, Snapshot.Delete, Snapshot.Restore, Snapshot.TimeoutSeconds);
}
