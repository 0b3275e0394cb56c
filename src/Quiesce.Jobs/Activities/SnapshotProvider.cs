using System.Text.Json.Nodes;
using Quiesce.Contracts.Bus;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>The provider that a task's snapshot is taken with: the job's, or the one that the workflow chose. Whoever deletes the snapshot later has to ask the same one.</summary>
internal static class SnapshotProvider
{
    /// <summary>The choice that leaves it to the job.</summary>
    public const string Job = "Job";

    private const string Key = "Quiesce:Provider";

    /// <summary>What a designer offers.</summary>
    public static IReadOnlyList<string> Names { get; } = [Job, "directory", "btrfs", "command"];

    /// <summary>Takes the activity's choice and remembers it with the task.</summary>
    /// <exception cref="ActivityFaultException">It cannot be carried out.</exception>
    public static ProviderSettings Choose(ActivityContext context, MachineSettings machine, string freeze)
    {
        if (context.GetInput<string>("Provider") is not { Length: > 0 } name || name == Job || name == machine.Snapshot.Provider)
            return machine.Provider;
        if (!Names.Contains(name, StringComparer.Ordinal))
            throw new ActivityFaultException($"'{context.ActivityId}' is to use the provider '{name}'. Choose one of {string.Join(", ", Names)}.");
        if (name == "command" && machine.Snapshot.Create is null or [])
            throw new ActivityFaultException($"'{context.ActivityId}' is to use the provider 'command', and the job names no command for it. Add snapshot.create to the job, or choose another provider.");
        // A btrfs snapshot of a frozen btrfs hangs in the kernel until somebody thaws it.
        if (name == "btrfs" && freeze == "always")
            throw new ActivityFaultException($"'{context.ActivityId}' is to take a btrfs snapshot of a frozen file system, which would hang. Set Freeze to Auto.");
        context.InstanceProperties[Key] = name;
        return Of(context.InstanceProperties, machine);
    }

    /// <summary>The provider of a task, by the properties of its instance.</summary>
    public static ProviderSettings Of(IDictionary<string, JsonNode?> properties, MachineSettings machine) =>
        properties.TryGetValue(Key, out var name) && name is not null ? machine.Provider with { Name = (string)name! } : machine.Provider;
}
